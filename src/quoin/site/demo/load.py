"""Loading the demo company: phases in order, in one transaction, so that it is there whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from quoin.accounts.actions import NewTenant, create_tenant
from quoin.accounts.queries.standing import tenant_ids
from quoin.base.actor import Actor
from quoin.base.clock import utc_now
from quoin.base.db.context import tenant_transaction
from quoin.kernel.period import add_months
from quoin.ledger.services.rates import carry_rates_forward, load_reference_rates
from quoin.site.demo import engagements as plan
from quoin.site.demo import outlays, people, weeks, work
from quoin.site.demo.begun import begin_demo
from quoin.site.demo.beside import read_routes
from quoin.site.demo.bookings import book_demo
from quoin.site.demo.chance import Chance
from quoin.site.demo.engagements import FJORD, VEGA, Engagement
from quoin.site.demo.field import install_demo
from quoin.site.demo.firm import NAME, SLUG, ZONE
from quoin.site.demo.hours import Worked, worked
from quoin.site.demo.money import Till
from quoin.site.demo.packs import sell_demo_packs
from quoin.site.demo.people import Staff
from quoin.site.demo.plans import plan_demo
from quoin.site.demo.relief import forget_fired_checks
from quoin.site.demo.scenarios import imagine_demo
from quoin.site.demo.steering import steer_demo
from quoin.site.demo.webhooks import tell_demo
from quoin.site.demo.work import Portfolio

SEED = 7
MONTHS = 14
_RATES_BEFORE = timedelta(days=40)
_RATES_AHEAD = timedelta(days=90)
_EXPENSES_A_MONTH = 18
_PLANNED = 12
"""Projects whose tasks are linked: enough to look at, and quickly calculated."""
Told = Callable[[str], None]
"""Takes what is being made, as it begins."""


@dataclass(slots=True)
class Loaded:
    """What was made, and how long each phase took."""

    actor: Actor
    staff: Staff
    seconds: dict[str, float] = field(default_factory=dict)


FIRST_START_SCALE = 0.2


def load_if_empty() -> Loaded | None:
    """Make the demo company unless the instance has a firm already.

    The first start of a laptop makes a smaller one, so that it is soon there; `quoin demo reset` makes all of it.
    """
    return None if tenant_ids() else load(scale=FIRST_START_SCALE, told=_say)


def load(*, seed: int = SEED, scale: float = 1.0, now: datetime | None = None, told: Told = lambda _: None) -> Loaded:
    """Make the demo company; `scale` below 1 makes a smaller one of the same shape."""
    now = now or utc_now()
    chance = Chance(seed, "halden")
    clock = _Stopwatch(told)
    with transaction.atomic():
        begun_on = add_months(now.date().replace(day=1), -MONTHS)
        opened_at = now - timedelta(days=(now.date() - begun_on).days)
        system = create_tenant(NewTenant(name=NAME, slug=SLUG, currency="EUR", zone=ZONE, is_demo=True), now=opened_at)
        with tenant_transaction(system, savepoint=False):
            made = _Making(system, chance, now, begun_on, scale, clock)
            made.everything()
    return Loaded(system, made.staff, clock.seconds)


@dataclass(slots=True)
class _Making:
    """The parts in the order in which they need each other."""

    system: Actor
    chance: Chance
    now: datetime
    begun_on: date
    scale: float
    clock: _Stopwatch
    staff: Staff = field(init=False)
    portfolio: Portfolio = field(default_factory=Portfolio)
    engagements: list[Engagement] = field(default_factory=list)
    rows: list[Worked] = field(default_factory=list)

    def everything(self) -> None:
        with self.clock.phase("Reading exchange rates"):
            load_reference_rates(since=self.begun_on - _RATES_BEFORE)
            carry_rates_forward(until=self.today + _RATES_AHEAD)
        with self.clock.phase("Hiring people"):
            self._people()
        with self.clock.phase("Winning clients and projects"):
            self._work()
        with self.clock.phase("Planning projects"):
            plan_demo(self.system.at(self.now), project_ids=self._planned(), told=self.portfolio.projects[FJORD].id)
        read_routes()
        with self.clock.phase("Writing 14 months of timesheets"):
            self._time()

        with self.clock.phase("Collecting receipts"):
            outlays.write(
                self.staff, self.portfolio, self.rows, self.chance.part("outlays"), now=self.now,
                per_month=max(4, round(_EXPENSES_A_MONTH * self.scale)),
            )  # fmt: skip
        with self.clock.phase("Billing and getting paid"):
            self._money()
        with self.clock.phase("Booking people"):
            book_demo(self.system.at(self.now), self.staff, self.chance.part("bookings"))
        with self.clock.phase("Delivering and installing"):
            install_demo(
                self.system.at(self.now), self.staff, self.portfolio, self.chance.part("field"), scale=self.scale
            )
        with self.clock.phase("Steering projects"):
            steer_demo(self.system.at(self.now), self.portfolio)
        with self.clock.phase("Beginning from templates"):
            begin_demo(self.system.at(self.now), self.staff, self.portfolio)
        with self.clock.phase("Asking what if"):
            imagine_demo(self.system.at(self.now), self.staff, self.portfolio)
        with self.clock.phase("Telling other systems"):
            tell_demo(self.system.at(self.now), self.staff)

    def _planned(self) -> list[UUID]:
        """The projects whose tasks come from a template: the stories first, then others, as many as a minute shows."""
        with_plan = [one.key for one in self.engagements if one.template and one.key in self.portfolio.projects]
        with_plan.sort(key=lambda key: key not in {FJORD, VEGA})
        return [self.portfolio.projects[key].id for key in with_plan[:_PLANNED]]

    def _money(self) -> None:
        till = Till(self.staff, self.portfolio, self.engagements, self.chance.part("money"), self.now, self.begun_on)
        till.bill(told=lambda day: self.clock.detail(f"{day:%B %Y}"))
        sell_demo_packs(till.finance.at(self.now), self.portfolio)
        before = self.today.replace(day=1)
        work.close_ended(self.system.at(self.now), self.portfolio, self.engagements, before=before)

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def raised_on(self) -> date:
        """When pay and prices rise: the turn of the year after the beginning."""
        return date(self.begun_on.year + 1, 1, 1)

    def _people(self) -> None:
        planned = people.planned(self.chance.part("people"), today=self.today, scale=self.scale)
        self.staff = people.write(self.system, planned, self.chance.part("entities"), begun_on=self.begun_on)

    def _work(self) -> None:
        chance, actor = self.chance, self.system
        buyers = plan.buyers(chance.part("clients"), scale=self.scale)
        self.engagements = plan.engagements(
            chance.part("work"), buyers, begun_on=self.begun_on, today=self.today, scale=self.scale
        )
        everybody = self.staff.everybody
        self.rows = worked(chance.part("hours"), everybody, self.engagements, begun_on=self.begun_on, today=self.today)
        work.write_catalog(actor, self.staff, self.portfolio, begun_on=self.begun_on, raised_on=self.raised_on)
        since = (self.begun_on, self.raised_on)
        work.write_clients(actor, self.staff, self.portfolio, buyers, chance=chance.part("addresses"), since=since)
        work.write_engagements(
            self.staff, self.portfolio, self.engagements, {buyer.key: buyer for buyer in buyers}, rows=self.rows,
            raised_on=self.raised_on, today=self.today, now_actor=actor,
        )  # fmt: skip

    def _time(self) -> None:
        monday = self.today - timedelta(days=self.today.weekday())
        last_monday = monday - timedelta(days=7)
        weeks.write_past(
            self.staff, self.portfolio, self.rows, until=last_monday, told=lambda day: self.clock.detail(f"{day:%B %Y}")
        )
        weeks.write_last_weeks(
            self.staff, self.portfolio, self.rows, self.chance.part("last weeks"), since=last_monday, now=self.now
        )


class _Stopwatch:
    """Tells each phase as it begins, and keeps how long it took."""

    def __init__(self, told: Told) -> None:
        self._told, self._phase = told, ""
        self.seconds: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        self._phase = name
        self._told(name)
        begun = time.monotonic()
        yield
        forget_fired_checks()
        self.seconds[name] = round(time.monotonic() - begun, 2)

    def detail(self, text: str) -> None:
        """Tells how far the running phase is."""
        forget_fired_checks()
        self._told(f"{self._phase}: {text}")


def _say(what: str) -> None:
    print(f"Demo company: {what} ...", flush=True)
