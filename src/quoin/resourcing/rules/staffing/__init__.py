"""Staffing of all open requests together, as values: `values` asks, `answering.solve` answers, `judging` checks.

Only `model` reaches for CP-SAT; `answering` loads it when it is called, so that a process which shows answers stays
small.
"""
