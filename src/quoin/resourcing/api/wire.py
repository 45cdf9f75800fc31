"""How bookings and requests are written over the API."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from quoin.base.http.api import PublicId
from quoin.kernel.ids import public_id

PersonId = Annotated[UUID, PublicId("per")]
ProjectId = Annotated[UUID, PublicId("prj")]
TaskId = Annotated[UUID, PublicId("tsk")]
JobRoleId = Annotated[UUID, PublicId("job")]
TeamId = Annotated[UUID, PublicId("tea")]
SkillId = Annotated[UUID, PublicId("skl")]
CertificateId = Annotated[UUID, PublicId("crt")]
DemandId = Annotated[UUID, PublicId("req")]
BookingId = Annotated[UUID, PublicId("bok")]
ProposalId = Annotated[UUID, PublicId("prp")]
OverrideId = Annotated[UUID, PublicId("ovr")]


def shown(prefix: str, value: UUID | None) -> str | None:
    """A public id, or null."""
    return public_id(prefix, value) if value else None


def booking_out(booking: Any) -> dict[str, Any]:
    """A booking as the API writes it."""
    return {
        "id": booking.public_id,
        "person_id": public_id("per", booking.person_id),
        "project_id": public_id("prj", booking.project_id),
        "task_id": shown("tsk", booking.task_id),
        "request_id": shown("req", booking.demand_id),
        "job_role_id": shown("job", booking.job_role_id),
        "starts_on": booking.starts_on,
        "ends_on": booking.ends_on,
        "effort": booking.effort,
        "amount": booking.amount,
        "minutes": getattr(booking, "minutes", None),
        "is_firm": booking.is_firm,
        "note": booking.note,
        "booked_by_id": shown("per", booking.booked_by_id),
        "booked_at": booking.booked_at,
        "version": booking.version,
    }


def demand_out(demand: Any) -> dict[str, Any]:
    """A request as the API writes it."""
    return {
        "id": demand.public_id,
        "number": demand.number,
        "project_id": public_id("prj", demand.project_id),
        "task_id": shown("tsk", demand.task_id),
        "job_role_id": shown("job", demand.job_role_id),
        "asked_by_id": shown("per", demand.asked_by_id),
        **{
            name: getattr(demand, name)
            for name in (
                "title", "starts_on", "ends_on", "minutes_per_week", "percent", "curve", "languages", "place",
                "priority", "is_firm", "most_people", "least_share", "slack_weeks", "status", "note", "version",
            )
        },
    }  # fmt: skip


def proposal_out(proposal: Any) -> dict[str, Any]:
    """A proposal as the API writes it."""
    return {
        "id": proposal.public_id,
        "request_id": public_id("req", proposal.demand_id),
        "person_id": public_id("per", proposal.person_id),
        "status": proposal.status,
        "note": proposal.note,
        "answer_note": proposal.answer_note,
        "proposed_at": proposal.proposed_at,
        "answered_at": proposal.answered_at,
    }
