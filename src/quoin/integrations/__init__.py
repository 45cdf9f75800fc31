"""Telling other systems what happened: webhooks by Standard Webhooks 1.0."""
