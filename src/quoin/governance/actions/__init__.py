"""Commands of project governance: the log of risks, change orders, status reports, lessons."""
