"""Changing and removing time that an import wrote. The import says which; what was decided on stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from quoin.base.actor import Actor
from quoin.kernel.errors import Conflict
from quoin.kernel.words import say


class EntryChange(NamedTuple):
    """New values of an open entry."""

    id: UUID
    person_id: UUID
    project_id: UUID
    task_id: UUID | None
    work_on: date
    minutes: int
    note: str
    is_billable: bool
    started_at: datetime | None
    ended_at: datetime | None


_CHANGE = """
UPDATE timesheets_timeentry e SET person_id = u.person_id, project_id = u.project_id, task_id = u.task_id,
  work_on = u.work_on, minutes = u.minutes, note = u.note, is_billable = u.is_billable, started_at = u.started_at,
  ended_at = u.ended_at, version = e.version + 1
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::date[], %s::int[], %s::text[], %s::bool[],
  %s::timestamptz[], %s::timestamptz[])
  AS u (id, person_id, project_id, task_id, work_on, minutes, note, is_billable, started_at, ended_at)
WHERE e.tenant_id = %s AND e.id = u.id AND e.status IN ('open', 'returned')
"""


def change_entries(actor: Actor, changes: Iterable[EntryChange]) -> int:
    """Write the changes; Conflict if one of the entries is gone or no longer open."""
    rows = list(changes)
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_CHANGE, [*map(list, zip(*rows, strict=True)), actor.tenant_id])
        written = cursor.rowcount
    if written != len(rows):
        raise Conflict(
            say(
                "%(count)s of %(of)s entries are gone, handed in or approved meanwhile.",
                count=len(rows) - written,
                of=len(rows),
            )
        )
    return int(written)


def remove_entries(actor: Actor, entry_ids: Iterable[UUID]) -> int:
    """Delete entries that are not approved; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM timesheets_timeentry WHERE tenant_id = %s AND id = ANY(%s::uuid[])",
            [actor.tenant_id, list(entry_ids)],
        )
        return int(cursor.rowcount)
