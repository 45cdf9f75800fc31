"""Pure rules of field work."""
