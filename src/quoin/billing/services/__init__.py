"""Charging, posting and what falls due: called by events and by other apps' actions."""
