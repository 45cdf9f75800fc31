"""Screens of integrations."""
