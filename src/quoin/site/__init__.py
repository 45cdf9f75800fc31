"""Puts the apps together: settings, addresses, processes. Nothing imports it."""
