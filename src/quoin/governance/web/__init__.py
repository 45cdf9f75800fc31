"""Screens of governance."""
