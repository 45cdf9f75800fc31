"""Journals that balance, exchange rates, revaluation and periods, as values."""
