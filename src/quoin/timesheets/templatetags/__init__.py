"""Tags of the timesheet screens."""
