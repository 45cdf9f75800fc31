"""Requests for people that other apps' commands make, with what they sold or changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from quoin.base.actions import running_action_id
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.base.numbering import next_number
from quoin.kernel.errors import Conflict, invalid
from quoin.kernel.words import say
from quoin.people.models import JobRole
from quoin.resourcing.models import Booking, Demand
from quoin.resourcing.types import DemandStatus


def add_demand(
    actor: Actor, *, project_id: UUID, title: str, starts_on: date, ends_on: date, percent: int,
    job_role_id: UUID | None = None, note: str = "",
) -> Demand:  # fmt: skip
    """An open request of the project."""
    if ends_on < starts_on or percent <= 0:
        raise invalid("/percent", "Ask for more than nothing, on days in their order.")
    if job_role_id and not JobRole.objects.filter(id=job_role_id).exists():
        raise invalid("/job_role_id", "There is no such role.", code="unknown")
    demand = Demand.objects.create(
        number=next_number("request"), project_id=project_id, title=title, starts_on=starts_on, ends_on=ends_on,
        percent=percent, job_role_id=job_role_id, note=note, asked_by_id=actor.person_id, asked_at=actor.now,
        status=DemandStatus.OPEN,
    )  # fmt: skip
    emit(actor, "resourcing.request.opened", running_action_id(), demand_id=demand.id, project_id=project_id)
    return demand


def drop_demands(actor: Actor, demand_ids: Iterable[UUID]) -> None:
    """Cancel requests; Conflict where somebody is booked for one."""
    for demand in Demand.objects.select_for_update(of=("self",)).filter(id__in=list(demand_ids)).order_by("id"):
        if Booking.objects.filter(demand=demand).exists():
            raise Conflict(
                say(
                    "Somebody is booked for request %(demand_number)s. Delete the booking first.",
                    demand_number=demand.number,
                )
            )
        if demand.status == DemandStatus.CANCELLED:
            continue
        demand.status, demand.version = DemandStatus.CANCELLED, demand.version + 1
        demand.save(update_fields=["status", "version"])
        emit(
            actor, "resourcing.request.cancelled", running_action_id(), demand_id=demand.id,
            project_id=demand.project_id,
        )  # fmt: skip
