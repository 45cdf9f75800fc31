"""What the states of time and expenses mean for who edits them. Which step leads where, the database holds."""

from __future__ import annotations

from collections.abc import Iterable

from quoin.timesheets.types import Status

EDITABLE = frozenset({Status.OPEN, Status.RETURNED})


def week_status(statuses: Iterable[Status]) -> Status:
    """Where a week stands: what still needs its owner comes first; an empty week is open."""
    found = set(statuses)
    for status in (Status.RETURNED, Status.OPEN, Status.SUBMITTED, Status.APPROVED):
        if status in found:
            return status
    return Status.OPEN


def may_withdraw(statuses: Iterable[Status]) -> bool:
    """A week can be taken back until its first approval."""
    found = set(statuses)
    return Status.SUBMITTED in found and Status.APPROVED not in found
