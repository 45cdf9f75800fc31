"""Reads of time and expenses."""
