"""Visits from the planner's side: when, who, with what; published when they are promised."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.field import services
from quoin.field.models import Visit, VisitEquipment, VisitMember
from quoin.field.queries.dispatch import troubles_of
from quoin.field.queries.words import trouble_words
from quoin.field.rules.steps import next_visit_statuses
from quoin.field.services import notices
from quoin.field.services import slip as slips
from quoin.field.services.checklists import lines_to_copy
from quoin.field.types import NotDispatchable, VisitStatus, WrongStep
from quoin.kernel.errors import Problem, invalid
from quoin.kernel.words import Sentence, say
from quoin.projects.queries import project_for

_EDITABLE = frozenset(
    {"title", "instructions", "earliest_on", "latest_on", "work_minutes", "crew_size", "certificate_id", "task_id"}
)
_DAYS = frozenset({"earliest_on", "latest_on"})
Hours = tuple[datetime | str, datetime | str]
"""Start and end of the work."""
_PLANNABLE = frozenset({VisitStatus.DRAFT, VisitStatus.PUBLISHED})


@action("field.visit.create", label=_("Plan a visit"))
def create_visit(
    actor: Actor,
    /,
    *,
    project_id: UUID | str,
    site_id: UUID | str,
    title: str,
    checklist_id: UUID | str | None = None,
    checklist: Iterable[tuple[str, bool]] = (),
    deliveries: Iterable[UUID | str] = (),
    **fields: Any,
) -> Visit:
    """A visit that waits to be given a time and a crew, with a copy of the checklist that is named."""
    project = project_for(actor, UUID(str(project_id)))
    _known(fields)
    site = services.site(site_id, client_id=project.client_id)
    made = Visit(project=project, site=site, title=_title(title), number=0)
    _fill(made, fields)
    made.number = services.next_visit_number()
    made.save(force_insert=True)
    services.set_checklist(made, lines_to_copy(checklist_id, checklist))
    services.set_deliveries(made, deliveries)
    touch(made.public_id)
    undo_with("field.visit.cancel", visit_id=made.id, reason="Planned by mistake")
    return made


@action("field.visit.edit", label=_("Edit a visit"))
def edit_visit(
    actor: Actor,
    /,
    *,
    visit_id: UUID | str,
    checklist: Iterable[tuple[str, bool]] | None = None,
    deliveries: Iterable[UUID | str] | None = None,
    **fields: Any,
) -> Visit:
    """What the visit is about; time and crew are planned by `field.visit.plan`."""
    _known(fields)
    found = _open_visit(actor, visit_id)
    undo_with("field.visit.edit", visit_id=found.id, **{name: getattr(found, name) for name in fields})
    _fill(found, fields)
    if checklist is not None:
        services.set_checklist(found, checklist)
    if deliveries is not None:
        services.set_deliveries(found, deliveries)
    services.save_visit(found)
    touch(found.public_id)
    return found


@action("field.visit.plan", label=_("Give a visit its time and crew"))
def plan_visit(
    actor: Actor,
    /,
    *,
    visit_id: UUID | str,
    hours: Hours | None,
    crew: Iterable[UUID | str] = (),
    lead_id: UUID | str | None = None,
    equipment: Iterable[UUID | str] = (),
    travel_minutes: int = 0,
    version: int | None = None,
) -> Visit:
    """Time, crew and equipment in one go. A published visit moves only where nobody is double-booked."""
    found = _open_visit(actor, visit_id, version=version)
    before, was = _as_planned(found), (found.starts_at, notices.crew_ids(found))
    starts_at, ends_at = hours or (None, None)
    services.set_time(found, _instant(starts_at), _instant(ends_at), travel_minutes)
    services.set_crew(found, crew, lead_id)
    services.set_equipment(found, equipment)
    if found.status == VisitStatus.PUBLISHED:
        _refuse_trouble(actor, found)
    services.save_visit(found)
    services.move_holds(found)
    touch(found.public_id)
    undo_with("field.visit.plan", visit_id=found.id, **before)
    _tell(actor, "field.visit.planned", found)
    if found.status == VisitStatus.PUBLISHED:
        notices.tell_moved(actor, found, was)
    return found


@action("field.visit.arrange", label=_("Order the visits of a day"))
def arrange_visits(actor: Actor, *, moves: Iterable[slips.Move]) -> list[UUID]:
    """New hours for several draft visits at once, with one undo; crews and equipment stay."""
    wanted: list[dict[str, Any]] = [{"visit_id": str(one["visit_id"]), "hours": list(one["hours"])} for one in moves]
    for one in sorted(wanted, key=lambda move: str(move["visit_id"])):
        _open_visit(actor, str(one["visit_id"]))
    before = slips.move_visits(wanted)
    if not before:
        raise invalid("/moves", "There is no draft visit to move.", code="required")
    undo_with("field.visit.arrange", moves=before)
    for one in before:
        _tell(actor, "field.visit.planned", services.visit(one["visit_id"]))
    return [one["visit_id"] for one in before]


@action("field.visit.publish", label=_("Publish visits to their crews"))
def publish_visits(actor: Actor, *, visit_ids: Iterable[UUID | str]) -> list[UUID]:
    """Promise visits to their crews; all of them or, if one cannot be, none."""
    done = []
    for visit_id in sorted(str(one) for one in visit_ids):
        found = _open_visit(actor, visit_id)
        _step(found, VisitStatus.PUBLISHED)
        _refuse_trouble(actor, found)
        services.save_visit(found)
        services.move_holds(found)
        _tell(actor, "field.visit.published", found)
        notices.tell_promised(actor, found)
        done.append(found.id)
    if not done:
        raise invalid("/visits", "Choose at least one visit.", code="required")
    return done


@action("field.visit.unpublish", label=_("Take a visit back to draft"))
def unpublish_visit(actor: Actor, *, visit_id: UUID | str) -> Visit:
    found = _open_visit(actor, visit_id)
    _step(found, VisitStatus.DRAFT)
    services.save_visit(found)
    services.move_holds(found)
    touch(found.public_id)
    undo_with("field.visit.publish", visit_ids=[found.id])
    _tell(actor, "field.visit.withdrawn", found)
    notices.tell_off(actor, found, notices.crew_ids(found))
    return found


@action("field.visit.cancel", label=_("Cancel a visit"))
def cancel_visit(actor: Actor, *, visit_id: UUID | str, reason: str) -> Visit:
    found = _open_visit(actor, visit_id)
    if not reason.strip():
        raise invalid("/reason", "Say why the visit is cancelled.", code="required")
    was_promised = found.status == VisitStatus.PUBLISHED
    _step(found, VisitStatus.CANCELLED)
    services.save_visit(found)
    services.move_holds(found)
    touch(found.public_id, reason=reason)
    _tell(actor, "field.visit.cancelled", found)
    if was_promised:
        notices.tell_off(actor, found, notices.crew_ids(found))
    return found


def _open_visit(actor: Actor, visit_id: UUID | str, *, version: int | None = None) -> Visit:
    found = services.visit(visit_id, version=version)
    project_for(actor, found.project_id)
    if VisitStatus(found.status) not in _PLANNABLE:
        raise WrongStep("The visit has begun, or is over. Plan another one.")
    return found


def _step(found: Visit, status: VisitStatus) -> None:
    if status not in next_visit_statuses(VisitStatus(found.status)):
        raise WrongStep(
            say(
                "A visit that is %(status)s cannot become %(next)s.",
                status=Sentence(found.status),
                next=Sentence(status.value),
            )
        )
    found.status = status


def _refuse_trouble(actor: Actor, found: Visit) -> None:
    hard = [one for one in troubles_of(actor, found) if one.is_hard]
    if hard:
        problems = tuple(Problem("/crew", one.trouble.value, trouble_words(one)) for one in hard)
        raise NotDispatchable("; ".join(problem.detail for problem in problems), problems=problems)


def _as_planned(found: Visit) -> dict[str, Any]:
    members = list(VisitMember.objects.filter(visit=found).order_by("-is_lead", "person_id"))
    taken = VisitEquipment.objects.filter(visit=found).order_by("equipment_id").values_list("equipment_id", flat=True)
    return {
        "hours": [found.starts_at, found.ends_at] if found.starts_at else None,
        "travel_minutes": found.travel_minutes,
        "crew": [member.person_id for member in members],
        "lead_id": next((member.person_id for member in members if member.is_lead), None),
        "equipment": list(taken),
    }


def _fill(found: Visit, fields: dict[str, Any]) -> None:
    values = dict(fields)
    if "title" in values:
        values["title"] = _title(values["title"])
    if "task_id" in values:
        values["task_id"] = services.task_of(found.project, values["task_id"])
    for name in _DAYS & values.keys():
        values[name] = date.fromisoformat(values[name]) if isinstance(values[name], str) else values[name]
    for name, value in values.items():
        setattr(found, name, value)
    if found.earliest_on and found.latest_on and found.latest_on < found.earliest_on:
        raise invalid("/latest_on", "The window ends before it begins.")
    if found.crew_size < 1:
        raise invalid("/crew_size", "A crew has at least one person.")


def _tell(actor: Actor, name: str, found: Visit) -> None:
    emit(actor, name, running_action_id(), visit_id=found.id, project_id=found.project_id)


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not title:
        raise invalid("/title", "Say what the visit is for.", code="required")
    return title


def _instant(value: datetime | str | None) -> datetime | None:
    if isinstance(value, str):
        return datetime.fromisoformat(value) if value else None
    return value


def _known(fields: dict[str, Any]) -> None:
    for name in fields:
        if name not in _EDITABLE:
            raise invalid(
                f"/{name}", say("There is no field %(name)s that can be set.", name=name), code="unknown_field"
            )
