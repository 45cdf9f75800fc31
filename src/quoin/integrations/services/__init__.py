"""Writes of integrations for other parts: what happens goes into the log of deliveries."""
