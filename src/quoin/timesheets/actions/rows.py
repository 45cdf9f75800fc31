"""Rows that somebody keeps on their timesheet."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, undo_with
from quoin.base.actor import Actor
from quoin.projects.models import Task
from quoin.timesheets.actions.cells import person_of
from quoin.timesheets.models import PinnedRow
from quoin.timesheets.queries import facts
from quoin.timesheets.types import RowKey, WrongState

PIN = "timesheets.row.pin"
UNPIN = "timesheets.row.unpin"


@action(PIN, label=_("Keep a row on a timesheet"))
def pin_row(
    actor: Actor, *, person_id: UUID | str, project_id: UUID | str, task_id: UUID | str | None = None
) -> PinnedRow:
    """Keep a row on every week, below those kept before."""
    person, key = _person(actor, PIN, person_id), _key(project_id, task_id)
    if key not in facts.works_of(actor, person.id, [key]):
        raise WrongState("There is no such project or task.")
    task = Task.objects.filter(id=key.task_id).first() if key.task_id else None
    last = PinnedRow.objects.filter(person=person.id).aggregate(position=Max("position"))["position"] or 0
    row, _made = PinnedRow.objects.get_or_create(
        person_id=person.id, project_id=key.project_id, task=task, defaults={"position": last + 1}
    )
    undo_with(UNPIN, person_id=str(person.id), project_id=str(project_id), task_id=str(task_id) if task_id else None)
    return row


@action(UNPIN, label=_("Let a row of a timesheet go"))
def unpin_row(
    actor: Actor, *, person_id: UUID | str, project_id: UUID | str, task_id: UUID | str | None = None
) -> None:
    """Show the row only in weeks that have time on it."""
    person, key = _person(actor, UNPIN, person_id), _key(project_id, task_id)
    PinnedRow.objects.filter(person=person.id, project=key.project_id, task=key.task_id).delete()
    undo_with(PIN, person_id=str(person.id), project_id=str(project_id), task_id=str(task_id) if task_id else None)


def _key(project_id: UUID | str, task_id: UUID | str | None) -> RowKey:
    return RowKey(UUID(str(project_id)), UUID(str(task_id)) if task_id else None)


def _person(actor: Actor, permission: str, person_id: UUID | str) -> facts.PersonFacts:
    return person_of(actor, permission, person_id, since=actor.today, until=actor.today + timedelta(days=1))
