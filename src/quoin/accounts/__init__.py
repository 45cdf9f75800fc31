"""Tenants, legal entities, users, roles, tokens: who may enter and who may do what."""
