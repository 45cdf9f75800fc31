"""The people who do the work: teams, roles, working hours and cost rates."""
