"""A week as a whole: hand in, take back, copy the last one, take over what is suggested."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.base.events.live import publish
from quoin.kernel.errors import Problem
from quoin.kernel.ids import public_id, uuid7
from quoin.kernel.words import say
from quoin.timesheets.actions.cells import person_of
from quoin.timesheets.models import PinnedRow, TimeEntry
from quoin.timesheets.queries import facts, week
from quoin.timesheets.queries.words import check_words
from quoin.timesheets.rules.cells import CellEdit, total_minutes
from quoin.timesheets.rules.checks import blocks
from quoin.timesheets.rules.copying import CopyPlan, copy_plan
from quoin.timesheets.rules.locks import lock_of
from quoin.timesheets.services.cells import apply_edits, known_for, lock_weeks, write_difference
from quoin.timesheets.types import WEEK_DAYS, CopyDepth, Entry, Lock, RowKey, Status, Suggestion, Why, WrongState

SUBMIT = "timesheets.week.submit"
WITHDRAW = "timesheets.week.withdraw"
COPY_BOOKINGS = "timesheets.week.copy_bookings"
_WEEK = timedelta(days=WEEK_DAYS)


@dataclass(frozen=True, slots=True)
class Accepted:
    """Suggestions that were logged."""

    minutes: int
    suggestions: tuple[Suggestion, ...]
    action_id: UUID


class NotReady(WrongState):
    """The week breaks a rule that must hold before it is handed in; `problems` name the cells."""

    code = "week_not_ready"


@action(SUBMIT, label=_("Submit a week"))
def submit_week(actor: Actor, *, person_id: UUID | str, week_on: date | str) -> int:
    """Hand the open entries of the week in; returns how many. NotReady if a blocking check fails."""
    monday, person = _monday(week_on), _person(actor, SUBMIT, person_id, week_on)
    if monday in lock_weeks(actor, person.id, [monday]):
        raise WrongState("The week is handed in already.")
    sheet = week.logged_week_for(actor, person.id, monday, today=actor.today)
    if stopping := blocks(week.checks_for(actor, sheet)):
        problems = tuple(Problem(f"/{check.day}", check.finding.value, check_words(check)) for check in stopping)
        raise NotReady(
            say("%(count)s rules are not met: %(detail)s.", count=len(problems), detail=problems[0].detail),
            problems=problems,
        )
    count = _step(actor, person.id, monday, "submitted", frm=("open", "returned"), submitted_at="%(now)s")
    _mark_sheet(actor, person.id, monday, is_submitted=True)
    undo_with(WITHDRAW, person_id=str(person.id), week_on=monday.isoformat())
    touch(public_id("per", person.id))
    emit(actor, "timesheets.week.submitted", running_action_id(), person_id=person.id, week_on=monday, entries=count)
    publish(actor.tenant_id, "timesheets.week", public_id("per", person.id))
    return count


@action(WITHDRAW, label=_("Take a week back"))
def withdraw_week(actor: Actor, *, person_id: UUID | str, week_on: date | str) -> int:
    """Open a week again. What is approved in it stays; the rest is open, and more can be added."""
    monday, person = _monday(week_on), _person(actor, WITHDRAW, person_id, week_on)
    if monday not in lock_weeks(actor, person.id, [monday]):
        raise WrongState("The week is not handed in.")
    count = _step(actor, person.id, monday, "open", frm=("submitted",), submitted_at="NULL")
    _mark_sheet(actor, person.id, monday, is_submitted=False)
    undo_with(SUBMIT, person_id=str(person.id), week_on=monday.isoformat())
    touch(public_id("per", person.id))
    publish(actor.tenant_id, "timesheets.week", public_id("per", person.id))
    return count


@action("timesheets.week.copy", label=_("Copy last week"))
def copy_last_week(actor: Actor, *, person_id: UUID | str, week_on: date | str, depth: CopyDepth | str) -> CopyPlan:
    """Copy rows, hours or notes of the week before; merges, never overwrites."""
    monday = _monday(week_on)
    person = _person(actor, "timesheets.week.copy", person_id, week_on)
    if monday in lock_weeks(actor, person.id, [monday]):
        raise WrongState("The week is handed in. Withdraw it to add to it.")
    entries = facts.entries_between(actor, person.id, since=monday - _WEEK, until=monday + _WEEK)
    works = facts.works_of(actor, person.id, list({entry.row for entry in entries}))

    def lock(row: RowKey, day: date) -> Lock | None:
        return lock_of(
            work=works[row].work, work_on=day, employment=person.employment, closed=person.closed,
            policy=person.policy, today=actor.today,
        )  # fmt: skip

    before = [entry for entry in entries if entry.work_on < monday]
    now = [entry for entry in entries if entry.work_on >= monday]
    plan = copy_plan(before, now, depth=CopyDepth(depth), lock=lock)
    added = [Entry(uuid7(), new.row, new.work_on, new.minutes, new.note, new.is_billable) for new in plan.entries]
    write_difference(actor, person, added=added, source="copy")
    _pin(person.id, plan.rows)
    undo_with("timesheets.time.discard", entry_ids=[str(entry.id) for entry in added])
    return plan


@action("timesheets.time.discard", label=_("Discard time"))
def discard_entries(actor: Actor, *, entry_ids: list[UUID | str]) -> int:
    """Delete open entries of people within reach; all or none."""
    ids = [UUID(str(one)) for one in entry_ids]
    found = list(TimeEntry.objects.select_for_update().filter(id__in=ids).order_by("id"))
    if any(entry.status not in {Status.OPEN, Status.RETURNED} for entry in found):
        raise WrongState("Some of this time is handed in or approved and stays.")
    for person_id, day in {(entry.person_id, entry.work_on) for entry in found}:
        person_of(actor, "timesheets.time.discard", person_id, since=day, until=day + timedelta(days=1))
    TimeEntry.objects.filter(id__in=[entry.id for entry in found]).delete()
    return len(found)


@action("timesheets.week.accept", label=_("Log what is suggested"))
def accept_suggestions(
    actor: Actor, *, person_id: UUID | str, week_on: date | str, only: Iterable[tuple[str, date]] | None = None
) -> Accepted:
    """Log the suggestions of the week, or those of the given row and day; typed cells stay as they are."""
    chosen = None if only is None else frozenset(only)
    return _log_suggested(
        actor, "timesheets.week.accept", person_id, week_on,
        lambda one: chosen is None or (str(one.row), one.day) in chosen,
    )  # fmt: skip


@action(COPY_BOOKINGS, label=_("Copy bookings into a week"))
def copy_bookings(actor: Actor, *, person_id: UUID | str, week_on: date | str) -> Accepted:
    """Log what the person is firmly booked for in the week and has not logged; typed cells stay as they are."""
    return _log_suggested(actor, COPY_BOOKINGS, person_id, week_on, lambda one: one.why is Why.BOOKED)


def _log_suggested(  # noqa: PLR0917 - called with all of them in two places
    actor: Actor, right: str, person_id: UUID | str, week_on: date | str, is_wanted: Callable[[Suggestion], bool]
) -> Accepted:
    monday = _monday(week_on)
    person = _person(actor, right, person_id, week_on)
    lock_weeks(actor, person.id, [monday])
    sheet = week.logged_week_for(actor, person.id, monday, today=actor.today)
    wanted = [one for one in sheet.suggestions if is_wanted(one)]
    if not wanted:
        raise WrongState("There is nothing to log: nothing is booked or suggested that is not logged already.")
    there = {(row.key, cell.day): cell for row in sheet.rows for cell in row.cells}
    edits = [
        CellEdit(row=one.row, work_on=one.day, minutes=total_minutes(there[one.row, one.day].entries) + one.minutes)
        for one in wanted
    ]
    known = known_for(actor, right, person.id, edits)
    saved = apply_edits(actor, known, edits, may_book_anywhere=False)
    refused = {(outcome.edit.row, outcome.edit.work_on) for outcome in saved.outcomes if outcome.reason}
    logged = tuple(one for one in wanted if (one.row, one.day) not in refused)
    undo_with(
        "timesheets.time.record",
        person_id=str(person.id),
        edits=[
            {
                "project_id": str(one.row.project_id), "task_id": str(one.row.task_id) if one.row.task_id else None,
                "work_on": one.day.isoformat(), "minutes": total_minutes(there[one.row, one.day].entries),
            }
            for one in logged
        ],
    )  # fmt: skip
    return Accepted(sum(one.minutes for one in logged), logged, running_action_id())


def _monday(day: date | str) -> date:
    found = day if isinstance(day, date) else date.fromisoformat(day)
    return found - timedelta(days=found.weekday())


def _person(actor: Actor, permission: str, person_id: UUID | str, week_on: date | str) -> facts.PersonFacts:
    monday = _monday(week_on)
    return person_of(actor, permission, person_id, since=monday, until=monday + _WEEK)


def _step(actor: Actor, person_id: UUID, monday: date, to: str, *, frm: tuple[str, ...], submitted_at: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE timesheets_timeentry SET status = %(to)s, submitted_at = {submitted_at}"
            " WHERE tenant_id = %(tenant)s AND person_id = %(person)s AND work_on >= %(since)s"
            " AND work_on < %(until)s AND status = ANY(%(frm)s)",
            {
                "to": to, "now": actor.now, "tenant": actor.tenant_id, "person": person_id, "since": monday,
                "until": monday + _WEEK, "frm": list(frm),
            },
        )  # fmt: skip
        return int(cursor.rowcount)


def _mark_sheet(actor: Actor, person_id: UUID, monday: date, *, is_submitted: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE timesheets_timesheet SET submitted_at = %s"
            " WHERE tenant_id = %s AND person_id = %s AND week_on = %s",
            [actor.now if is_submitted else None, actor.tenant_id, person_id, monday],
        )


def _pin(person_id: UUID, rows: Iterable[RowKey]) -> None:
    # Copied rows without hours would vanish from the next look at the week.
    PinnedRow.objects.bulk_create(
        [PinnedRow(person_id=person_id, project_id=row.project_id, task_id=row.task_id) for row in rows],
        ignore_conflicts=True,
    )
