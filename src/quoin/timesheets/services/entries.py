"""One entry at a time: what the day view, the timer, the API and the command line write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Sum

from quoin.base.actor import Actor, Scope
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.period import week_of
from quoin.timesheets.models import TimeEntry
from quoin.timesheets.queries import access, facts
from quoin.timesheets.queries.facts import PersonFacts
from quoin.timesheets.queries.words import refusal_words
from quoin.timesheets.rules.clocks import work_day, worked_minutes
from quoin.timesheets.rules.locks import lock_of, status_lock
from quoin.timesheets.services.cells import lock_weeks
from quoin.timesheets.types import DAY_MINUTES, Lock, Locked, Refusal, RowKey, Status, Work

_NO_ENTRY = "There is no such time entry, or you may not see it."
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTime:
    """Time to be logged: minutes of a day, or a span of clock times that gives both."""

    row: RowKey
    work_on: date | None = None
    minutes: int | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    note: str = ""
    is_billable: bool | None = None
    source: str = "grid"


def add_entry(actor: Actor, person: PersonFacts, new: NewTime) -> TimeEntry:
    """A new entry; Locked or Invalid with the reason if it cannot be."""
    minutes, work_on = _measured(new, person.zone)
    work = check_work(actor, person, new.row, work_on)
    check_day(actor, person, work_on, added_minutes=minutes)
    return TimeEntry.objects.create(
        person_id=person.id,
        project_id=new.row.project_id,
        task_id=new.row.task_id,
        work_on=work_on,
        minutes=minutes,
        note=new.note.strip(),
        is_billable=work.is_billable if new.is_billable is None else new.is_billable,
        started_at=new.started_at,
        ended_at=new.ended_at,
        zone=person.zone,
        source=new.source,
        entered_by_id=actor.user_id if actor.person_id != person.id else None,
        entered_at=actor.now,
    )


def check_work(actor: Actor, person: PersonFacts, row: RowKey, work_on: date) -> Work:
    """The work, if the person may book on it that day."""
    found = facts.works_of(actor, person.id, [row]).get(row)
    may_anywhere = actor.may("timesheets.time.record", Scope.TEAM)
    if found is None or not (found.is_theirs or may_anywhere or _has_booked(person, row)):
        raise invalid("/project", refusal_words(Refusal.UNKNOWN_PROJECT), code=Refusal.UNKNOWN_PROJECT.value)
    lock = lock_of(
        work=found.work, work_on=work_on, employment=person.employment, closed=person.closed,
        policy=person.policy, today=actor.today,
    )  # fmt: skip
    if lock is not None:
        raise Locked(refusal_words(lock), lock=lock)
    return found.work


def check_day(actor: Actor, person: PersonFacts, work_on: date, *, added_minutes: int) -> None:
    """Lock the week and refuse if it is handed in or the day is full."""
    if lock_weeks(actor, person.id, [week_of(work_on).start]):
        raise Locked(refusal_words(Lock.SUBMITTED), lock=Lock.SUBMITTED)
    logged = TimeEntry.objects.filter(person=person.id, work_on=work_on).aggregate(sum=Sum("minutes"))["sum"] or 0
    if logged + added_minutes > DAY_MINUTES:
        raise Locked(refusal_words(Refusal.DAY_FULL), lock=Refusal.DAY_FULL)


def entry_for(actor: Actor, permission: str, entry_id: UUID | str) -> tuple[TimeEntry, PersonFacts]:
    """An open entry to be changed, locked with its week; NotFound or Locked else."""
    found = TimeEntry.objects.filter(id=UUID(str(entry_id))).first()
    if found is None:
        raise NotFound(_NO_ENTRY)
    person = facts.person_facts(actor, found.person_id, since=found.work_on, until=found.work_on + _ONE_DAY)
    try:
        person = access.require_reach(actor, permission, person)
    except NotFound:
        # In the same words as above: whose time exists is nobody else's business.
        raise NotFound(_NO_ENTRY) from None
    lock_weeks(actor, person.id, [week_of(found.work_on).start])
    entry = TimeEntry.objects.select_for_update().filter(id=found.id).first()
    if entry is None:
        raise NotFound("The time entry was deleted meanwhile.")
    if lock := status_lock(Status(entry.status)):
        raise Locked(refusal_words(lock), lock=lock)
    return entry, person


def snapshot(entry: TimeEntry) -> dict[str, Any]:
    """The entry's fields as JSON values, for the undo that brings it back."""
    return {
        "person_id": str(entry.person_id),
        "project_id": str(entry.project_id),
        "task_id": str(entry.task_id) if entry.task_id else None,
        "work_on": entry.work_on.isoformat(),
        "minutes": entry.minutes,
        "note": entry.note,
        "is_billable": entry.is_billable,
        "started_at": entry.started_at.isoformat() if entry.started_at else None,
        "ended_at": entry.ended_at.isoformat() if entry.ended_at else None,
    }


def _has_booked(person: PersonFacts, row: RowKey) -> bool:
    return TimeEntry.objects.filter(project=row.project_id, person=person.id).exists()


def _measured(new: NewTime, zone: str) -> tuple[int, date]:
    if new.started_at is not None and new.ended_at is not None:
        try:
            return worked_minutes(new.started_at, new.ended_at), work_day(new.started_at, zone)
        except ValueError as fault:
            raise invalid("/ended_at", str(fault)) from fault
    if new.minutes is None or new.work_on is None:
        raise invalid("/minutes", "Give minutes and a day, or a start and an end.", code="required")
    if not 1 <= new.minutes <= DAY_MINUTES:
        raise invalid("/minutes", refusal_words(Refusal.TOO_LONG), code=Refusal.TOO_LONG.value)
    return new.minutes, new.work_on
