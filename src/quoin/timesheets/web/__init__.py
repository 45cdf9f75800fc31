"""Screens of time and expenses."""
