"""Screens of the books."""
