"""Time by the hundred thousand, for imports and the demo: copied in, checked as a set, written as a set.

PostgreSQL refuses COPY into a table with row security, so rows are copied into a temporary table and inserted
from there; on the way every check that a single entry passes is made for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from quoin.base.actor import Actor
from quoin.base.db.statistics import refresh_grown, refresh_statistics
from quoin.kernel.errors import Invalid, Problem
from quoin.kernel.ids import uuid7s
from quoin.kernel.words import say
from quoin.timesheets.types import Policy

_CHUNK = 100_000
_AT_ONCE = 1_000
"""Rows that get their ids together."""
_MOST_PROBLEMS = 100
Progress = Callable[[int], None]
_AS_USUAL = Policy()


class LoadRow(NamedTuple):
    """An entry to be loaded. `is_billable` None takes it from the project and task, `entered_at` None is now."""

    person_id: UUID
    project_id: UUID
    task_id: UUID | None
    work_on: date
    minutes: int
    note: str = ""
    is_billable: bool | None = None
    external_key: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    entered_at: datetime | None = None
    """When it was typed where it comes from; handed in at once if it comes handed in."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of the rows: written, or known already by their external key."""

    written: int
    known: int
    minutes: int


_COLUMNS = (
    "id, person_id, project_id, task_id, work_on, minutes, note, is_billable, external_key, started_at, ended_at,"
    " entered_at"
)
_TYPES = ("uuid", "uuid", "uuid", "uuid", "date", "int4", "text", "bool", "text", *("timestamptz",) * 3)
_STAGE = """
CREATE TEMPORARY TABLE IF NOT EXISTS timesheets_loading (
  n int GENERATED ALWAYS AS IDENTITY, id uuid, person_id uuid, project_id uuid, task_id uuid, work_on date, minutes int,
  note text, is_billable bool, external_key text, started_at timestamptz, ended_at timestamptz,
  entered_at timestamptz,
  task_key uuid GENERATED ALWAYS AS (coalesce(task_id, '00000000-0000-0000-0000-000000000000')) STORED
) ON COMMIT DROP"""
# A tenant that is being filled has no statistics, and with none a nested loop looks cheap: here it never is.
_PLAN = "SELECT set_config('enable_nestloop', %s, true), set_config('work_mem', %s, true)"

# One row per broken rule and input row. People, projects and tasks are asked once each, not once per row.
_CHECK = """
WITH people AS MATERIALIZED (
  SELECT d.person_id, p.id IS NOT NULL AS is_known, coalesce(p.hired_on, '-infinity') AS hired_on,
    coalesce(p.left_on, 'infinity') AS left_on, p.entity_id
  FROM (SELECT DISTINCT person_id FROM timesheets_loading) d
  LEFT JOIN people_person p ON p.tenant_id = %(tenant)s AND p.id = d.person_id
), works AS MATERIALIZED (
  SELECT d.project_id, d.task_key, j.id IS NOT NULL AS has_project, d.task_id IS NULL OR t.id IS NOT NULL AS has_task
  FROM (SELECT DISTINCT project_id, task_id, task_key FROM timesheets_loading) d
  LEFT JOIN projects_project j ON j.tenant_id = %(tenant)s AND j.id = d.project_id
  LEFT JOIN projects_task t ON t.tenant_id = %(tenant)s AND t.id = d.task_id AND t.project_id = d.project_id
), closed AS MATERIALIZED (
  SELECT entity_id, starts_on, ends_on FROM ledger_fiscalperiod
  WHERE tenant_id = %(tenant)s AND closed_at IS NOT NULL
), days AS MATERIALIZED (
  SELECT p.person_id, d.work_on,
    CASE WHEN d.work_on IS NULL THEN 'required'
      WHEN d.work_on < p.hired_on THEN 'before_hire' WHEN d.work_on >= p.left_on THEN 'after_leave'
      WHEN d.work_on > %(last_day)s THEN 'future'
      WHEN EXISTS (SELECT 1 FROM closed c WHERE c.entity_id = p.entity_id AND d.work_on >= c.starts_on
        AND d.work_on < c.ends_on) THEN 'period_closed'
      WHEN d.minutes > %(day_limit)s THEN 'day_full' END AS fault
  FROM (SELECT person_id, work_on, sum(minutes) AS minutes FROM timesheets_loading GROUP BY person_id, work_on) d
  JOIN people p ON p.person_id = d.person_id
)
SELECT l.n, f.field, f.code FROM timesheets_loading l
JOIN people p ON p.person_id = l.person_id AND NOT p.is_known
CROSS JOIN LATERAL (VALUES ('person', 'unknown')) f (field, code)
UNION ALL
SELECT l.n, CASE WHEN w.has_project THEN 'task' ELSE 'project' END, 'unknown' FROM works w
JOIN timesheets_loading l ON l.project_id = w.project_id AND l.task_key = w.task_key
WHERE NOT (w.has_project AND w.has_task)
UNION ALL
SELECT l.n, 'work_on', d.fault FROM days d
JOIN timesheets_loading l ON l.person_id = d.person_id AND l.work_on = d.work_on WHERE d.fault IS NOT NULL
UNION ALL
SELECT n, 'minutes', 'out_of_range' FROM timesheets_loading WHERE minutes IS NULL OR minutes NOT BETWEEN 1 AND 1440
UNION ALL
SELECT n, 'person', 'required' FROM timesheets_loading
WHERE person_id IS NULL OR project_id IS NULL OR work_on IS NULL
UNION ALL
SELECT n, 'ended_at', 'span' FROM timesheets_loading
WHERE (started_at IS NULL) <> (ended_at IS NULL) OR ended_at <= started_at
UNION ALL
SELECT n, 'external_key', 'repeated' FROM (
  SELECT n, row_number() OVER (PARTITION BY external_key ORDER BY n) AS place FROM timesheets_loading
  WHERE external_key <> '') k WHERE place > 1
ORDER BY 1 LIMIT %(most)s
"""

_INSERT = """
INSERT INTO timesheets_timeentry (tenant_id, id, person_id, project_id, task_id, work_on, minutes, note, is_billable,
  status, started_at, ended_at, zone, source, entered_by_id, entered_at, submitted_at, version, return_note, import_id,
  external_key)
SELECT %(tenant)s, l.id, l.person_id, l.project_id, l.task_id, l.work_on, l.minutes, l.note,
  coalesce(l.is_billable, w.is_billable),
  %(status)s, l.started_at, l.ended_at, p.zone, %(source)s, %(user)s, coalesce(l.entered_at, %(now)s),
  CASE WHEN %(status)s = 'submitted' THEN coalesce(l.entered_at, %(now)s) END, 1, '', %(import)s,
  l.external_key
FROM timesheets_loading l
JOIN people_person p ON p.tenant_id = %(tenant)s AND p.id = l.person_id
JOIN (
  SELECT d.project_id, d.task_key, c.id IS NOT NULL AND c.kind <> 'non_billable' AND NOT cl.is_internal
    AND coalesce(t.is_billable, true) AS is_billable
  FROM (SELECT DISTINCT project_id, task_key FROM timesheets_loading) d
  JOIN projects_project j ON j.tenant_id = %(tenant)s AND j.id = d.project_id
  JOIN clients_client cl ON cl.tenant_id = %(tenant)s AND cl.id = j.client_id
  LEFT JOIN sales_contract c ON c.tenant_id = %(tenant)s AND c.id = j.contract_id
  LEFT JOIN projects_task t ON t.tenant_id = %(tenant)s AND t.id = d.task_key
) w ON w.project_id = l.project_id AND w.task_key = l.task_key
ON CONFLICT (tenant_id, external_key) WHERE external_key <> '' DO NOTHING
"""


def load_entries(
    actor: Actor,
    rows: Iterable[LoadRow],
    *,
    status: str = "open",
    source: str = "import",
    import_id: UUID | None = None,
    progress: Progress | None = None,
    policy: Policy = _AS_USUAL,
) -> Loaded:
    """Write the rows, or none of them: Invalid names the first broken ones as `/rows/17/project`.

    Rows whose external key is known already are left out. Runs inside an action; `status` is open or submitted.
    """
    written = total = minutes = 0
    for chunk in _chunks(rows):
        count = _copy(chunk)
        _refuse_broken(actor, policy, offset=total)
        written += _insert(actor, status=status, source=source, import_id=import_id)
        minutes += _minutes()
        total += count
        if progress is not None:
            progress(total)
    if refresh_grown("timesheets_timeentry", written):
        refresh_statistics("projects_project", "projects_task", "people_person")
    return Loaded(written, total - written, minutes)


def _chunks(rows: Iterable[LoadRow]) -> Iterator[Iterator[LoadRow]]:
    pending = iter(rows)
    for first in pending:
        yield _with_first(first, pending)


def _with_first(first: LoadRow, pending: Iterator[LoadRow]) -> Iterator[LoadRow]:
    yield first
    yield from islice(pending, _CHUNK - 1)


def _copy(rows: Iterator[LoadRow]) -> int:
    count = 0
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS timesheets_loading")
        cursor.execute(_STAGE)
        with cursor.cursor.copy(f"COPY timesheets_loading ({_COLUMNS}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(_TYPES)
            write = copy.write_row
            # The client makes ids on one core while the server reads rows on the other.
            while some := list(islice(rows, _AT_ONCE)):
                for entry_id, row in zip(uuid7s(len(some)), some, strict=True):
                    write((entry_id, *row))
                count += len(some)
        cursor.execute("ANALYZE timesheets_loading")
        cursor.execute(_PLAN, ["off", "64MB"])
    return count


def _refuse_broken(actor: Actor, policy: Policy, *, offset: int) -> None:
    asked: dict[str, Any] = {
        "tenant": actor.tenant_id,
        "last_day": date.fromordinal(actor.today.toordinal() + policy.future_days),
        "day_limit": policy.day_limit_minutes,
        "most": _MOST_PROBLEMS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CHECK, asked)
        broken = cursor.fetchall()
    if broken:
        problems = tuple(
            Problem(f"/rows/{offset + number - 1}/{field}", code, _SENTENCES[code]) for number, field, code in broken
        )
        raise Invalid(
            say(
                "%(count)s rows cannot be loaded; nothing was. First: %(detail)s",
                count=len(problems),
                detail=problems[0].detail,
            ),
            problems=problems,
        )


_SENTENCES = {
    "unknown": say("There is no such person, project or task."),
    "required": say("Person, project and day are needed."),
    "before_hire": say("The day is before the person was hired."),
    "after_leave": say("The day is after the person left."),
    "future": say("The day is too far in the future."),
    "period_closed": say("The books of that month are closed."),
    "day_full": say("The day would hold more than 24 hours."),
    "out_of_range": say("Minutes are from 1 to 1440."),
    "span": say("A start needs an end after it."),
    "repeated": say("The external key stands twice in the input."),
}


def _insert(actor: Actor, *, status: str, source: str, import_id: UUID | None) -> int:
    values: dict[str, Any] = {
        "tenant": actor.tenant_id, "status": status, "source": source,
        "user": actor.user_id, "now": actor.now, "import": import_id,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        return int(cursor.rowcount)


def _minutes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(minutes), 0) FROM timesheets_loading")
        (minutes,) = cursor.fetchone()
        cursor.execute(_PLAN, ["on", "16MB"])
    return int(minutes)
