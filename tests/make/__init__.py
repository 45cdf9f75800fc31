"""Builders for tests: typed, keyword-only, valid by construction. Each test makes a tenant of its own."""

from tests.make.world import World, new_world

__all__ = ["World", "new_world"]
