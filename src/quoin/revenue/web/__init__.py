"""Screens of recognised revenue."""
