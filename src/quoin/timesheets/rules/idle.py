"""A clock that runs on while nobody works: when to ask, and where it might be cut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from quoin.timesheets.rules.clocks import LONGEST, work_day

IDLE = timedelta(minutes=30)
"""So long without a sign of work, and the clock asks on return."""
LONG = timedelta(hours=10)
"""Longer than a working day with its breaks."""
_LEAST = timedelta(minutes=1)


class IdleReason(StrEnum):
    """Why the clock asks."""

    IDLE = "idle"
    OVERNIGHT = "overnight"
    LONG = "long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Keep the time, cut it, or discard it? `cut_at` is the last sign of work, None where there was none."""

    reason: IdleReason
    cut_at: datetime | None


def question(
    *, started_at: datetime, now: datetime, zone: str, kept_at: datetime | None = None, seen_at: datetime | None = None,
    is_back: bool = False,
) -> Question | None:  # fmt: skip
    """What a running clock asks. Time that was kept up to `kept_at` is not asked about again.

    `is_back` says that somebody just came back to the page, last seen at `seen_at`.
    """
    since = max(started_at, kept_at) if kept_at else started_at
    seen = seen_at if seen_at is not None and since + _LEAST <= seen_at <= now else None
    if seen is not None and seen - started_at > LONGEST:
        seen = None
    if work_day(since, zone) < work_day(now, zone):
        return Question(reason=IdleReason.OVERNIGHT, cut_at=seen)
    if now - since >= LONG:
        return Question(reason=IdleReason.LONG, cut_at=seen)
    if is_back and seen is not None and now - seen >= IDLE:
        return Question(reason=IdleReason.IDLE, cut_at=seen)
    return None
