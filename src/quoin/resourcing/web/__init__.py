"""Screens of resourcing."""
