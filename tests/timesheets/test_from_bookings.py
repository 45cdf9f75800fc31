"""Bookings become time: suggested on their day, copied into the week by a button, the API and the command line."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quoin.people.models import Person
from quoin.projects.models import Project
from quoin.resourcing.actions.bookings import create_booking
from quoin.timesheets.actions.weeks import copy_bookings
from quoin.timesheets.models import TimeEntry
from quoin.timesheets.queries.week import week_for
from quoin.timesheets.types import Why, WrongState
from tests.make import World, resourcing
from tests.make.api import api as api_of
from tests.make.cli import quoin
from tests.make.web import signed_in
from tests.resourcing.test_bookings import last_undo


@pytest.fixture
def job(world: World) -> Project:
    return resourcing.project(world)


def book(world: World, person: Person, job: Project, *, percent: int = 50, is_firm: bool = True, week: int = 0) -> None:
    """The whole of a week from the one that has begun."""
    monday = world.actor.today - timedelta(days=world.actor.today.weekday()) + timedelta(weeks=week)
    create_booking(
        world.actor, person_id=person.id, project_id=job.id, starts_on=monday, ends_on=monday + timedelta(days=4),
        effort="percent", amount=percent, is_firm=is_firm,
    )  # fmt: skip


def monday_of(world: World):
    return world.actor.today - timedelta(days=world.actor.today.weekday())


def test_a_firm_booking_is_suggested_and_a_tentative_one_is_not(world: World, job: Project) -> None:
    ana = world.person("Ana")
    book(world, ana, job)
    book(world, ana, job, percent=30, is_firm=False)

    with world.inside():
        sheet = week_for(world.actor, ana.id, monday_of(world), today=world.actor.today)

    assert {(one.why, one.minutes) for one in sheet.suggestions} == {(Why.BOOKED, 240)}
    assert len(sheet.suggestions) == 5


def test_copying_logs_what_is_booked_once_and_is_taken_back(world: World, job: Project) -> None:
    ana = world.person("Ana")
    book(world, ana, job)

    done = copy_bookings(world.actor, person_id=ana.id, week_on=monday_of(world))

    assert done.minutes == 5 * 240
    with world.inside():
        assert sorted(TimeEntry.objects.values_list("project_id", "minutes")) == [(job.id, 240)] * 5
    with pytest.raises(WrongState, match="nothing to log"):
        copy_bookings(world.actor, person_id=ana.id, week_on=monday_of(world))
    last_undo(world)
    with world.inside():
        assert not TimeEntry.objects.exists()


def test_the_button_the_api_and_the_command_line_copy(world: World, job: Project) -> None:
    for number in (0, -1, -2):
        book(world, world.boss, job, week=number)
    names = [
        f"{year}-W{week:02d}"
        for year, week, _day in ((monday_of(world) + timedelta(weeks=at)).isocalendar() for at in (0, -1, -2))
    ]
    browser = signed_in(world)
    assert "Copy my bookings" in browser.get(f"/time/{names[0]}").content.decode()

    assert browser.post(f"/time/{names[0]}/bookings").status_code == 303
    answer = api_of(world).post(f"/timesheets/{world.boss.public_id}/{names[1]}/from-bookings")
    told = quoin(world, "time", "from-bookings", names[2])

    assert answer.body == {"minutes": 1200, "entries": 5}
    assert told["logged"] == "20:00"
    with world.inside():
        assert TimeEntry.objects.filter(person=world.boss).count() == 15
