"""Commands on single time entries."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.kernel.errors import invalid
from quoin.kernel.ids import uuid7
from quoin.kernel.words import say
from quoin.timesheets.actions.cells import person_of
from quoin.timesheets.models import TimeEntry
from quoin.timesheets.queries.words import refusal_words
from quoin.timesheets.rules.cells import split_minutes
from quoin.timesheets.rules.clocks import worked_minutes
from quoin.timesheets.services.entries import NewTime, add_entry, check_day, check_work, entry_for, snapshot
from quoin.timesheets.types import DAY_MINUTES, Refusal, RowKey, WrongState

ADD = "timesheets.entry.add"
EDIT = "timesheets.entry.edit"
DELETE = "timesheets.entry.delete"
MOVE = "timesheets.entry.move"
_MOST_PARTS = 24
_EDITABLE = frozenset({"minutes", "note", "is_billable", "started_at", "ended_at"})


@action(ADD, label=_("Log time"))
def log_entry(actor: Actor, /, *, person_id: UUID | str, project_id: UUID | str, **values: Any) -> TimeEntry:
    """Log an entry: `task_id`, then `work_on` and `minutes` or `started_at` and `ended_at`, `note`, `is_billable`."""
    known = {field.name for field in fields(NewTime)} - {"row"}
    if unknown := sorted(set(values) - known - {"task_id"}):
        raise invalid(f"/{unknown[0]}", say("A time entry has no field %(unknown)s.", unknown=repr(unknown[0])))
    task_id = values.pop("task_id", None)
    row = RowKey(UUID(str(project_id)), UUID(str(task_id)) if task_id else None)
    new = NewTime(row=row, **{name: _value(name, value) for name, value in values.items()})
    day = new.work_on or (new.started_at.date() if new.started_at else actor.today)
    # A day to each side: the person's own calendar day may differ from that of UTC.
    around = timedelta(days=1)
    person = person_of(actor, ADD, person_id, since=day - around, until=day + around)
    entry = add_entry(actor, person, new)
    touch(entry.public_id)
    undo_with(DELETE, entry_id=str(entry.id))
    return entry


@action(EDIT, label=_("Change a time entry"))
def edit_entry(actor: Actor, /, *, entry_id: UUID | str, **values: Any) -> TimeEntry:
    """Change minutes, note, billable or clock times of an open entry."""
    if unknown := sorted(set(values) - _EDITABLE):
        raise invalid(
            f"/{unknown[0]}", say("A time entry has no field %(unknown)s to change.", unknown=repr(unknown[0]))
        )
    entry, person = entry_for(actor, EDIT, entry_id)
    before = snapshot(entry)
    for name, value in values.items():
        setattr(entry, name, _value(name, value))
    _fit_span(entry, values)
    if not 1 <= entry.minutes <= DAY_MINUTES:
        raise invalid("/minutes", refusal_words(Refusal.TOO_LONG), code=Refusal.TOO_LONG.value)
    if entry.minutes > before["minutes"]:
        check_day(actor, person, entry.work_on, added_minutes=entry.minutes - before["minutes"])
    entry.version += 1
    entry.save()
    touch(entry.public_id)
    undo_with(EDIT, entry_id=str(entry.id), **{name: before[name] for name in sorted(_EDITABLE)})
    return entry


@action(MOVE, label=_("Move a time entry"))
def move_entry(
    actor: Actor,
    *,
    entry_id: UUID | str,
    project_id: UUID | str | None = None,
    task_id: UUID | str | None = None,
    work_on: date | str | None = None,
) -> TimeEntry:
    """Move an open entry to another project and task, or to another day."""
    entry, person = entry_for(actor, MOVE, entry_id)
    before = {key: value for key, value in snapshot(entry).items() if key in {"project_id", "task_id", "work_on"}}
    if project_id is not None:
        entry.project_id, entry.task_id = UUID(str(project_id)), UUID(str(task_id)) if task_id else None
    if work_on is not None:
        entry.work_on = _value("work_on", work_on)
        if entry.started_at is not None:
            raise WrongState("An entry with clock times is moved by changing its times.")
    check_work(actor, person, RowKey(entry.project_id, entry.task_id), entry.work_on)
    if before["work_on"] != entry.work_on.isoformat():
        check_day(actor, person, entry.work_on, added_minutes=entry.minutes)
    entry.version += 1
    entry.save()
    touch(entry.public_id)
    undo_with(MOVE, entry_id=str(entry.id), **before)
    return entry


@action("timesheets.entry.split", label=_("Split a time entry"))
def split_entry(actor: Actor, *, entry_id: UUID | str, parts: int = 2) -> list[TimeEntry]:
    """Split an open entry into near-equal parts whose sum is exactly what it was."""
    entry, _person = entry_for(actor, "timesheets.entry.split", entry_id)
    if not 1 < parts <= min(_MOST_PARTS, entry.minutes):
        raise invalid(
            "/parts",
            say(
                "An entry of %(minutes)s minutes is split into 2 to %(most_parts)s parts.",
                minutes=entry.minutes,
                most_parts=_MOST_PARTS,
            ),
        )
    shares = split_minutes(entry.minutes, parts)
    starts = entry.started_at
    made = []
    for number, minutes in enumerate(shares):
        part = entry if number == 0 else TimeEntry(**_copied(entry), id=uuid7(), entered_at=actor.now)
        part.minutes = minutes
        if starts is not None:
            part.started_at, part.ended_at = starts, starts + timedelta(minutes=minutes)
            starts = part.ended_at
        part.version = entry.version + 1 if number == 0 else 1
        part.save()
        made.append(part)
    touch(entry.public_id)
    return made


@action(DELETE, label=_("Delete a time entry"))
def delete_entry(actor: Actor, *, entry_id: UUID | str) -> None:
    """Delete an open entry."""
    entry, _person = entry_for(actor, DELETE, entry_id)
    undo_with(ADD, **{name: value for name, value in _as_new(entry).items() if value is not None})
    touch(entry.public_id)
    entry.delete()


def _as_new(entry: TimeEntry) -> dict[str, Any]:
    values = snapshot(entry)
    if entry.started_at is not None:
        values.pop("minutes")
        values.pop("work_on")
    return values


def _copied(entry: TimeEntry) -> dict[str, Any]:
    names = (
        "person_id", "project_id", "task_id", "work_on", "note", "is_billable", "status", "zone", "source",
        "entered_by_id",
    )  # fmt: skip
    return {name: getattr(entry, name) for name in names}


def _value(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name == "work_on":
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if name in {"started_at", "ended_at"} else value


def _fit_span(entry: TimeEntry, values: dict[str, Any]) -> None:
    """Clock times give the minutes; minutes alone move the end."""
    if entry.started_at is None:
        return
    if {"started_at", "ended_at"} & set(values):
        if entry.ended_at is None:
            raise invalid("/ended_at", "An entry with a start needs an end.", code="required")
        try:
            entry.minutes = worked_minutes(entry.started_at, entry.ended_at)
        except ValueError as fault:
            raise invalid("/ended_at", str(fault)) from fault
    elif "minutes" in values:
        entry.ended_at = entry.started_at + timedelta(minutes=entry.minutes)
