"""When a delivery is tried again: the schedule that Standard Webhooks gives as its example, with jitter."""

from __future__ import annotations

from datetime import timedelta

WAITS = (
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
    timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24),
)  # fmt: skip
"""After the first try, which is at once."""
MOST_TRIES = len(WAITS) + 1
_LONGEST = timedelta(hours=24)
_JITTER = 0.1


def wait_after(tries: int, *, chance: float, asked_seconds: int = 0) -> timedelta | None:
    """How long to wait after so many tries, None after the last.

    `chance` between 0 and 1 spreads the receivers' load; a receiver that names a time is not asked sooner.
    """
    if tries >= MOST_TRIES:
        return None
    planned = WAITS[max(0, tries - 1)] * (1 + _JITTER * chance)
    return max(planned, min(timedelta(seconds=asked_seconds), _LONGEST))
