"""Screens of insights."""
