"""Deals and contracts: what was agreed with a client."""
