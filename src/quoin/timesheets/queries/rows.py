"""Rows that somebody may add to their timesheet: found by typing, or named by an address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import connection

from quoin.base.actor import Actor, Scope
from quoin.timesheets.queries.week import CellView, RowNames, RowView, Week, names_of
from quoin.timesheets.types import WEEK_DAYS, RowKey

_BOOKABLE = """
WITH mine AS (
  SELECT m.project_id FROM projects_projectmember m WHERE m.tenant_id = %(tenant)s AND m.person_id = %(person)s
  UNION
  SELECT e.project_id FROM timesheets_timeentry e
  WHERE e.tenant_id = %(tenant)s AND e.person_id = %(person)s AND e.work_on > %(since)s
)
SELECT p.id, t.id, cl.name, p.name, p.number, coalesce(t.name, ''), p.color,
  c.id IS NOT NULL AND c.kind <> 'non_billable' AND NOT cl.is_internal AND coalesce(t.is_billable, true)
FROM projects_project p
JOIN clients_client cl ON cl.tenant_id = p.tenant_id AND cl.id = p.client_id
LEFT JOIN sales_contract c ON c.tenant_id = p.tenant_id AND c.id = p.contract_id
LEFT JOIN projects_task t ON t.tenant_id = p.tenant_id AND t.project_id = p.id AND t.status <> 'closed'
  AND NOT t.is_milestone
WHERE p.tenant_id = %(tenant)s AND p.status IN ('planned', 'active')
  AND (%(all)s OR cl.is_internal OR p.manager_id = %(person)s OR p.id IN (SELECT project_id FROM mine))
  AND NOT EXISTS (
    SELECT 1 FROM unnest(%(words)s::text[]) AS w (word)
    WHERE concat_ws(' ', cl.name, p.name, p.number, t.name) NOT ILIKE '%%' || w.word || '%%')
ORDER BY p.id IN (SELECT project_id FROM mine) DESC, t.assignee_id IS NOT DISTINCT FROM %(person)s DESC,
  cl.name, p.name, t.position NULLS FIRST, p.id, t.id
LIMIT %(limit)s
"""
_RECENT = timedelta(days=120)


def bookable_rows(actor: Actor, person_id: UUID, *, text: str, limit: int) -> list[RowView]:
    """Rows whose client, project, number and task hold every typed word; one's own projects come first."""
    words = [word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for word in text.split()]
    with connection.cursor() as cursor:
        cursor.execute(
            _BOOKABLE,
            {
                "tenant": actor.tenant_id,
                "person": person_id,
                "since": actor.today - _RECENT,
                "all": actor.may("timesheets.time.record", Scope.TEAM),
                "words": words,
                "limit": limit,
            },
        )
        found = cursor.fetchall()
    return [RowView(RowKey(row[0], row[1]), RowNames(*row[2:7]), row[7], ()) for row in found]


def rows_named(actor: Actor, week: Week, keys: Iterable[str]) -> list[RowView]:
    """Empty rows for the keys (`project:task`) that the week does not show yet; unknown ones are left out."""
    shown = {str(row.key) for row in week.rows}
    wanted = [key for text in keys if text not in shown and (key := _key(text)) is not None]
    names = names_of(actor, dict.fromkeys(wanted)) if wanted else {}
    days = [week.week_on + timedelta(days=offset) for offset in range(WEEK_DAYS)]
    return [
        RowView(key, names[key], is_billable=True, cells=tuple(CellView(day) for day in days))
        for key in dict.fromkeys(wanted)
        if key in names
    ]


def _key(text: str) -> RowKey | None:
    project_id, _, task_id = text.partition(":")
    try:
        return RowKey(UUID(project_id), UUID(task_id) if task_id else None)
    except ValueError:
        return None
