"""Reads of absences and balances. What kind a private absence is, only a few may read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
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
    return lengths_of([absence])[0]


def lengths_of(rows: Sequence[Absence]) -> list[Decimal]:
    """Working days that each absence takes."""
    if not rows:
        return []
    first, last = min(row.starts_on for row in rows), max(row.ends_on for row in rows)
    times = work_times({row.person_id for row in rows}, first, last)
    return [days_of(_away(row), times[row.person_id]) for row in rows]


def allowance_of(person_id: UUID, year: int) -> Allowance | None:
    """What is set for the year; None if nothing is. For those who may set it."""
    return Allowance.objects.filter(person=person_id, year=year).first()


def balance_for(actor: Actor, person_id: UUID, year: int) -> Balance | None:
    """The balance of a person whom the actor may see; None where no entitlement is set."""
    person = person_within(actor, VIEW_ALLOWANCE, person_id)
    return balance_of(actor, person.id, year)


def balance_of(actor: Actor, person_id: UUID, year: int, *, on: date | None = None) -> Balance | None:
    """The year's balance on a day (today when left out). For actions that have asked who may."""
    return balances_of(actor, {(person_id, year)}, on=on).get((person_id, year))


def balances_of(
    actor: Actor, wanted: Collection[tuple[UUID, int]], *, on: date | None = None
) -> dict[tuple[UUID, int], Balance]:
    """The balance of each person and year that has an entitlement, read at once."""
    people, years = {person_id for person_id, _year in wanted}, {year for _person, year in wanted}
    rows = [
        row
        for row in Allowance.objects.filter(person_id__in=people, year__in=years)
        if (row.person_id, row.year) in wanted
    ]
    if not rows:
        return {}
    first, last = date(min(years), 1, 1), date(max(years), 12, 31)
    times, taken = work_times({row.person_id for row in rows}, first, last), _taking(people, first, last)
    return {
        (row.person_id, row.year): balance(
            _entitlement(row),
            times[row.person_id],
            *(_of_year(taken[row.person_id, status], row.year) for status in _COUNTED),
            on=on or actor.today,
        )
        for row in rows
    }


_COUNTED = (AbsenceStatus.APPROVED, AbsenceStatus.REQUESTED)


def _taking(people: Collection[UUID], first: date, last: date) -> defaultdict[tuple[UUID, str], list[Away]]:
    """Absences between the days that take of the year's leave, by person and status."""
    found: defaultdict[tuple[UUID, str], list[Away]] = defaultdict(list)
    taking = Q(kind__in=[kind for kind in AbsenceKind if kind.takes_allowance])
    rows = Absence.objects.filter(person_id__in=people, starts_on__lte=last, ends_on__gte=first)
    for absence in rows.filter(taking, status__in=_COUNTED):
        found[absence.person_id, absence.status].append(_away(absence))
    return found


def _of_year(rows: list[Away], year: int) -> list[Away]:
    return [row for row in rows if row.starts_on.year <= year <= row.ends_on.year]


def _entitlement(row: Allowance) -> Entitlement:
    return Entitlement(
        year=row.year, days=row.days, carried_days=row.carried_days, carried_until=row.carried_until,
        accrues_monthly=row.accrues_monthly,
    )  # fmt: skip


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
