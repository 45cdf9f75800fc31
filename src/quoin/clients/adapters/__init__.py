"""Checks that libraries know better."""
