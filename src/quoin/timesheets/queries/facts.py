"""What the rules ask about: the person, the work that rows book on, closed books, the firm's policy.

Each function is one statement, because saving a timesheet is the hottest path of the product.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from quoin.base.actor import Actor
from quoin.base.db.prepared import rows_of
from quoin.kernel.period import Period
from quoin.people.types import Pattern
from quoin.projects.types import NoteRule
from quoin.timesheets.types import Employment, Entry, Policy, RowKey, Status, Work


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person as far as time asks about them."""

    id: UUID
    name: str
    zone: str
    team_id: UUID | None
    manager_id: UUID | None
    employment: Employment
    closed: tuple[Period, ...]
    patterns: tuple[Pattern, ...]
    policy: Policy


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """A row's work, and whether the person is on the project or firmly booked on it, or it is the firm's own."""

    work: Work
    is_theirs: bool


_PERSON = """
SELECT p.id, p.name, CASE WHEN p.zone <> '' THEN p.zone ELSE t.zone END, p.team_id, p.manager_id, p.hired_on, p.left_on,
  (SELECT array_agg(ARRAY[f.starts_on, f.ends_on] ORDER BY f.starts_on) FROM ledger_fiscalperiod f
   WHERE f.tenant_id = p.tenant_id AND f.entity_id = p.entity_id AND f.closed_at IS NOT NULL
     AND f.ends_on > %(since)s AND f.starts_on < %(until)s),
  (SELECT jsonb_agg(jsonb_build_array(w.valid_from, w.weekday_minutes)) FROM people_workpattern w
   WHERE w.tenant_id = p.tenant_id AND w.person_id = p.id),
  coalesce(t.settings -> 'timesheets', '{}'::jsonb)
    || jsonb_build_object('gate_rule', coalesce(t.settings #>> '{options,timesheets.gate_rule}', 'off'))
FROM people_person p JOIN accounts_tenant t ON t.id = p.tenant_id
WHERE p.tenant_id = %(tenant)s AND p.id = %(person)s
"""

_WORKS = """
SELECT a.project_id, a.task_id, t.id IS NOT NULL, p.status IN ('planned', 'active'), p.starts_on,
  coalesce(t.status <> 'closed' AND NOT t.is_milestone, true),
  c.id IS NOT NULL AND c.kind <> 'non_billable' AND NOT cl.is_internal AND coalesce(t.is_billable, true),
  CASE WHEN c.needs_note THEN 'needed' ELSE p.note_rule END,
  cl.is_internal OR p.manager_id = %(person)s OR EXISTS (
    SELECT 1 FROM projects_projectmember m
    WHERE m.tenant_id = p.tenant_id AND m.project_id = p.id AND m.person_id = %(person)s) OR EXISTS (
    SELECT 1 FROM resourcing_booking b
    WHERE b.tenant_id = p.tenant_id AND b.person_id = %(person)s AND b.project_id = p.id AND b.is_firm),
  t.id IS NOT NULL AND EXISTS (
    SELECT 1 FROM projects_gate g
    WHERE g.tenant_id = p.tenant_id AND g.project_id = p.id AND g.status = 'waiting' AND (
      g.task_id = t.id OR g.id IN (SELECT gate FROM projects_gates_above(t.tenant_id, t.parent_id))))
FROM unnest(%(projects)s::uuid[], %(tasks)s::uuid[]) AS a (project_id, task_id)
JOIN projects_project p ON p.tenant_id = %(tenant)s AND p.id = a.project_id
JOIN clients_client cl ON cl.tenant_id = p.tenant_id AND cl.id = p.client_id
LEFT JOIN sales_contract c ON c.tenant_id = p.tenant_id AND c.id = p.contract_id
LEFT JOIN projects_task t ON t.tenant_id = p.tenant_id AND t.id = a.task_id AND t.project_id = p.id
"""

_ENTRIES = """
SELECT id, project_id, task_id, work_on, minutes, note, is_billable, status, version, started_at, return_note,
  previous_minutes
FROM timesheets_timeentry
WHERE tenant_id = %s AND person_id = %s AND work_on >= %s AND work_on < %s
ORDER BY work_on, entered_at, id
"""


def person_facts(actor: Actor, person_id: UUID, *, since: date, until: date) -> PersonFacts | None:
    """The person and the closed books between the days; None if there is no such person."""
    rows = rows_of(_PERSON, {"tenant": actor.tenant_id, "person": person_id, "since": since, "until": until})
    if not rows:
        return None
    row = rows[0]
    closed = tuple(Period(start, end) for start, end in row[7] or ())
    return PersonFacts(
        id=row[0], name=row[1], zone=row[2], team_id=row[3], manager_id=row[4],
        employment=Employment(row[5], row[6]), closed=closed, patterns=_patterns(row[8]), policy=_policy(row[9]),
    )  # fmt: skip


def works_of(actor: Actor, person_id: UUID, rows: Collection[RowKey]) -> dict[RowKey, WorkFacts]:
    """The work behind the rows; rows whose project or task does not exist are left out."""
    if not rows:
        return {}
    projects, tasks = [row.project_id for row in rows], [row.task_id for row in rows]
    asked = {"tenant": actor.tenant_id, "person": person_id, "projects": projects, "tasks": tasks}
    return {
        (key := RowKey(row[0], row[1])): WorkFacts(
            Work(key, row[3], row[4], row[5], row[6], NoteRule(row[7]), is_held=row[9]), is_theirs=row[8]
        )
        for row in rows_of(_WORKS, asked)
        if row[1] is None or row[2]
    }


def entries_between(
    actor: Actor, person_id: UUID, *, since: date, until: date, for_update: bool = False
) -> list[Entry]:
    """The person's entries of the days, oldest first within a day."""
    sql = _ENTRIES + (" FOR UPDATE" if for_update else "")
    return entries_from(rows_of(sql, [actor.tenant_id, person_id, since, until]))


def entries_from(rows: Iterable[tuple[Any, ...]]) -> list[Entry]:
    """Entries of rows in the order of columns that all entry statements use."""
    return [
        Entry(row[0], RowKey(row[1], row[2]), row[3], row[4], row[5], row[6], Status(row[7]), *row[8:]) for row in rows
    ]


def _patterns(found: str | None) -> tuple[Pattern, ...]:
    # A raw cursor hands JSON over as text.
    return tuple(Pattern(date.fromisoformat(since), tuple(minutes)) for since, minutes in json.loads(found or "[]"))


def _policy(settings: str | None) -> Policy:
    known = {field.name for field in fields(Policy)}
    return Policy(**{name: value for name, value in json.loads(settings or "{}").items() if name in known})
