"""Reads of integrations: endpoints, deliveries, the catalogue of events."""
