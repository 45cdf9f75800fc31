"""The states of time and expenses, and which step leads where (I-37). The database holds the same table."""

from __future__ import annotations

from collections.abc import Iterable

from quoin.timesheets.types import Status

EDITABLE = frozenset({Status.OPEN, Status.RETURNED})
TRANSITIONS: frozenset[tuple[Status, Status]] = frozenset(
    {
        (Status.OPEN, Status.SUBMITTED),
        (Status.RETURNED, Status.SUBMITTED),
        (Status.RETURNED, Status.OPEN),
        (Status.SUBMITTED, Status.OPEN),
        (Status.SUBMITTED, Status.APPROVED),
        (Status.SUBMITTED, Status.RETURNED),
        (Status.APPROVED, Status.OPEN),
    }
)


def may_become(before: Status, after: Status) -> bool:
    """Whether the step is one of the table."""
    return (before, after) in TRANSITIONS


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
