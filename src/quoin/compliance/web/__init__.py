"""Screens of compliance."""
