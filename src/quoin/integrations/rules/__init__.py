"""Signing, pacing and addresses of webhooks: pure."""
