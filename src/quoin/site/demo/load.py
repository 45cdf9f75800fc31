"""Loading the demo company: phases in order, in one transaction, so that it is there whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from quoin.accounts.actions import NewTenant, create_tenant
from quoin.accounts.queries.standing import tenant_ids
from quoin.base.actor import Actor
from quoin.base.clock import utc_now
from quoin.base.db.context import tenant_transaction
from quoin.kernel.period import add_months
from quoin.site.demo import people
from quoin.site.demo.chance import Chance
from quoin.site.demo.firm import NAME, SLUG, ZONE
from quoin.site.demo.people import Staff

SEED = 7
MONTHS = 14
Told = Callable[[str], None]
"""Takes what is being made, as it begins."""


@dataclass(slots=True)
class Loaded:
    """What was made, and how long each phase took."""

    actor: Actor
    staff: Staff
    seconds: dict[str, float] = field(default_factory=dict)


def load_if_empty() -> Loaded | None:
    """Make the demo company unless the instance has a firm already."""
    return None if tenant_ids() else load(told=_say)


def load(*, seed: int = SEED, scale: float = 1.0, now: datetime | None = None, told: Told = lambda _: None) -> Loaded:
    """Make the demo company; `scale` below 1 makes a smaller one of the same shape."""
    now = now or utc_now()
    chance = Chance(seed, "halden")
    clock = _Stopwatch(told)
    with transaction.atomic():
        begun_on = add_months(now.date().replace(day=1), -MONTHS)
        opened_at = now - timedelta(days=(now.date() - begun_on).days)
        system = create_tenant(NewTenant(name=NAME, slug=SLUG, currency="EUR", zone=ZONE, is_demo=True), now=opened_at)
        with tenant_transaction(system), clock.phase("Hiring people"):
            planned = people.planned(chance.part("people"), today=now.date(), scale=scale)
            staff = people.write(system, planned, chance.part("entities"), begun_on=begun_on)
    return Loaded(system, staff, clock.seconds)


class _Stopwatch:
    """Tells each phase as it begins, and keeps how long it took."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self.seconds: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        self._told(name)
        begun = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - begun, 2)


def _say(what: str) -> None:
    print(f"Demo company: {what} ...", flush=True)
