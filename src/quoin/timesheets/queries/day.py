"""One day: what is logged, with and without clock times, its gaps and its plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from quoin.base.actor import Actor
from quoin.kernel.period import week_of
from quoin.timesheets.models import TimeEntry
from quoin.timesheets.queries.week import RowNames, Week, names_of, week_for
from quoin.timesheets.types import RowKey, Suggestion

_GAP_MINUTES = 30
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Block:
    """An entry on the day's ruler: minutes since local midnight, or none when it has no clock times."""

    id: UUID
    row: RowKey
    names: RowNames
    minutes: int
    note: str
    is_billable: bool
    is_open: bool
    start: datetime | None
    end: datetime | None
    from_minute: int | None


@dataclass(frozen=True, slots=True)
class Gap:
    """An unlogged stretch between two blocks."""

    start: datetime
    end: datetime
    from_minute: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Day:
    """The day view."""

    on: date
    zone: str
    target_minutes: int
    blocks: tuple[Block, ...]
    gaps: tuple[Gap, ...]
    suggestions: tuple[tuple[Suggestion, RowNames], ...]
    week: Week

    @property
    def minutes(self) -> int:
        return sum(block.minutes for block in self.blocks)


def day_for(actor: Actor, person_id: UUID, on: date) -> Day:
    """The day of the person; NotFound without reach."""
    week = week_for(actor, person_id, week_of(on).start, today=actor.today)
    zone = ZoneInfo(week.person.zone)
    rows = list(TimeEntry.objects.filter(person=person_id, work_on=on).order_by("started_at", "entered_at", "id"))
    names = names_of(actor, {RowKey(row.project_id, row.task_id) for row in rows})
    blocks = tuple(_block(row, names, zone) for row in rows)
    labels = {row.key: row.names for row in week.rows}
    suggested = tuple((one, labels[one.row]) for one in week.suggestions if one.day == on)
    return Day(on, week.person.zone, week.targets[on], blocks, _gaps(blocks), suggested, week)


def _block(row: TimeEntry, names: dict[RowKey, RowNames], zone: ZoneInfo) -> Block:
    key = RowKey(row.project_id, row.task_id)
    start = row.started_at.astimezone(zone) if row.started_at else None
    end = row.ended_at.astimezone(zone) if row.ended_at else None
    return Block(
        row.id, key, names[key], row.minutes, row.note, row.is_billable, row.status in {"open", "returned"}, start, end,
        start.hour * 60 + start.minute if start else None,
    )  # fmt: skip


def _gaps(blocks: tuple[Block, ...]) -> tuple[Gap, ...]:
    clocked = [block for block in blocks if block.start is not None]
    found = []
    for before, after in pairwise(clocked):
        assert before.end is not None
        assert after.start is not None
        minutes = int((after.start - before.end) / timedelta(minutes=1))
        if minutes >= _GAP_MINUTES:
            found.append(Gap(before.end, after.start, before.end.hour * 60 + before.end.minute, minutes))
    return tuple(found)
