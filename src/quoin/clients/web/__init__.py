"""Screens of clients."""
