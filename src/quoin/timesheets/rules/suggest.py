"""Suggestions for the cells of a week: what is booked or planned and not logged yet, then what last week looked like.

A day's suggestions never exceed what is left of its target; each carries why it is made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from quoin.timesheets.types import WEEK_DAYS, Entry, RowKey, Suggestion, Why


@dataclass(frozen=True, slots=True)
class Plan:
    """Planned minutes per working day on a row, from a day on and until a last day."""

    row: RowKey
    minutes_per_day: int
    starts_on: date | None = None
    last_on: date | None = None
    why: Why = Why.PLANNED
    """Booked (firmly, for that day) or planned (so much on each day)."""

    def covers(self, day: date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (self.last_on is None or day <= self.last_on)


def suggestions(
    *,
    targets: Mapping[date, int],
    plans: Sequence[Plan],
    logged: Iterable[Entry],
    last_week: Iterable[Entry],
    bookable: frozenset[RowKey],
) -> tuple[Suggestion, ...]:
    """Suggestions of the days in `targets`, in the order of days, then plans, then last week's rows.

    `bookable` are the rows that take time; others are never suggested.
    """
    on_project: Counter[tuple[object, date]] = Counter()
    on_day: Counter[date] = Counter()
    for entry in logged:
        on_project[entry.row.project_id, entry.work_on] += entry.minutes
        on_day[entry.work_on] += entry.minutes
    before = _last_week(last_week)
    found: list[Suggestion] = []
    for day in sorted(targets):
        left = targets[day] - on_day[day]
        for wish in _wishes(day, plans, before.get(day - timedelta(days=WEEK_DAYS), {}), bookable):
            minutes = min(wish.minutes - on_project[wish.row.project_id, day], left)
            # What covers a wish is used up: a second wish of the project asks for the rest only.
            on_project[wish.row.project_id, day] = max(on_project[wish.row.project_id, day] - wish.minutes, 0)
            if minutes > 0:
                left -= minutes
                found.append(Suggestion(wish.row, day, minutes, wish.why, wish.planned_minutes, wish.until))
    return tuple(found)


def _wishes(
    day: date, plans: Sequence[Plan], before: Mapping[RowKey, int], bookable: frozenset[RowKey]
) -> list[Suggestion]:
    there = [plan for plan in plans if plan.minutes_per_day and plan.covers(day) and plan.row in bookable]
    # A booking is for this very day: it speaks before what is planned for every day of the project.
    booked = [_wish(plan, day) for plan in there if plan.why is Why.BOOKED]
    settled = {wish.row.project_id for wish in booked}
    planned = booked + [
        _wish(plan, day) for plan in there if plan.why is Why.PLANNED and plan.row.project_id not in settled
    ]
    # A project with a plan follows the plan; last week speaks only for the others.
    spoken = {wish.row.project_id for wish in planned}
    usual = [
        Suggestion(row, day, minutes, Why.LAST_WEEK)
        for row, minutes in before.items()
        if row.project_id not in spoken and row in bookable
    ]
    return planned + usual


def _wish(plan: Plan, day: date) -> Suggestion:
    until = plan.last_on if plan.why is Why.PLANNED else None
    return Suggestion(plan.row, day, plan.minutes_per_day, plan.why, plan.minutes_per_day, until)


def _last_week(entries: Iterable[Entry]) -> dict[date, dict[RowKey, int]]:
    found: dict[date, dict[RowKey, int]] = {}
    for entry in entries:
        rows = found.setdefault(entry.work_on, {})
        rows[entry.row] = rows.get(entry.row, 0) + entry.minutes
    return found
