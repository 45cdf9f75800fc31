"""Commands about demand: ask for somebody, propose, ask the candidate, accept, cancel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.base.numbering import next_number
from quoin.kernel.errors import Conflict, Forbidden, NotFound, invalid
from quoin.kernel.words import Sentence, say
from quoin.people.models import Certificate, JobRole, Skill
from quoin.people.queries.within import people_within
from quoin.projects.models import Project, Task
from quoin.resourcing.actions.writing import BookingIn, make, take_away, the_bookings
from quoin.resourcing.models import Booking, Demand, DemandCertificate, DemandSkill, Proposal
from quoin.resourcing.queries import within_reach
from quoin.resourcing.rules.filling import Part, parts_of, status_after
from quoin.resourcing.types import Answer, DemandStatus

_CREATE, _EDIT, _CANCEL = "resourcing.demand.create", "resourcing.demand.edit", "resourcing.demand.cancel"
_PROPOSE, _ASK, _ANSWER = "resourcing.demand.propose", "resourcing.demand.ask", "resourcing.demand.answer"
_ACCEPT, _REOPEN = "resourcing.demand.accept", "resourcing.demand.reopen"
_DECLINE = "resourcing.candidate.decline"
_EDITABLE = frozenset(
    {
        "title", "task_id", "job_role_id", "starts_on", "ends_on", "minutes_per_week", "percent", "curve", "languages",
        "place", "priority", "is_firm", "note", "skills", "certificate_ids", "most_people", "least_share",
        "slack_weeks",
    }
)  # fmt: skip
_LOWEST, _WEEKS = 4, 160
_MOST_PEOPLE, _LEAST_SHARE, _WHOLE, _MOST_SLACK = 6, 10, 100, 26


@action(_CREATE, label=_("Ask for somebody"))
def create_demand(
    actor: Actor,
    /,
    *,
    project_id: UUID,
    starts_on: date,
    ends_on: date,
    is_draft: bool = False,
    skills: Sequence[Mapping[str, Any]] = (),
    certificate_ids: Sequence[UUID] = (),
    **fields: Any,
) -> Demand:
    """A request for a role with skills. A draft is a placeholder in the plan; nobody is asked to fill it yet."""
    project = _project(actor, _CREATE, project_id)
    demand = Demand(
        number=next_number("request"), project=project, starts_on=starts_on, ends_on=ends_on, asked_at=actor.now,
        asked_by_id=actor.person_id, status=DemandStatus.DRAFT if is_draft else DemandStatus.OPEN,
    )  # fmt: skip
    _set(demand, fields)
    demand.save()
    _set_needs(demand, skills, certificate_ids)
    undo_with(_CANCEL, demand_id=demand.id)
    touch(demand.public_id)
    _tell(actor, "opened", demand)
    return demand


@action(_EDIT, label=_("Change a request"))
def edit_demand(actor: Actor, /, *, demand_id: UUID | str, **fields: Any) -> Demand:
    demand = _demand(actor, _EDIT, demand_id)
    undo_with(_EDIT, demand_id=demand.id, **_former(demand, fields))
    _set(demand, {name: value for name, value in fields.items() if name not in {"skills", "certificate_ids"}})
    demand.version += 1
    demand.save()
    _set_needs(demand, fields.get("skills"), fields.get("certificate_ids"))
    touch(demand.public_id)
    return demand


@action("resourcing.demand.open", label=_("Open a draft of a request"))
def open_demand(actor: Actor, *, demand_id: UUID | str) -> Demand:
    """A placeholder becomes a request that others see and fill."""
    demand = _demand(actor, "resourcing.demand.open", demand_id)
    if demand.status != DemandStatus.DRAFT:
        raise Conflict(say("The request is %(status)s, not a draft.", status=Sentence(demand.status)))
    undo_with(_REOPEN, demand_id=demand.id, status=DemandStatus.DRAFT)
    _step(demand, DemandStatus.OPEN)
    _tell(actor, "opened", demand)
    return demand


@action(_CANCEL, label=_("Cancel a request"))
def cancel_demand(actor: Actor, *, demand_id: UUID | str, note: str = "") -> Demand:
    """Nobody is needed any more. Bookings made for it stay; delete them where they are not wanted."""
    demand = _demand(actor, _CANCEL, demand_id)
    if demand.status == DemandStatus.CANCELLED:
        raise Conflict("The request is cancelled already.")
    undo_with(_REOPEN, demand_id=demand.id, status=demand.status)
    _step(demand, DemandStatus.CANCELLED)
    touch(demand.public_id, reason=note)
    _tell(actor, "cancelled", demand)
    return demand


@action(_REOPEN, label=_("Put a request back"))
def reopen_demand(actor: Actor, *, demand_id: UUID | str, status: str = "open") -> Demand:
    """Cancelled or filled by mistake: it is asked for again, or a draft again."""
    demand = _demand(actor, _REOPEN, demand_id)
    if status not in set(DemandStatus) - {DemandStatus.CANCELLED}:
        raise invalid("/status", "A request goes back to draft, open, proposed, part or filled.")
    undo_with(
        _CANCEL if demand.status == DemandStatus.CANCELLED else _REOPEN,
        **{"demand_id": demand.id} | ({} if demand.status == DemandStatus.CANCELLED else {"status": demand.status}),
    )
    _step(demand, DemandStatus(status))
    return demand


@action(_PROPOSE, label=_("Propose somebody for a request"))
def propose(actor: Actor, *, demand_id: UUID, person_id: UUID, note: str = "") -> Proposal:
    demand = _live(_demand(actor, _PROPOSE, demand_id))
    proposal = _proposal(actor, demand, person_id, status="proposed", note=note)
    if demand.status == DemandStatus.OPEN:
        _step(demand, DemandStatus.PROPOSED)
    undo_with(_DECLINE, demand_id=demand.id, person_id=person_id)
    touch(demand.public_id)
    return proposal


@action(_ASK, label=_("Ask a candidate"))
def ask_candidate(actor: Actor, *, demand_id: UUID, person_id: UUID, note: str = "") -> Proposal:
    """The person is asked whether they want to: yes, no, or talk."""
    demand = _live(_demand(actor, _ASK, demand_id))
    proposal = _proposal(actor, demand, person_id, status="asked", note=note)
    undo_with(_DECLINE, demand_id=demand.id, person_id=person_id)
    touch(demand.public_id)
    emit(
        actor, "resourcing.candidate.asked", running_action_id(), demand_id=demand.id, person_id=person_id,
        proposal_id=proposal.id,
    )  # fmt: skip
    return proposal


@action(_ANSWER, label=_("Answer whether one wants to"))
def answer_request(actor: Actor, *, proposal_id: UUID, answer: str, note: str = "") -> Proposal:
    """The person's own answer: willing, unwilling, or talk."""
    proposal = Proposal.objects.select_for_update(of=("self",)).select_related("demand").filter(id=proposal_id).first()
    if proposal is None or proposal.person_id != actor.person_id:
        raise NotFound("Nobody has asked you this.")
    if answer not in set(Answer):
        raise invalid("/answer", "Answer willing, unwilling or talk.")
    if proposal.status in {"accepted", "withdrawn"}:
        raise Conflict("This is settled already.")
    proposal.status, proposal.answer_note, proposal.answered_at = answer, note.strip(), actor.now
    proposal.save(update_fields=["status", "answer_note", "answered_at"])
    touch(proposal.public_id)
    emit(
        actor, "resourcing.candidate.answered", running_action_id(), demand_id=proposal.demand_id,
        person_id=proposal.person_id, answer=answer,
    )  # fmt: skip
    return proposal


@action(_ACCEPT, label=_("Accept somebody for a request"))
def accept_candidate(
    actor: Actor,
    *,
    demand_id: UUID,
    person_id: UUID,
    percent: int | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    is_firm: bool = False,
    override_reason: str = "",
) -> list[Booking]:
    """Books the person as the request says, or for a part of it; the request is filled or partly filled."""
    demand = _live(_demand(actor, _ACCEPT, demand_id))
    first, last = starts_on or demand.starts_on, ends_on or demand.ends_on
    if not demand.starts_on <= first <= last <= demand.ends_on:
        raise invalid(
            "/starts_on",
            say(
                "The request is for %(starts_on)s to %(ends_on)s. Stay within it.",
                starts_on=demand.starts_on,
                ends_on=demand.ends_on,
            ),
        )
    bookings = [
        make(
            actor,
            _ACCEPT,
            BookingIn(
                person_id=person_id, project_id=demand.project_id, task_id=demand.task_id, demand_id=demand.id,
                job_role_id=demand.job_role_id, starts_on=part.first, ends_on=part.last, effort=part.effort,
                amount=part.amount, is_firm=is_firm,
            ),
            reason=override_reason,
        )
        for part in parts_of(
            first, last, minutes_per_week=demand.minutes_per_week, percent=percent or demand.percent,
            curve=demand.curve, starts_on=demand.starts_on,
        )
    ]  # fmt: skip
    Proposal.objects.update_or_create(
        demand=demand,
        person_id=person_id,
        defaults={"status": "accepted"},
        create_defaults={"status": "accepted", "proposed_at": actor.now, "proposed_by_id": actor.person_id},
    )
    former = demand.status
    _step(demand, filled_status(demand))
    undo_with("resourcing.demand.release", demand_id=demand.id, booking_ids=[one.id for one in bookings], status=former)
    touch(demand.public_id, reason=override_reason)
    _tell(actor, "filled" if demand.status == DemandStatus.FILLED else "part_filled", demand)
    return bookings


@action("resourcing.demand.release", label=_("Take back an acceptance"))
def release_demand(
    actor: Actor, *, demand_id: UUID | str, booking_ids: Sequence[UUID | str], status: str = "open"
) -> Demand:
    """Undo of accept: the bookings go, the request stands as it did."""
    demand = _demand(actor, "resourcing.demand.release", demand_id)
    found = the_bookings(actor, "resourcing.demand.release", [UUID(str(one)) for one in booking_ids])
    if any(one.demand_id != demand.id for one in found):
        raise invalid("/booking_ids", "A booking is not of this request.")
    if status not in set(DemandStatus):
        raise invalid("/status", "This is no status of a request.")
    take_away(found)
    people = {one.person_id for one in found}
    Proposal.objects.filter(demand=demand, person_id__in=people, status="accepted").update(status="withdrawn")
    _step(demand, DemandStatus(status))
    return demand


def filled_status(demand: Demand) -> DemandStatus:
    """By how much of the demand is booked."""
    rows = Booking.objects.filter(demand=demand).values_list("starts_on", "ends_on", "effort", "amount")
    whole = parts_of(
        demand.starts_on, demand.ends_on, minutes_per_week=demand.minutes_per_week, percent=demand.percent,
        curve=demand.curve, starts_on=demand.starts_on,
    )  # fmt: skip
    return status_after(whole, [Part(*row) for row in rows])


def _project(actor: Actor, right: str, project_id: UUID) -> Project:
    project = Project.objects.filter(within_reach(actor, right, person="manager", project="pk"), id=project_id).first()
    if project is None:
        raise NotFound("There is no such project, or it is not yours to staff.")
    if project.status == "closed":
        raise Conflict(say("%(project)s is closed. Open it again before you ask for people.", project=project.name))
    return project


def _demand(actor: Actor, right: str, demand_id: UUID | str) -> Demand:
    demand = (
        Demand.objects.select_for_update(of=("self",))
        .select_related("project")
        .filter(within_reach(actor, right, person="asked_by"), id=demand_id)
        .first()
    )
    if demand is None:
        raise NotFound("There is no such request, or it is not yours.")
    return demand


def _live(demand: Demand) -> Demand:
    if demand.status in {DemandStatus.DRAFT, DemandStatus.CANCELLED}:
        raise Conflict(say("The request is %(status)s. Open it first.", status=Sentence(demand.status)))
    return demand


def _step(demand: Demand, status: DemandStatus) -> None:
    demand.status = status
    demand.version += 1
    demand.save(update_fields=["status", "version"])
    touch(demand.public_id)


def _set(demand: Demand, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        if name not in _EDITABLE:
            raise invalid(
                f"/{name}", say("A request has no field %(name)s that can be set.", name=name), code="unknown_field"
            )
        is_day = name in {"starts_on", "ends_on"} and isinstance(value, str)
        setattr(demand, name, date.fromisoformat(value) if is_day else value)
    _check_effort(demand)
    if demand.ends_on < demand.starts_on:
        raise invalid("/ends_on", "The end is before the start. Check both days.")
    if not 1 <= demand.priority <= _LOWEST:
        raise invalid("/priority", "A priority is from 1 (most urgent) to 4.")
    _check_sharing(demand)
    if demand.job_role_id and not JobRole.objects.filter(id=demand.job_role_id).exists():
        raise invalid("/job_role_id", "There is no such role.", code="unknown")
    if demand.task_id and not Task.objects.filter(id=demand.task_id, project=demand.project_id).exists():
        raise invalid("/task_id", "The task is not one of this project.")


def _check_sharing(demand: Demand) -> None:
    if not 1 <= demand.most_people <= _MOST_PEOPLE:
        raise invalid("/most_people", "A request is shared by 1 to 6 people.")
    if not _LEAST_SHARE <= demand.least_share <= _WHOLE:
        raise invalid("/least_share", "Each takes at least 10 % of a request, at most all of it.")
    if not 0 <= demand.slack_weeks <= _MOST_SLACK:
        raise invalid("/slack_weeks", "A request may start up to 26 weeks later.")


def _check_effort(demand: Demand) -> None:
    if (demand.minutes_per_week is None) is (demand.percent is None):
        raise invalid("/percent", "Say either hours per week or per cent.")
    if (demand.minutes_per_week or demand.percent or 0) <= 0:
        raise invalid("/percent", "Ask for more than nothing.")
    if len(demand.curve) > _WEEKS:
        raise invalid("/curve", "A curve has a number for each week, 160 at most.")


def _set_needs(
    demand: Demand, skills: Sequence[Mapping[str, Any]] | None, certificate_ids: Sequence[UUID | str] | None
) -> None:
    if skills is not None:
        DemandSkill.objects.filter(demand=demand).delete()
        for at, one in enumerate(skills):
            skill = Skill.objects.filter(id=str(one.get("skill_id"))).first()
            if skill is None:
                raise invalid(f"/skills/{at}/skill_id", "There is no such skill.", code="unknown")
            DemandSkill.objects.create(
                demand=demand, skill=skill, level=int(one.get("level", 3)), is_must=bool(one.get("is_must", True))
            )
    if certificate_ids is not None:
        DemandCertificate.objects.filter(demand=demand).delete()
        for at, certificate_id in enumerate(certificate_ids):
            if not Certificate.objects.filter(id=certificate_id).exists():
                raise invalid(f"/certificate_ids/{at}", "There is no such certificate.", code="unknown")
            DemandCertificate.objects.create(demand=demand, certificate_id=certificate_id)


def _former(demand: Demand, fields: Mapping[str, Any]) -> dict[str, Any]:
    former = {name: getattr(demand, name, None) for name in fields if name in _EDITABLE}
    if "skills" in fields:
        former["skills"] = [
            {"skill_id": str(row.skill_id), "level": row.level, "is_must": row.is_must}
            for row in DemandSkill.objects.filter(demand=demand)
        ]
    if "certificate_ids" in fields:
        rows = DemandCertificate.objects.filter(demand=demand)
        former["certificate_ids"] = [str(one) for one in rows.values_list("certificate_id", flat=True)]
    return former


def _proposal(actor: Actor, demand: Demand, person_id: UUID, *, status: str, note: str) -> Proposal:
    person = people_within(actor, "people.person.view").filter(id=person_id).first()
    if person is None:
        raise NotFound("There is no such person, or you may not see them.")
    there = Proposal.objects.filter(demand=demand, person=person).first()
    if there is not None and there.status == "unwilling":
        raise Forbidden(say("%(person)s has said no. Talk to them before you ask again.", person=person.name))
    proposal, _made = Proposal.objects.update_or_create(
        demand=demand,
        person=person,
        defaults={
            "status": status, "note": note.strip(), "proposed_by_id": actor.person_id, "proposed_at": actor.now,
        },
    )  # fmt: skip
    return proposal


def _tell(actor: Actor, what: str, demand: Demand) -> None:
    emit(
        actor, f"resourcing.request.{what}", running_action_id(), demand_id=demand.id, project_id=demand.project_id,
    )  # fmt: skip
