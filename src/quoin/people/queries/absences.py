"""Reads of absences and balances. What kind a private absence is, only a few may read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor
from quoin.base.listing import Column, Kind, Listing, Status, View
from quoin.kernel.errors import NotFound
from quoin.people.models import Absence, Allowance
from quoin.people.queries.capacity import work_times
from quoin.people.queries.within import people_within, person_within
from quoin.people.rules.balances import balance, days_of
from quoin.people.types import AbsenceKind, AbsenceStatus, Away, Balance, Entitlement

VIEW_ABSENCE = permission("people.absence.view", _("See when people are away"))
VIEW_PRIVATE = permission("people.absence_private.view", _("See why people are away, sickness included"))
VIEW_ALLOWANCE = permission("people.allowance.view", _("See how much leave people have left"))
AWAY = "absent"
KINDS = {
    "vacation": Status("info", _("Vacation")),
    "sick": Status("warning", _("Sick")),
    "parental": Status("info", _("Parental leave")),
    "training": Status("info", _("Training")),
    "unpaid": Status("neutral", _("Unpaid leave")),
    "other": Status("neutral", _("Other")),
    AWAY: Status("neutral", _("Away")),
}
STATUSES = {
    "requested": Status("warning", _("Waiting")),
    "approved": Status("success", _("Approved")),
    "refused": Status("neutral", _("Refused")),
    "cancelled": Status("neutral", _("Taken back")),
}


def visible_absences(actor: Actor) -> QuerySet[Absence]:
    """Absences of the people whom the actor may see away, newest first."""
    people = people_within(actor, VIEW_ABSENCE).order_by().values("id")
    rows = Absence.objects.select_related("person", "decided_by").filter(person_id__in=people)
    return rows.order_by("-starts_on", "id")


def absence_for(actor: Actor, absence_id: UUID) -> Absence:
    """The absence; NotFound if there is none that the actor may see."""
    found = visible_absences(actor).filter(id=absence_id).first()
    if found is None:
        raise NotFound("There is no such absence, or you may not see it.")
    return found


def may_know(actor: Actor, absence: Absence) -> bool:
    """Whether the actor may read the kind and the note: the person, their manager, and who holds the right."""
    if not AbsenceKind(absence.kind).is_private:
        return True
    is_near = actor.person_id is not None and actor.person_id in {absence.person_id, absence.person.manager_id}
    return is_near or people_within(actor, VIEW_PRIVATE).filter(id=absence.person_id).exists()


def shown_kind(actor: Actor, absence: Absence) -> str:
    """The kind, or only that the person is away."""
    return absence.kind if may_know(actor, absence) else AWAY


def shown_note(actor: Actor, absence: Absence) -> str:
    return absence.note if may_know(actor, absence) else ""


def absences_between(actor: Actor, from_on: date, until_on: date) -> QuerySet[Absence]:
    """What counts or is asked for in these days (both included)."""
    rows = visible_absences(actor).filter(starts_on__lte=until_on, ends_on__gte=from_on)
    return rows.filter(status__in=[AbsenceStatus.APPROVED, AbsenceStatus.REQUESTED]).order_by("starts_on", "id")


def waiting_absences(actor: Actor) -> QuerySet[Absence]:
    """Requests that the actor may decide about."""
    people = people_within(actor, "people.absence.approve").order_by().values("id")
    if actor.person_id is not None:
        people = people.exclude(id=actor.person_id)
    rows = Absence.objects.select_related("person").filter(status=AbsenceStatus.REQUESTED, person_id__in=people)
    return rows.order_by("starts_on", "id")


def length_of(absence: Absence) -> Decimal:
    """Working days that the absence takes."""
    times = work_times([absence.person_id], absence.starts_on, absence.ends_on)
    return days_of(_away(absence), times[absence.person_id])


def balance_for(actor: Actor, person_id: UUID, year: int) -> Balance | None:
    """The balance of a person whom the actor may see; None where no entitlement is set."""
    person = person_within(actor, VIEW_ALLOWANCE, person_id)
    return balance_of(actor, person.id, year)


def balance_of(actor: Actor, person_id: UUID, year: int, *, on: date | None = None) -> Balance | None:
    """The year's balance on a day (today when left out). For actions that have asked who may."""
    row = Allowance.objects.filter(person_id=person_id, year=year).first()
    if row is None:
        return None
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = Absence.objects.filter(person_id=person_id, starts_on__lte=last, ends_on__gte=first)
    taking = Q(kind__in=[kind for kind in AbsenceKind if kind.takes_allowance])
    found: dict[str, list[Away]] = {AbsenceStatus.APPROVED: [], AbsenceStatus.REQUESTED: []}
    for absence in rows.filter(taking, status__in=list(found)):
        found[absence.status].append(_away(absence))
    entitlement = Entitlement(
        year=year, days=row.days, carried_days=row.carried_days, carried_until=row.carried_until,
        accrues_monthly=row.accrues_monthly,
    )  # fmt: skip
    time = work_times([person_id], first, last)[person_id]
    return balance(
        entitlement, time, found[AbsenceStatus.APPROVED], found[AbsenceStatus.REQUESTED], on=on or actor.today
    )


def absence_listing(actor: Actor) -> Listing:
    """The list of absences as the actor may read it: why others are away stays theirs."""
    return Listing(
        key="absences",
        columns=(
            Column(key="person", label=_("Person"), source="person__name"),
            Column(
                key="kind", label=_("Kind"), kind=Kind.STATUS, statuses=KINDS, ops=(), is_sortable=False,
                value=lambda row: shown_kind(actor, row),
            ),
            Column(key="starts_on", label=_("From"), kind=Kind.DAY),
            Column(key="ends_on", label=_("To"), kind=Kind.DAY),
            Column(key="half", label=_("Half days"), ops=(), is_sortable=False, value=_halves),
            Column(key="status", label=_("Status"), kind=Kind.STATUS, statuses=STATUSES),
            Column(key="decided_by", label=_("Decided by"), source="decided_by__name", is_default=False),
        ),
        search=("person__name__icontains",),
        sort="-starts_on",
        views=(View(key="waiting", label=_("Waiting"), query="status=requested"),),
    )  # fmt: skip


def _halves(row: Absence) -> str:
    if row.starts_half and row.ends_half:
        return gettext("from noon, until noon")
    if row.starts_half:
        return gettext("from noon")
    return gettext("until noon") if row.ends_half else ""


def _away(absence: Absence) -> Away:
    return Away(absence.starts_on, absence.ends_on, absence.starts_half, absence.ends_half)
