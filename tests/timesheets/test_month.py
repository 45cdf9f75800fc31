"""The month: every day once, sums of the month only, and nobody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from quoin.accounts.models import Tenant
from quoin.base.actor import Scope
from quoin.kernel.errors import Invalid, NotFound
from quoin.timesheets.queries.access import VIEW_TIME
from quoin.timesheets.queries.month import Month, month_day, month_for
from tests.make import World
from tests.make import time as make
from tests.make.web import signed_in


def shown(world: World, person, on: date) -> Month:
    with world.inside(read_only=True):
        return month_for(world.actor, person.id, on)


def test_month_sums_its_own_days_and_says_what_needs_a_look(world: World) -> None:
    ana = world.person()
    project = make.project(world, members=(ana,))
    for on, minutes, status in (
        (date(2026, 4, 30), 480, "approved"), (date(2026, 5, 4), 300, "approved"), (date(2026, 5, 4), 180, "returned"),
        (date(2026, 5, 5), 450, "submitted"), (date(2026, 5, 31), 60, "open"), (date(2026, 6, 1), 99, "open"),
    ):  # fmt: skip
        make.entry(world, ana, project, on=on, minutes=minutes, status=status)

    found = shown(world, ana, date(2026, 5, 17))

    logged = {day.on: (day.minutes, day.status) for day in found.days if day.minutes}
    assert logged == {
        date(2026, 5, 4): (480, "returned"), date(2026, 5, 5): (450, "submitted"), date(2026, 5, 31): (60, "open"),
    }  # fmt: skip
    assert found.minutes == 990
    assert [day.on for day in found.days] == [date(2026, 5, 1) + timedelta(days=number) for number in range(31)]
    assert (found.weeks[0].name, found.weeks[0].days[0].on, found.weeks[0].minutes) == (
        "2026-W18",
        date(2026, 4, 27),
        0,
    )
    assert found.difference == 990 - found.target_minutes


def test_month_is_written_with_year_and_month() -> None:
    assert month_day("2026-05") == date(2026, 5, 1)
    with pytest.raises(Invalid):
        month_day("May")


def test_month_of_somebody_out_of_reach_does_not_exist(world: World) -> None:
    ana, ben = world.person(), world.person()
    own = replace(world.actor, person_id=ben.id, grants={VIEW_TIME: Scope.OWN})

    with world.inside(read_only=True), pytest.raises(NotFound):
        month_for(own, ana.id, date(2026, 5, 1))


def test_page_links_days_and_weeks(world: World) -> None:
    ana = world.person()
    make.entry(world, ana, make.project(world, members=(ana,)), on=date(2026, 5, 6), minutes=150)
    world.do(lambda: Tenant.objects.filter(id=world.tenant_id).update(clock_at=world.actor.now))
    browser = signed_in(world, VIEW_TIME, scope=Scope.OWN, person=ana)

    page = browser.get("/time/month/2026-05").content.decode()

    assert 'href="/time/2026-W19"' in page
    assert 'href="/time/day/2026-05-06"' in page
    assert "2:30" in page
    assert browser.get("/time/month").status_code == 302
    assert browser.get("/time/month/2026-13").status_code == 404
