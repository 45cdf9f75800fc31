"""Screens of field work."""
