"""Whether firm minutes fit, and in words why not: person, day, booked, capacity, by whom. Asked under the lock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Sum

from quoin.base.actor import Actor
from quoin.base.db.context import current_tenant
from quoin.kernel.errors import Forbidden, Problem, invalid
from quoin.kernel.quantity import clock
from quoin.kernel.words import FullDay, say
from quoin.people.models import Certificate, Person, RoleCertificate
from quoin.people.queries.capacity import capacities
from quoin.people.queries.skills import certificates_by_person
from quoin.resourcing.models import Booking, BookingDay, DemandCertificate, Override
from quoin.resourcing.types import Crowded, NotCertified, OverCapacity

GRANT = "resourcing.override.grant"
_SHOWN = 3


def crowded_days(person_id: UUID, wanted: Mapping[date, int], *, beside: Collection[UUID] = ()) -> list[Crowded]:
    """Days into which the wanted firm minutes do not fit, beside all bookings but those named."""
    if not wanted:
        return []
    first, last = min(wanted), max(wanted)
    capacity = capacities([person_id], first, last)[person_id]
    booked: defaultdict[date, int] = defaultdict(int)
    sources: defaultdict[date, list[UUID]] = defaultdict(list)
    days = BookingDay.objects.filter(
        tenant_id=current_tenant(), person_id=person_id, day_on__in=list(wanted), is_firm=True
    ).exclude(booking_id__in=list(beside))
    for booking_id, day, minutes in days.values_list("booking_id", "day_on", "minutes"):
        booked[day] += minutes
        sources[day].append(booking_id)
    approved = dict(
        Override.objects.filter(person_id=person_id, day_on__in=list(wanted))
        .values_list("day_on")
        .annotate(minutes=Sum("minutes"))
    )
    found = [
        Crowded(day, capacity[(day - first).days], booked[day], minutes, approved.get(day, 0))
        for day, minutes in sorted(wanted.items())
        if booked[day] + minutes > capacity[(day - first).days] + approved.get(day, 0)
    ]
    return [_with_sources(one, sources[one.day]) for one in found[:_SHOWN]] + found[_SHOWN:]


def _with_sources(one: Crowded, bookings: Sequence[UUID]) -> Crowded:
    rows = Booking.objects.select_related("project", "booked_by").filter(id__in=bookings).order_by("booked_at")
    by = tuple(f"{row.project.name}{f', by {row.booked_by.name}' if row.booked_by else ''}" for row in rows)
    return Crowded(one.day, one.capacity, one.booked, one.wanted, one.approved, by)


def refuse(person: Person, crowded: Sequence[Crowded]) -> OverCapacity:
    """The refusal in words."""
    problems = tuple(Problem(f"/days/{one.day}", "over_capacity", _sentence(person, one)) for one in crowded)
    more = say(" So on %(count)s more days.", count=len(crowded) - 1) if len(crowded) > 1 else ""
    return OverCapacity(
        say(
            "%(detail)s%(more)s Book it as tentative, take fewer hours or other days,"
            " or have it approved with a reason.",
            detail=problems[0].detail,
            more=more,
        ),
        problems=problems,
    )


def _sentence(person: Person, one: Crowded) -> str:
    booked = clock(one.booked)
    return say(
        "%(person)s has %(capacity)s on %(day)s%(approved)s; %(there)s, %(wanted)s more do not fit.",
        person=person.name,
        capacity=clock(one.capacity),
        day=FullDay.of(one.day),
        approved=say(" and %(hours)s approved on top", hours=clock(one.approved)) if one.approved else "",
        there=say("%(booked)s are booked firmly (%(by)s)", booked=booked, by="; ".join(one.by))
        if one.by
        else say("%(booked)s are booked", booked=booked),
        wanted=clock(one.wanted),
    )


def make_room(actor: Actor, person: Person, crowded: Sequence[Crowded], *, reason: str) -> list[Override]:
    """Approve what is missing on each day, if the actor may; OverCapacity without a reason."""
    if not crowded:
        return []
    if not reason.strip():
        raise refuse(person, crowded)
    actor.require(GRANT)
    if actor.person_id is None or actor.person_id == person.id:
        raise Forbidden("Somebody else approves that you are booked over capacity.")
    return Override.objects.bulk_create(
        [
            Override(
                person=person, day_on=one.day, minutes=one.missing, reason=reason.strip(),
                approved_by_id=actor.person_id, approved_at=actor.now,
            )
            for one in crowded
        ]
    )  # fmt: skip


def check_certificates(booking: Booking, days: Collection[date]) -> None:
    """The role's and the demand's certificates must hold on each booked day; NotCertified else."""
    role = booking.job_role_id or (booking.demand.job_role_id if booking.demand else None) or booking.person.job_role_id
    needed = set(RoleCertificate.objects.filter(job_role_id=role).values_list("certificate_id", flat=True))
    if booking.demand_id:
        needed |= set(
            DemandCertificate.objects.filter(demand_id=booking.demand_id).values_list("certificate_id", flat=True)
        )
    if not needed:
        return
    held = certificates_by_person([booking.person_id])[booking.person_id]
    names = dict(Certificate.objects.filter(id__in=needed).values_list("id", "name"))
    problems = []
    for certificate in sorted(needed, key=lambda one: names[one]):
        spans = held.get(certificate, [])
        without = [day for day in sorted(days) if not any(a <= day and (b is None or day <= b) for a, b in spans)]
        if without:
            ended = max((b for _a, b in spans if b is not None and b < without[0]), default=None)
            why = say("it ended on %(day)s", day=ended) if ended else say("there is none")
            problems.append(
                Problem(
                    "/person_id",
                    "not_certified",
                    say(
                        "%(person)s needs %(certificate)s on %(day)s, and %(why)s.",
                        person=booking.person.name,
                        certificate=names[certificate],
                        day=without[0],
                        why=why,
                    ),
                )
            )
    if problems:
        raise NotCertified(
            say("%(detail)s Renew the certificate or choose somebody else.", detail=problems[0].detail),
            problems=tuple(problems),
        )


def check_effort(effort: str, amount: int) -> None:
    """Invalid for an effort that is none."""
    if effort not in {"per_day", "percent", "total"}:
        raise invalid("/effort", "An effort is per_day, percent or total.")
    if amount <= 0:
        raise invalid("/amount", "Book more than nothing.")
    if effort == "percent" and amount > _MOST_PERCENT:
        raise invalid("/amount", "A booking takes at most 200 % of a day.")
    if effort == "per_day" and amount > _FULL_DAY:
        raise invalid("/amount", "A day has 24 hours.")


_MOST_PERCENT, _FULL_DAY = 200, 1440
