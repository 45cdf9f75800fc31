"""Writing the cells of timesheets: lock the weeks, read what the rules need, write the difference at once.

The hottest path of the product. It costs six statements however many cells are saved, and people never wait for
each other: what is locked is the person's own week.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from quoin.base.actor import Actor
from quoin.base.db.prepared import rows_of
from quoin.kernel.ids import uuid7
from quoin.timesheets.queries import access, facts
from quoin.timesheets.queries.facts import PersonFacts, WorkFacts
from quoin.timesheets.rules.cells import Cell, CellEdit, CellState, Outcome, Saved, edited, growing, total_minutes
from quoin.timesheets.rules.locks import lock_of
from quoin.timesheets.types import DAY_MINUTES, Entry, Lock, Refusal, RowKey

Place = tuple[RowKey, date]
_ONE_DAY = timedelta(days=1)


@dataclass(slots=True)
class _Sheet:
    """Cells while edits are made: as read, and as they will be written."""

    read: dict[Place, Cell]
    now: dict[Place, Cell]
    per_day: dict[date, int]

    def put(self, place: Place, cell: Cell) -> None:
        self.per_day[place[1]] += total_minutes(cell) - total_minutes(self.now.get(place, ()))
        self.now[place] = cell


@dataclass(frozen=True, slots=True)
class Known:
    """What edits are judged by, read while the person's weeks are locked."""

    person: PersonFacts
    closed_weeks: frozenset[date]
    works: dict[RowKey, WorkFacts]
    entries: list[Entry]
    applied: frozenset[UUID]


def known_for(actor: Actor, permission: str, person_id: UUID, edits: Sequence[CellEdit]) -> Known:
    """Locks the weeks and reads all that the edits need; NotFound beyond the permission's reach."""
    days = [edit.work_on for edit in edits]
    since, until = min(days), max(days) + _ONE_DAY
    person = facts.person_facts(actor, person_id, since=since, until=until)
    person = access.require_reach(actor, permission, person)
    closed_weeks = lock_weeks(actor, person.id, sorted({_week_of(day) for day in set(days)}))
    return Known(
        person,
        closed_weeks,
        facts.works_of(actor, person.id, list(dict.fromkeys(edit.row for edit in edits))),
        facts.entries_between(actor, person.id, since=since, until=until),
        _applied(actor, edits),
    )


def apply_edits(actor: Actor, known: Known, edits: Sequence[CellEdit], *, may_book_anywhere: bool) -> Saved:
    """Make the edits that can be made; those that cannot are answered with the reason."""
    sheet = _sheet(known.entries)
    outcomes = []
    for edit in edits:
        if edit.id is not None and edit.id in known.applied:
            outcomes.append(Outcome(edit, is_replayed=True))
            continue
        reason = _make(actor, known, sheet, edit, is_free=may_book_anywhere)
        outcomes.append(Outcome(edit, reason=reason))
    done = [outcome.edit.id for outcome in outcomes if outcome.reason is None and not outcome.is_replayed]
    _write(actor, known.person, sheet, [change for change in done if change is not None])
    places = list(dict.fromkeys((edit.row, edit.work_on) for edit in edits))
    return Saved(
        tuple(outcomes),
        tuple(CellState(*place, sheet.now.get(place, ())) for place in places),
        tuple(CellState(*place, sheet.read.get(place, ())) for place in places),
    )


_LOCK = """
SELECT week_on, submitted_at FROM timesheets_timesheet
WHERE tenant_id = %s AND person_id = %s AND week_on = ANY(%s) ORDER BY week_on FOR UPDATE"""
_OPEN = """
INSERT INTO timesheets_timesheet (tenant_id, id, person_id, week_on, is_certified)
SELECT %s, new.id, %s, new.week_on, false FROM unnest(%s::uuid[], %s::date[]) AS new (id, week_on)
ON CONFLICT (tenant_id, person_id, week_on) DO NOTHING"""


def lock_weeks(actor: Actor, person_id: UUID, weeks: Sequence[date]) -> frozenset[date]:
    """Lock the person's weeks until the end of the transaction; returns those that are handed in."""
    asked = [actor.tenant_id, person_id, list(weeks)]
    found: dict[date, datetime | None] = dict(rows_of(_LOCK, asked))
    if missing := [week for week in weeks if week not in found]:
        rows_of(_OPEN, [actor.tenant_id, person_id, [uuid7() for _ in missing], missing])
        found = dict(rows_of(_LOCK, asked))
    return frozenset(week for week, submitted_at in found.items() if submitted_at is not None)


def _applied(actor: Actor, edits: Iterable[CellEdit]) -> frozenset[UUID]:
    # Read after the lock: the transaction that applied it first has committed by now.
    asked = [edit.id for edit in edits if edit.id is not None]
    if not asked:
        return frozenset()
    found = rows_of(
        "SELECT id FROM timesheets_appliedchange WHERE tenant_id = %s AND id = ANY(%s)", [actor.tenant_id, asked]
    )
    return frozenset(row[0] for row in found)


def _week_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _sheet(entries: Iterable[Entry]) -> _Sheet:
    cells: defaultdict[Place, list[Entry]] = defaultdict(list)
    per_day: defaultdict[date, int] = defaultdict(int)
    for entry in entries:
        cells[entry.row, entry.work_on].append(entry)
        per_day[entry.work_on] += entry.minutes
    read = {place: tuple(cell) for place, cell in cells.items()}
    return _Sheet(read, dict(read), per_day)


def _make(actor: Actor, known: Known, sheet: _Sheet, edit: CellEdit, *, is_free: bool) -> Lock | Refusal | None:
    place = (edit.row, edit.work_on)
    cell = sheet.now.get(place, ())
    found, person = known.works.get(edit.row), known.person
    if found is None or not (found.is_theirs or is_free or cell or _has_booked(actor, person, edit.row)):
        return Refusal.UNKNOWN_PROJECT
    lock = lock_of(
        work=found.work, work_on=edit.work_on, employment=person.employment, closed=person.closed,
        policy=person.policy, today=actor.today,
    )  # fmt: skip
    if lock is not None:
        return lock
    plain = growing(cell)
    # An identifier costs something, and most cells have an entry that grows.
    is_billable = found.work.is_billable
    blank = plain[-1] if plain else Entry(uuid7(), edit.row, edit.work_on, minutes=1, is_billable=is_billable)
    is_open = _week_of(edit.work_on) not in known.closed_weeks
    changed = edited(cell, edit, blank=blank, is_sheet_open=is_open)
    if isinstance(changed, Lock | Refusal):
        return changed
    if sheet.per_day[edit.work_on] + total_minutes(changed) - total_minutes(cell) > DAY_MINUTES:
        return Refusal.DAY_FULL
    sheet.put(place, changed)
    return None


def _has_booked(actor: Actor, person: PersonFacts, row: RowKey) -> bool:
    """Whoever worked on a project may go on, also after an import that knew of no members."""
    ((is_known,),) = rows_of(
        "SELECT EXISTS (SELECT 1 FROM timesheets_timeentry"
        " WHERE tenant_id = %s AND project_id = %s AND person_id = %s)",
        [actor.tenant_id, row.project_id, person.id],
    )
    return bool(is_known)


def _write(actor: Actor, person: PersonFacts, sheet: _Sheet, done: Sequence[UUID]) -> None:
    old = {entry.id: entry for cell in sheet.read.values() for entry in cell}
    new = {entry.id: entry for cell in sheet.now.values() for entry in cell}
    write_difference(
        actor,
        person,
        added=[entry for key, entry in new.items() if key not in old],
        changed=[entry for key, entry in new.items() if key in old and old[key] != entry],
        removed=[key for key in old if key not in new],
        applied=done,
    )


_ADD = """
INSERT INTO timesheets_timeentry (tenant_id, id, person_id, project_id, task_id, work_on, minutes, note, is_billable,
  status, zone, source, entered_by_id, entered_at, version, return_note, external_key)
SELECT %s, n.id, %s, n.project_id, n.task_id, n.work_on, n.minutes, n.note, n.is_billable, 'open', %s, %s, %s, %s, 1,
  '', ''
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::date[], %s::int[], %s::text[], %s::bool[])
  AS n (id, project_id, task_id, work_on, minutes, note, is_billable)"""

# The span of a clocked entry follows its minutes, so that the two never contradict each other.
_CHANGE = """
UPDATE timesheets_timeentry e SET minutes = n.minutes, note = n.note, is_billable = n.is_billable,
  ended_at = CASE WHEN e.minutes <> n.minutes THEN e.started_at + n.minutes * interval '1 minute' ELSE e.ended_at END,
  version = e.version + 1
FROM unnest(%s::uuid[], %s::int[], %s::text[], %s::bool[]) AS n (id, minutes, note, is_billable)
WHERE e.tenant_id = %s AND e.id = n.id"""

_REMOVE = "DELETE FROM timesheets_timeentry WHERE tenant_id = %s AND id = ANY(%s::uuid[])"
_REMEMBER = """
INSERT INTO timesheets_appliedchange (tenant_id, id, applied_at) SELECT %s, unnest(%s::uuid[]), %s
ON CONFLICT DO NOTHING"""


def write_difference(
    actor: Actor,
    person: PersonFacts,
    *,
    added: Sequence[Entry] = (),
    changed: Sequence[Entry] = (),
    removed: Sequence[UUID] = (),
    applied: Sequence[UUID] = (),
    source: str = "grid",
) -> None:
    """Write new, changed and removed entries and the ids of the applied edits, in one statement."""
    entered_by = actor.user_id if actor.person_id != person.id else None
    parts: list[tuple[str, list[Any]]] = []
    if added:
        columns = [
            [entry.id for entry in added], [entry.row.project_id for entry in added],
            [entry.row.task_id for entry in added], [entry.work_on for entry in added],
            [entry.minutes for entry in added], [entry.note for entry in added],
            [entry.is_billable for entry in added],
        ]  # fmt: skip
        parts.append((_ADD, [actor.tenant_id, person.id, person.zone, source, entered_by, actor.now, *columns]))
    if changed:
        columns = [
            [entry.id for entry in changed], [entry.minutes for entry in changed],
            [entry.note for entry in changed], [entry.is_billable for entry in changed],
        ]  # fmt: skip
        parts.append((_CHANGE, [*columns, actor.tenant_id]))
    if removed:
        parts.append((_REMOVE, [actor.tenant_id, list(removed)]))
    if applied:
        parts.append((_REMEMBER, [actor.tenant_id, list(applied), actor.now]))
    if not parts:
        return
    named = ", ".join(f"part_{number} AS ({sql})" for number, (sql, _) in enumerate(parts))
    rows_of(f"WITH {named} SELECT 1", [value for _, values in parts for value in values])
