"""Commands about absences: ask, decide, take back; and the days of leave of a year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.kernel.errors import Conflict, Forbidden, NotFound, invalid
from quoin.kernel.words import Sentence, say
from quoin.people.models import Absence, Allowance, Person
from quoin.people.queries.absences import balance_of
from quoin.people.queries.within import people_within, person_within
from quoin.people.types import AbsenceKind, AbsenceStatus

_REQUEST, _APPROVE, _REFUSE, _CANCEL = (
    "people.absence.request",
    "people.absence.approve",
    "people.absence.refuse",
    "people.absence.cancel",
)
_RESTORE = "people.absence.restore"


@action(_REQUEST, label=_("Ask for leave, or report sick"))
def request_absence(
    actor: Actor,
    *,
    person_id: UUID | str,
    kind: str,
    starts_on: date,
    ends_on: date,
    starts_half: bool = False,
    ends_half: bool = False,
    note: str = "",
) -> Absence:
    """A request that waits for somebody else; what needs no approval (sickness) counts at once."""
    person = _locked(person_within(actor, _REQUEST, person_id).id)
    wanted = _kind(kind)
    _check_span(starts_on, ends_on, starts_half=starts_half, ends_half=ends_half)
    absence = Absence.objects.create(
        person=person, kind=wanted, starts_on=starts_on, ends_on=ends_on, starts_half=starts_half,
        ends_half=ends_half, note=note.strip(), requested_at=actor.now,
        status=AbsenceStatus.REQUESTED if wanted.needs_approval else AbsenceStatus.APPROVED,
    )  # fmt: skip
    touch(absence.public_id)
    undo_with(_CANCEL, absence_id=absence.id)
    _tell(actor, absence)
    return absence


@action(_APPROVE, label=_("Approve an absence"))
def approve_absence(actor: Actor, *, absence_id: UUID | str, note: str = "") -> Absence:
    """Approve; bookings of these days are shown as conflicts, they do not stop it."""
    absence = _waiting(actor, _APPROVE, absence_id)
    left = balance_of(actor, absence.person_id, absence.starts_on.year)
    if AbsenceKind(absence.kind).takes_allowance and left is not None and left.left < 0:
        raise Conflict(
            say(
                "%(person)s would be %(left)s days over the leave of %(year)s. "
                "Raise the entitlement, shorten the request, or approve it as unpaid.",
                person=absence.person.name,
                left=f"{-left.left:f}",
                year=left.year,
            )
        )
    return _decide(actor, absence, AbsenceStatus.APPROVED, note)


@action(_REFUSE, label=_("Refuse an absence"))
def refuse_absence(actor: Actor, *, absence_id: UUID | str, note: str) -> Absence:
    if not note.strip():
        raise invalid("/note", "Say why; the person reads it.", code="required")
    return _decide(actor, _waiting(actor, _REFUSE, absence_id), AbsenceStatus.REFUSED, note)


@action(_CANCEL, label=_("Take an absence back"))
def cancel_absence(actor: Actor, *, absence_id: UUID | str) -> Absence:
    """The absence does not take place. People may take back their own until it has begun."""
    absence = _absence(actor, _CANCEL, absence_id)
    if absence.status not in {AbsenceStatus.REQUESTED, AbsenceStatus.APPROVED}:
        raise Conflict(say("The absence is %(status)s already.", status=Sentence(absence.status)))
    is_own = absence.person_id == actor.person_id
    if (
        is_own
        and absence.status == AbsenceStatus.APPROVED
        and absence.starts_on < actor.today
        and absence.decided_by_id
    ):
        raise Conflict("The absence has begun. Ask who approved it to take it back.")
    undo_with(_RESTORE, absence_id=absence.id, status=absence.status)
    absence.status = AbsenceStatus.CANCELLED
    absence.save(update_fields=["status"])
    touch(absence.public_id)
    _tell(actor, absence)
    return absence


@action(_RESTORE, label=_("Put an absence back to what it was"))
def restore_absence(actor: Actor, *, absence_id: UUID | str, status: str) -> Absence:
    """Undo of a decision. Approved again is only what somebody had approved."""
    absence = _absence(actor, _RESTORE, absence_id)
    if status not in {AbsenceStatus.REQUESTED, AbsenceStatus.APPROVED}:
        raise invalid("/status", "An absence goes back to requested or approved.")
    if status == AbsenceStatus.APPROVED and absence.decided_by_id is None and absence.kind != AbsenceKind.SICK:
        raise Conflict("Nobody has approved this absence. Ask for it again.")
    undo_with(_RESTORE if absence.status in {"requested", "approved"} else _CANCEL, **_back(absence))
    absence.status = status
    if status == AbsenceStatus.REQUESTED:
        absence.decided_by, absence.decided_at, absence.decision_note = None, None, ""
    absence.save(update_fields=["status", "decided_by", "decided_at", "decision_note"])
    touch(absence.public_id)
    _tell(actor, absence)
    return absence


@action("people.allowance.set", label=_("Set somebody's days of leave"))
def set_allowance(
    actor: Actor,
    *,
    person_id: UUID | str,
    year: int,
    days: Decimal | str,
    carried_days: Decimal | str = Decimal(0),
    carried_until: date | str | None = None,
    accrues_monthly: bool = False,
) -> Allowance:
    person = person_within(actor, "people.allowance.set", person_id)
    amounts = {"days": Decimal(days), "carried_days": Decimal(carried_days)}
    for name, amount in amounts.items():
        if amount < 0 or amount * 2 != (amount * 2).to_integral_value():
            raise invalid(f"/{name}", "Days of leave are zero or more, in halves.")
    before = Allowance.objects.filter(person=person, year=year).first()
    if before is not None:
        undo_with(
            "people.allowance.set", person_id=person.id, year=year, days=before.days, carried_days=before.carried_days,
            carried_until=before.carried_until, accrues_monthly=before.accrues_monthly,
        )  # fmt: skip
    until = date.fromisoformat(str(carried_until)) if carried_until else None
    row, _made = Allowance.objects.update_or_create(
        person=person,
        year=year,
        defaults={**amounts, "carried_until": until, "accrues_monthly": accrues_monthly},
    )
    touch(person.public_id)
    return row


@action("people.allowance.carry", label=_("Carry leave into the next year"))
def carry_allowances(
    actor: Actor, *, year: int, at_most: Decimal | None = None, carried_until: date | None = None
) -> int:
    """What is left of the year goes to the next; returns how many people carried something."""
    carried = 0
    people = people_within(actor, "people.allowance.carry").values("id")
    for row in Allowance.objects.filter(year=year, person_id__in=people).order_by("person_id"):
        found = balance_of(actor, row.person_id, year, on=date(year, 12, 31))
        left = max(found.left, Decimal(0)) if found else Decimal(0)
        left = left if at_most is None else min(left, at_most)
        Allowance.objects.update_or_create(
            person_id=row.person_id,
            year=year + 1,
            defaults={"carried_days": left, "carried_until": carried_until},
            create_defaults={
                "days": row.days, "carried_days": left, "carried_until": carried_until,
                "accrues_monthly": row.accrues_monthly,
            },
        )  # fmt: skip
        carried += left > 0
    touch(str(year))
    return carried


def _kind(kind: str) -> AbsenceKind:
    try:
        return AbsenceKind(kind)
    except ValueError:
        kinds = ", ".join(AbsenceKind)
        raise invalid("/kind", say("An absence is one of %(kinds)s.", kinds=kinds), code="unknown") from None


def _check_span(starts_on: date, ends_on: date, *, starts_half: bool, ends_half: bool) -> None:
    if ends_on < starts_on:
        raise invalid("/ends_on", "The last day is before the first. Check both days.")
    if starts_on == ends_on and starts_half and ends_half:
        raise invalid("/ends_half", "One day is either the morning or the afternoon, or the whole day.")


def _locked(person_id: UUID) -> Person:
    # Bookings of the same person take the same lock, so that both see what the other did.
    return Person.objects.select_for_update(of=("self",), no_key=True).get(id=person_id)


def _absence(actor: Actor, right: str, absence_id: UUID | str) -> Absence:
    reached = people_within(actor, right).values("id")
    absence = (
        Absence.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(id=absence_id, person_id__in=reached)
        .first()
    )
    if absence is None:
        raise NotFound("There is no such absence, or it is not yours to decide.")
    _locked(absence.person_id)
    return absence


def _waiting(actor: Actor, right: str, absence_id: UUID | str) -> Absence:
    absence = _absence(actor, right, absence_id)
    if absence.status != AbsenceStatus.REQUESTED:
        raise Conflict(say("The absence is %(status)s already.", status=Sentence(absence.status)))
    if absence.person_id == actor.person_id or actor.person_id is None:
        raise Forbidden("Somebody else decides about your own absence.")
    return absence


def _decide(actor: Actor, absence: Absence, status: AbsenceStatus, note: str) -> Absence:
    undo_with(_RESTORE, absence_id=absence.id, status=AbsenceStatus.REQUESTED)
    absence.status, absence.decision_note = status, note.strip()
    absence.decided_by_id, absence.decided_at = actor.person_id, actor.now
    absence.save(update_fields=["status", "decision_note", "decided_by", "decided_at"])
    touch(absence.public_id, reason=note)
    _tell(actor, absence)
    return absence


def _back(absence: Absence) -> dict[str, Any]:
    if absence.status in {AbsenceStatus.REQUESTED, AbsenceStatus.APPROVED}:
        return {"absence_id": absence.id, "status": absence.status}
    return {"absence_id": absence.id}


def _tell(actor: Actor, absence: Absence) -> None:
    emit(
        actor, f"people.absence.{absence.status}", running_action_id(), absence_id=absence.id,
        person_id=absence.person_id, starts_on=absence.starts_on.isoformat(), ends_on=absence.ends_on.isoformat(),
    )  # fmt: skip
