"""What an hour costs on a day, and how long somebody works on it: the last row that has begun counts."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from quoin.people.types import FULL_WEEK, CostRow, Pattern


class CostBook:
    """Cost rates of many people, for thousands of look-ups."""

    def __init__(self, rows: Iterable[CostRow]) -> None:
        by_person: defaultdict[UUID, list[CostRow]] = defaultdict(list)
        for row in rows:
            by_person[row.person_id].append(row)
        self._rows = {person: sorted(found, key=lambda row: row.valid_from) for person, found in by_person.items()}
        self._starts = {person: [row.valid_from for row in found] for person, found in self._rows.items()}

    def on(self, person_id: UUID, day: date) -> CostRow | None:
        """The row that is valid for the person on the day, or None."""
        starts = self._starts.get(person_id)
        if starts is None:
            return None
        found = bisect_right(starts, day)
        return self._rows[person_id][found - 1] if found else None


def target_minutes(patterns: Sequence[Pattern], day: date) -> int:
    """Minutes to be worked on the day by the latest pattern that has begun; a full week without one."""
    begun = [pattern for pattern in patterns if pattern.valid_from <= day]
    week = max(begun, key=lambda pattern: pattern.valid_from).weekday_minutes if begun else FULL_WEEK
    return week[day.weekday()]
