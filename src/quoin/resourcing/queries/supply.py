"""Capacity and demand: by role or skill and month, what is there, booked, asked for and likely to come."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from quoin.base.actor import Actor
from quoin.kernel.period import Period, add_months, next_month
from quoin.people.queries.capacity import capacities
from quoin.people.queries.skills import levels_by_person
from quoin.people.queries.within import people_within
from quoin.people.types import FULL_WEEK
from quoin.resourcing.models import Booking, BookingDay, Demand, DemandSkill
from quoin.resourcing.queries import VIEW
from quoin.resourcing.queries.demands import visible_demands
from quoin.resourcing.rules.spreading import wanted_minutes
from quoin.resourcing.types import DemandStatus


@dataclass(frozen=True, slots=True)
class Likely:
    """Work that may come, of a deal that is not won yet."""

    job_role_id: UUID | None
    skill_ids: frozenset[UUID]
    by_day: dict[date, int]
    probability: Decimal
    """From 0 to 1."""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """A month of a role, a skill or a team, in minutes."""

    key: UUID | None
    month_on: date
    people: int
    capacity: int
    firm: int
    tentative: int
    demand: int
    """Asked for, sold, and not booked yet."""
    pipeline: int
    """What may come, weighted: open requests of work that is not sold, and deals where somebody knows of them."""

    @property
    def gap(self) -> int:
        """What is missing (positive) or left (negative)."""
        return self.firm + self.tentative + self.demand + self.pipeline - self.capacity


UNSOLD_PERCENT = 50
"""What an open request of work that is not sold counts for, until a deal says how likely it is."""
Pipeline = Callable[[Actor, date, date], Iterable[Likely]]
_pipeline: list[Pipeline] = []


def provide_pipeline(found: Pipeline) -> None:
    """Say who knows of deals that may come. Deals are sold elsewhere; without a source there are none."""
    if found not in _pipeline:
        _pipeline.append(found)


def supply_by_role(actor: Actor, from_on: date, months: int) -> list[Supply]:
    """Per role (None: without one) and month, in order of role and month."""
    people: dict[UUID, tuple[UUID | None, ...]] = {person: (role,) for person, role in _people(actor)}
    return _table(actor, (from_on, months), people, lambda role, _skills: (role,))


def supply_by_skill(
    actor: Actor, from_on: date, months: int, skills: Iterable[UUID], *, least_level: int = 3
) -> list[Supply]:
    """Per skill and month; whoever has several counts in each."""
    wanted = frozenset(skills)
    levels = levels_by_person([person for person, _role in _people(actor)])
    people: dict[UUID, tuple[UUID | None, ...]] = {
        person: tuple(skill for skill, row in held.items() if skill in wanted and row.level >= least_level)
        for person, held in levels.items()
    }
    return _table(actor, (from_on, months), people, lambda _role, asked: tuple(asked & wanted))


def supply_by_team(actor: Actor, from_on: date, months: int) -> list[Supply]:
    """Per team (None: without one) and month. Requests are for roles, not teams: they stand in the line without one."""
    people: dict[UUID, tuple[UUID | None, ...]] = {
        person: (team,)
        for person, team in people_within(actor, VIEW).exclude(kind="placeholder").values_list("id", "team_id")
    }
    return _table(actor, (from_on, months), people, lambda _role, _skills: (None,))


def _people(actor: Actor) -> list[tuple[UUID, UUID | None]]:
    return list(people_within(actor, VIEW).exclude(kind="placeholder").values_list("id", "job_role_id"))


Keys = Callable[[UUID | None, frozenset[UUID]], tuple[UUID | None, ...]]


Table = defaultdict[tuple[UUID | None, date], int]
_NAMES = ("capacity", "firm", "tentative", "demand", "pipeline")


def _table(
    actor: Actor, span: tuple[date, int], people: Mapping[UUID, tuple[UUID | None, ...]], keys_of: Keys
) -> list[Supply]:
    starts = [add_months(span[0].replace(day=1), month) for month in range(span[1])]
    first, last = starts[0], next_month(starts[-1]) - timedelta(days=1)
    counted: dict[str, Table] = {name: defaultdict(int) for name in _NAMES}
    _count_people(actor, (first, last), people, counted)
    _count_demand(actor, (first, last), counted, keys_of)
    for likely in _pipeline[0](actor, first, last) if _pipeline else ():
        for day, minutes in likely.by_day.items():
            for key in keys_of(likely.job_role_id, likely.skill_ids):
                counted["pipeline"][key, day.replace(day=1)] += int(minutes * likely.probability)
    heads = Counter(key for keys in people.values() for key in keys)
    found = {key for table in counted.values() for key, _month in table}
    return [
        Supply(
            key=key, month_on=month, people=heads[key],
            **{name: table[key, month] for name, table in counted.items()},
        )
        for key in sorted(found, key=str)
        for month in starts
    ]  # fmt: skip


def _count_people(
    actor: Actor,
    span: tuple[date, date],
    people: Mapping[UUID, tuple[UUID | None, ...]],
    counted: Mapping[str, Table],
) -> None:
    """Capacity, firm and tentative minutes."""
    first, last = span
    months = [(first + timedelta(days=at)).replace(day=1) for at in range((last - first).days + 1)]
    for person, daily in capacities(list(people), first, last).items():
        for month, one in zip(months, daily, strict=True):
            for key in people[person]:
                counted["capacity"][key, month] += one
    days = BookingDay.objects.filter(
        tenant_id=actor.tenant_id, person_id__in=list(people), day_on__gte=first, day_on__lte=last
    )
    for person, day, booked, is_firm in days.values_list("person_id", "day_on", "minutes", "is_firm"):
        for key in people[person]:
            counted["firm" if is_firm else "tentative"][key, day.replace(day=1)] += booked


def _count_demand(actor: Actor, span: tuple[date, date], counted: Mapping[str, Table], keys_of: Keys) -> None:
    """What open requests ask for, less what is booked for them; weighted where the work is not sold."""
    first, last = span
    live = [DemandStatus.DRAFT, DemandStatus.OPEN, DemandStatus.PROPOSED, DemandStatus.PART]
    demands = list(visible_demands(actor).filter(status__in=live, starts_on__lte=last, ends_on__gte=first))
    skills: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for demand_id, skill_id in DemandSkill.objects.filter(demand__in=demands, is_must=True).values_list(
        "demand_id", "skill_id"
    ):
        skills[demand_id].add(skill_id)
    for demand, missing in missing_minutes(actor, demands):
        table = counted["demand" if demand.is_firm else "pipeline"]
        weight = 100 if demand.is_firm else UNSOLD_PERCENT
        for day, left in missing.items():
            if first <= day <= last:
                for key in keys_of(demand.job_role_id, frozenset(skills[demand.id])):
                    table[key, day.replace(day=1)] += left * weight // 100


def missing_minutes(actor: Actor, demands: Iterable[Demand]) -> Iterator[tuple[Demand, dict[date, int]]]:
    """Each demand with what it asks for on its days, less what is booked for it."""
    wanted_by = list(demands)
    booked = _booked_for(actor, [demand.id for demand in wanted_by])
    for demand in wanted_by:
        days = tuple(Period(demand.starts_on, demand.ends_on + timedelta(days=1)).days())
        usual = {day: FULL_WEEK[day.weekday()] for day in days}
        wanted = wanted_minutes(
            days, usual, minutes_per_week=demand.minutes_per_week, percent=demand.percent, curve=demand.curve
        )
        left = {day: max(minutes - booked.get((demand.id, day), 0), 0) for day, minutes in wanted.items()}
        yield demand, {day: minutes for day, minutes in left.items() if minutes}


def _booked_for(actor: Actor, demands: list[UUID]) -> dict[tuple[UUID, date], int]:
    bookings = dict(Booking.objects.filter(demand_id__in=demands).values_list("id", "demand_id"))
    found: defaultdict[tuple[UUID, date], int] = defaultdict(int)
    days = BookingDay.objects.filter(tenant_id=actor.tenant_id, booking_id__in=list(bookings))
    for booking, day, minutes in days.values_list("booking_id", "day_on", "minutes"):
        found[bookings[booking], day] += minutes
    return found
