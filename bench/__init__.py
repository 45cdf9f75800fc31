"""Measures of the product on the common workload: `make bench` prints JSON for W1 to W6.

W1 bulk load, W2 monthly billing runs, W3 hours and revenue by project and month, W4 weekly timesheet over HTTP
with 16 users, W5 hours by person and month, W6 cold start and memory. Everything goes through the product's own
paths, with all checks, audit and rollups on, on a PostgreSQL with fsync on. Totals must equal the generator's.
"""
