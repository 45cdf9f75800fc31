"""Screens of rate cards."""
