"""Weeks that are handed in without their person: by an import or a bulk load that brings finished time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from django.db import connection

from quoin.base.actor import Actor

_NOW: Mapping[tuple[UUID, date], datetime] = MappingProxyType({})
# A week with open time in it is not finished: its person hands it in.
_MARK = """
INSERT INTO timesheets_timesheet AS s (tenant_id, id, person_id, week_on, submitted_at, is_certified)
SELECT %(tenant)s, gen_random_uuid(), w.person_id, w.week_on, w.at, false
FROM unnest(%(people)s::uuid[], %(weeks)s::date[], %(at)s::timestamptz[]) AS w (person_id, week_on, at)
WHERE NOT EXISTS (
  SELECT 1 FROM timesheets_timeentry e WHERE e.tenant_id = %(tenant)s AND e.person_id = w.person_id
    AND e.work_on >= w.week_on AND e.work_on < w.week_on + 7 AND e.status IN ('open', 'returned'))
ON CONFLICT (tenant_id, person_id, week_on) DO UPDATE SET submitted_at = excluded.submitted_at
WHERE s.submitted_at IS NULL
"""
_OPEN = """
UPDATE timesheets_timesheet s SET submitted_at = NULL
FROM unnest(%(people)s::uuid[], %(weeks)s::date[]) AS w (person_id, week_on)
WHERE s.tenant_id = %(tenant)s AND s.person_id = w.person_id AND s.week_on = w.week_on
  AND s.submitted_at IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM timesheets_timeentry e WHERE e.tenant_id = %(tenant)s AND e.person_id = w.person_id
    AND e.work_on >= w.week_on AND e.work_on < w.week_on + 7)
"""


def mark_handed_in(
    actor: Actor, weeks: Iterable[tuple[UUID, date]], *, at: Mapping[tuple[UUID, date], datetime] = _NOW
) -> int:
    """Mark the weeks (person, Monday) of finished time as handed in, as the grid shows them; returns how many.

    Those that stand in `at` were handed in then, the others now.
    """
    return _change(_MARK, actor, weeks, at=at)


def open_empty_weeks(actor: Actor, weeks: Iterable[tuple[UUID, date]]) -> int:
    """Open the weeks again from which all time was taken away; returns how many."""
    return _change(_OPEN, actor, weeks, at=_NOW)


def _change(
    statement: str, actor: Actor, weeks: Iterable[tuple[UUID, date]], *, at: Mapping[tuple[UUID, date], datetime]
) -> int:
    pairs = list(dict.fromkeys(weeks))
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "tenant": actor.tenant_id, "people": [pair[0] for pair in pairs],
                "weeks": [pair[1] for pair in pairs], "at": [at.get(pair, actor.now) for pair in pairs],
            },
        )  # fmt: skip
        return int(cursor.rowcount)
