"""The clock that runs: one per person, whichever device started it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events.live import publish
from quoin.kernel.errors import invalid
from quoin.kernel.ids import public_id
from quoin.timesheets.actions.cells import person_of
from quoin.timesheets.models import TimeEntry, Timer
from quoin.timesheets.queries import access
from quoin.timesheets.queries.facts import PersonFacts
from quoin.timesheets.rules.clocks import LONGEST
from quoin.timesheets.services.entries import NewTime, add_entry, check_work
from quoin.timesheets.types import RowKey, WrongState

START = "timesheets.timer.start"
STOP = "timesheets.timer.stop"
TOPIC = "timesheets.timer"


@action(START, label=_("Start the clock"))
def start_timer(
    actor: Actor,
    *,
    project_id: UUID | str,
    task_id: UUID | str | None = None,
    note: str = "",
    started_at: datetime | str | None = None,
) -> tuple[Timer, TimeEntry | None]:
    """Start the clock for oneself. A clock that runs is stopped and saved first: the second of the pair."""
    person = _me(actor, START)
    row = RowKey(UUID(str(project_id)), UUID(str(task_id)) if task_id else None)
    check_work(actor, person, row, actor.today)
    begin = _moment(started_at) or actor.now
    if begin > actor.now:
        raise invalid("/started_at", "A clock starts now or earlier.")
    saved = _stop(actor, person, begin)
    timer = Timer.objects.create(
        person_id=person.id, project_id=row.project_id, task_id=row.task_id, note=note.strip(), started_at=begin
    )
    touch(public_id("per", person.id))
    undo_with("timesheets.timer.discard")
    publish(actor.tenant_id, TOPIC, public_id("per", person.id))
    return timer, saved


@action(STOP, label=_("Stop the clock"))
def stop_timer(actor: Actor, *, ended_at: datetime | str | None = None, note: str | None = None) -> TimeEntry:
    """Stop the clock and log what it counted, whole minutes and at least one."""
    person = _me(actor, STOP)
    end = _moment(ended_at) or actor.now
    if end > actor.now:
        raise invalid("/ended_at", "A clock stops now or earlier.")
    saved = _stop(actor, person, end, note=note)
    if saved is None:
        raise WrongState("No clock is running.")
    touch(saved.public_id)
    undo_with("timesheets.entry.delete", entry_id=str(saved.id))
    publish(actor.tenant_id, TOPIC, public_id("per", person.id))
    return saved


@action("timesheets.timer.keep", label=_("Keep the time of a clock that ran on"))
def keep_timer(actor: Actor) -> Timer:
    """Say that all the time so far counts: the clock runs on and does not ask about it again."""
    person = _me(actor, "timesheets.timer.keep")
    timer = Timer.objects.select_for_update().filter(person=person.id).first()
    if timer is None:
        raise WrongState("No clock is running.")
    timer.kept_at = actor.now
    timer.save(update_fields=["kept_at"])
    touch(public_id("per", person.id))
    publish(actor.tenant_id, TOPIC, public_id("per", person.id))
    return timer


@action("timesheets.timer.discard", label=_("Discard the running clock"))
def discard_timer(actor: Actor) -> None:
    """Forget the running clock; nothing is logged."""
    person = _me(actor, "timesheets.timer.discard")
    deleted, _rows = Timer.objects.filter(person=person.id).delete()
    if not deleted:
        raise WrongState("No clock is running.")
    publish(actor.tenant_id, TOPIC, public_id("per", person.id))


def _me(actor: Actor, permission: str) -> PersonFacts:
    # A clock that runs over midnight belongs to the day before; books may close between.
    around = timedelta(days=2)
    person_id = access.own_person(actor)
    return person_of(actor, permission, person_id, since=actor.today - around, until=actor.today + around)


def _stop(actor: Actor, person: PersonFacts, ended_at: datetime, *, note: str | None = None) -> TimeEntry | None:
    """Log the running clock, if there is one. Devices that start and stop at once go one after the other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"timer:{actor.tenant_id}:{person.id}"]
        )
    timer = Timer.objects.select_for_update().filter(person=person.id).first()
    if timer is None:
        return None
    if ended_at <= timer.started_at:
        raise WrongState("The clock was started after that. Load the page again.")
    if ended_at - timer.started_at > LONGEST:
        raise WrongState("The clock has run for more than 24 hours. Say when you stopped.")
    new = NewTime(
        row=RowKey(timer.project_id, timer.task_id),
        started_at=timer.started_at,
        ended_at=ended_at,
        note=timer.note if note is None else note,
        source="timer",
    )
    timer.delete()
    return add_entry(actor, person, new)


def _moment(value: datetime | str | None) -> datetime | None:
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    if found is not None and found.tzinfo is None:
        raise invalid("/started_at", "A moment needs its offset from UTC.")
    return found
