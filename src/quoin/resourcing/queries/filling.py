"""How far a request is filled, week by week: what it asks for, and what is booked for it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from quoin.base.actor import Actor
from quoin.kernel.period import Period
from quoin.people.types import FULL_WEEK
from quoin.resourcing.models import Booking, BookingDay, Demand
from quoin.resourcing.queries import visible_bookings
from quoin.resourcing.rules.spreading import wanted_minutes


@dataclass(frozen=True, slots=True)
class FillWeek:
    """A week of a request, in minutes."""

    monday: date
    wanted: int
    firm: int
    tentative: int

    @property
    def booked(self) -> int:
        return self.firm + self.tentative

    @property
    def missing(self) -> int:
        return max(self.wanted - self.booked, 0)

    @property
    def percent(self) -> int:
        """Of what is asked for."""
        return self.booked * 100 // self.wanted if self.wanted else 0


def fill_of(actor: Actor, demand: Demand) -> list[FillWeek]:
    """The weeks of a request that the actor has found."""
    days = tuple(Period(demand.starts_on, demand.ends_on + timedelta(days=1)).days())
    wanted = wanted_minutes(
        days, {day: FULL_WEEK[day.weekday()] for day in days}, minutes_per_week=demand.minutes_per_week,
        percent=demand.percent, curve=demand.curve,
    )  # fmt: skip
    weeks: defaultdict[date, list[int]] = defaultdict(lambda: [0, 0, 0])
    for day, minutes in wanted.items():
        weeks[day - timedelta(days=day.weekday())][0] += minutes
    ids = Booking.objects.filter(demand=demand).order_by().values("id")
    rows = BookingDay.objects.filter(tenant_id=actor.tenant_id, booking_id__in=ids)
    for day, minutes, is_firm in rows.values_list("day_on", "minutes", "is_firm"):
        weeks[day - timedelta(days=day.weekday())][1 if is_firm else 2] += minutes
    return [FillWeek(monday, *numbers) for monday, numbers in sorted(weeks.items())]


def bookings_for(actor: Actor, demand: Demand) -> list[Booking]:
    """What is booked for a request, as far as the actor may see it."""
    return list(visible_bookings(actor).filter(demand=demand))
