"""The only place that reads the clock. Everything below an edge takes the time from the actor."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
