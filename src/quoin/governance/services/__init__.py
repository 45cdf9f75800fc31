"""What the commands of governance share: numbers within a project, and what they are handed as values."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max

from quoin.base.actor import Actor
from quoin.base.numbering import next_number
from quoin.governance.models import RaidItem, RaidState
from quoin.kernel.errors import invalid
from quoin.people.models import Person
from quoin.projects.models import Project, Task


def next_in_project(model: Any, project: Project) -> int:
    """The next number of a thing that counts within its project; the project's row is locked."""
    found = model.objects.filter(project=project).aggregate(number=Max("number"))
    return int(found["number"] or 0) + 1


def task_of(project: Project, task_id: UUID | str | None, *, field: str = "task") -> UUID | None:
    """The id of a task of the project; Invalid for another one."""
    if not task_id:
        return None
    found = Task.objects.filter(id=task_id, project=project).values_list("id", flat=True).first()
    if found is None:
        raise invalid(f"/{field}", "The task is not one of this project.", code="unknown")
    return found


def person_of(person_id: UUID | str | None, *, field: str = "owner") -> UUID | None:
    """The id of somebody of the firm."""
    if not person_id:
        return None
    found = Person.objects.filter(id=person_id).values_list("id", flat=True).first()
    if found is None:
        raise invalid(f"/{field}", "There is no such person.", code="unknown")
    return found


def day(value: date | str | None) -> date | None:
    """A day as undo and forms give it."""
    if isinstance(value, str):
        return date.fromisoformat(value) if value else None
    return value


def words(text: str, field: str, sentence: str) -> str:
    """The text on one line; Invalid if there is none."""
    found = " ".join(text.split())
    if not found:
        raise invalid(f"/{field}", sentence, code="required")
    return found


def record_state(actor: Actor, item: RaidItem, *, note: str = "") -> None:
    """Keep how the entry stands now."""
    RaidState.objects.create(
        item=item, at=actor.now, by_name=actor.name, status=item.status, probability=item.probability,
        impact=item.impact, impact_amount=item.impact_amount, impact_days=item.impact_days, note=note.strip(),
    )  # fmt: skip


def next_change_number() -> int:
    """The firm's next number of a change order."""
    return next_number("change_order")
