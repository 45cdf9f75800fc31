"""Formats of the outside world."""
