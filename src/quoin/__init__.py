"""Quoin: professional services automation, from client to cash to insight."""

__version__ = "0.1.0"
