"""The way out to receivers of webhooks."""
