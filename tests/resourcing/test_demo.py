"""The demo's coming weeks: Ana at 131 %, a licence that ends in the window, conflicts, requests; quickly made."""

from __future__ import annotations

import pytest

from quoin.base.db.context import tenant_transaction
from quoin.people.models import Absence, PersonCertificate
from quoin.resourcing.models import Demand
from quoin.resourcing.queries import conflict_days, planner
from quoin.site.demo import Loaded
from tests.make.demo import DEMO_NOW


@pytest.mark.slow
def test_the_demo_has_its_stories_of_people(demo: Loaded) -> None:
    actor = demo.staff.actor(demo.staff.with_job("resource_manager")[0]).at(DEMO_NOW)

    with tenant_transaction(actor):
        grid = planner.grid(actor, planner.Wanted(from_on=_monday(actor), columns=12))
        ana = next(row for row in grid.rows if row.person.name == "Ana Ruiz")
        lapsing = PersonCertificate.objects.filter(
            expires_on__lte=actor.today.fromordinal(actor.today.toordinal() + 30)
        )
        assert {131, 130} & {cell.percent for cell in ana.cells}
        assert lapsing.exists()
        assert conflict_days(actor).exists()
        assert Demand.objects.count() == 9
        assert Absence.objects.filter(status="requested").exists()
    assert demo.seconds["Booking people"] < 10


def _monday(actor):
    return actor.today.fromordinal(actor.today.toordinal() - actor.today.weekday())
