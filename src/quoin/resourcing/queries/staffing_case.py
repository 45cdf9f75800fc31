"""The open requests and the people as a case for the solver. Nothing about a person goes in but what it lists."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Sum

from quoin.base.actor import Actor
from quoin.kernel.errors import invalid
from quoin.people.models import Person
from quoin.people.queries import VIEW as VIEW_PEOPLE
from quoin.people.queries.within import people_within
from quoin.resourcing.models import Booking, BookingDay, Demand, Proposal
from quoin.resourcing.queries.demands import candidates_for, need_of, visible_demands, worked_minutes
from quoin.resourcing.rules.staffing.options import cut
from quoin.resourcing.rules.staffing.values import WHOLE, Ask, Case, Goal, Worker
from quoin.resourcing.types import Candidate, DemandStatus, Need

OPEN = (DemandStatus.OPEN, DemandStatus.PROPOSED, DemandStatus.PART)
LOOK_AHEAD_WEEKS = 12
_STEP, _MINUTE = 5, 60


def open_demands(actor: Actor, demand_ids: Collection[UUID | str] = ()) -> list[Demand]:
    """Requests that wait for somebody and are not over, the most urgent first; only those named, if any are."""
    rows = visible_demands(actor).select_related("project__manager")
    rows = rows.filter(status__in=OPEN, ends_on__gte=actor.today)
    if demand_ids:
        rows = rows.filter(id__in=[str(one) for one in demand_ids])
    return list(rows.order_by("priority", "starts_on", "number"))


def staffing_case(
    actor: Actor, goal: Goal, *, demand_ids: Collection[UUID | str] = (), keeps_tentative: bool = True
) -> tuple[Case, list[Demand]]:
    """The case, and the requests in its order; Invalid if nothing is open."""
    demands = open_demands(actor, demand_ids)
    if not demands:
        raise invalid("/demand_ids", "No request is open: there is nobody to find.", code="nothing_open")
    needs = [open_need(demand, need_of(demand), actor.today) for demand in demands]
    first = min(need.days[0] for need in needs)
    slack = max(demand.slack_weeks for demand in demands) + LOOK_AHEAD_WEEKS
    last = max(need.days[-1] for need in needs) + timedelta(weeks=slack)
    people = list(people_within(actor, VIEW_PEOPLE).exclude(kind="placeholder").order_by("name", "id"))
    people = [one for one in people if one.left_on is None or one.left_on > first]
    asks = _asks(demands, needs, [one.id for one in people])
    return Case(
        asks=asks, workers=workers_of(actor, people, first, last), goal=goal, keeps_tentative=keeps_tentative
    ), demands


def open_need(demand: Demand, need: Need, today: date) -> Need:
    """What is still ahead of it."""
    days = tuple(day for day in need.days if day >= today)
    weeks = (today - demand.starts_on).days // 7
    curve = need.curve[min(weeks, len(need.curve) - 1) :] if need.curve and weeks > 0 else need.curve
    return replace(need, days=days, curve=tuple(curve))


def workers_of(actor: Actor, people: Sequence[Person], first: date, last: date) -> tuple[Worker, ...]:
    """The people with their capacity, bookings, skills, certificates, wishes and (for who may see it) cost."""
    days = tuple(first + timedelta(days=at) for at in range((last - first).days + 1))
    zones = {person.id: zone_minutes(person.zone, first) for person in people}
    found = candidates_for(actor, list(people), Need(days=days))
    return tuple(Worker(candidate=one, zone_minutes=zones[one.person_id]) for one in found)


def zone_minutes(name: str, on: date) -> int | None:
    """Minutes east of Greenwich at noon of the day; None for no zone."""
    if not name:
        return None
    offset = datetime.combine(on, time(12), ZoneInfo(name)).utcoffset()
    return int(offset.total_seconds()) // _MINUTE if offset is not None else None


def _asks(demands: Sequence[Demand], needs: Sequence[Need], people: list[UUID]) -> tuple[Ask, ...]:
    answers: dict[UUID, dict[str, set[UUID]]] = {demand.id: {} for demand in demands}
    for demand_id, person_id, status in Proposal.objects.filter(demand__in=demands).values_list(
        "demand_id", "person_id", "status"
    ):
        answers[demand_id].setdefault(status, set()).add(person_id)
    booked: dict[UUID, set[UUID]] = {demand.id: set() for demand in demands}
    for demand_id, person_id in Booking.objects.filter(demand__in=demands).values_list("demand_id", "person_id"):
        booked[demand_id].add(person_id)
    worked: dict[tuple[UUID | None, UUID | None], dict[UUID, tuple[int, int]]] = {}
    for need in needs:
        key = (need.client_id, need.project_id)
        if key not in worked:
            worked[key] = dict(worked_minutes(people, *key))
    return tuple(
        Ask(
            id=demand.id, number=demand.number, title=demand.title or demand.project.name, need=need,
            priority=demand.priority, open_share=_open_share(demand, need), most_people=demand.most_people,
            least_share=demand.least_share, slack_weeks=demand.slack_weeks,
            zone_minutes=zone_minutes(demand.project.manager.zone, need.days[0]) if demand.project.manager else None,
            refused_by=frozenset(answers[demand.id].get("unwilling", ())),
            wanted_by=frozenset(answers[demand.id].get("willing", ())), booked=frozenset(booked[demand.id]),
            worked=worked[need.client_id, need.project_id],
        )
        for demand, need in zip(demands, needs, strict=True)
    )  # fmt: skip


def _open_share(demand: Demand, need: Need) -> int:
    """Per cent of what is ahead that nobody is booked for, in steps of five."""
    if demand.status != DemandStatus.PART:
        return WHOLE
    bookings = Booking.objects.filter(demand=demand).values_list("id", flat=True)
    days = BookingDay.objects.filter(
        tenant_id=demand.tenant_id, booking_id__in=list(bookings), day_on__gte=need.days[0]
    )
    there = days.aggregate(total=Sum("minutes"))["total"] or 0
    whole = cut(need, 0, WHOLE).whole
    missing = WHOLE - (there * WHOLE // whole if whole else WHOLE)
    return min(WHOLE, max(_STEP, -(-missing // _STEP) * _STEP))


def digest(case: Case) -> str:
    """The same for the same input, whenever and by whom it was gathered."""
    parts = [repr((case.goal.name, sorted(case.goal.weights.items()), case.goal.spread, case.keeps_tentative))]
    for ask in case.asks:
        plain = replace(ask, worked={}, refused_by=frozenset(), wanted_by=frozenset(), booked=frozenset())
        sets = (sorted(map(str, one)) for one in (ask.refused_by, ask.wanted_by, ask.booked))
        parts += [repr(plain), repr([*sets]), repr(sorted((str(key), both) for key, both in ask.worked.items()))]
    parts += [f"{_plain(worker.candidate)} {worker.zone_minutes}" for worker in case.workers]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _plain(one: Candidate) -> str:
    maps = (one.capacity, one.firm, one.tentative, one.skills, one.certificates)
    sets = (one.wanted_clients, one.unwanted_clients, one.wanted_places, one.unwanted_places)
    return repr([
        str(one.person_id), one.name, str(one.job_role_id), one.languages, one.place, str(one.cost_per_hour),
        [sorted((str(key), repr(held)) for key, held in each.items()) for each in maps],
        [sorted(map(str, each)) for each in sets],
    ])  # fmt: skip
