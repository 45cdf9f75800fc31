"""Scheduling and staffing as values: `values` says what is asked and answered, `answers.solve` answers.

Only `answers` reaches for the compiled search and CP-SAT, and only when it is called, so that a process which
merely builds or shows problems stays small.
"""
