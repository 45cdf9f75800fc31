"""Holidays and absences count in capacity, utilisation and the target of the timesheet, and all three say the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from quoin.base.figures import Parameters, lines_of, value_of
from quoin.insights.queries.reports import Months, utilisation
from quoin.people.actions.absences import approve_absence, request_absence
from quoin.people.actions.calendars import create_calendar, delete_calendar_day, fill_ahead, set_calendar_day
from quoin.people.models import CalendarDay, Person
from quoin.people.queries.calendars import calendar_days
from quoin.people.queries.capacity import capacities
from quoin.timesheets.queries.week import week_for
from tests.make import World

JUNE, LAST = date(2026, 6, 1), date(2026, 6, 30)


@pytest.fixture
def ana(world: World) -> Person:
    """Ana, with a public holiday on Thursday 4 June and two days off in the week after, one of them half."""
    ana = world.person("Ana")
    calendar = create_calendar(world.actor, name="Here", is_default=True)
    set_calendar_day(world.actor, calendar_id=calendar.id, day_on=date(2026, 6, 4), label="Corpus Christi")
    asked = request_absence(
        world.actor, person_id=ana.id, kind="vacation", starts_on=date(2026, 6, 8), ends_on=date(2026, 6, 9),
        ends_half=True,
    )  # fmt: skip
    approve_absence(world.actor, absence_id=asked.id)
    return ana


def test_capacity_leaves_holidays_and_absences_out_and_its_lines_add_up(world: World, ana: Person) -> None:
    asked = Parameters(person_id=ana.id, from_on=JUNE, until_on=LAST)

    with world.inside():
        value = value_of(world.actor, "time.capacity", asked)
        lines = lines_of(world.actor, "time.capacity", asked).lines
        daily = sum(capacities([ana.id], JUNE, LAST)[ana.id])

    # 22 weekdays, less one holiday, one whole and one half day of leave.
    assert value.single() == 22 * 480 - 480 - 480 - 240
    assert sum(line.value for line in lines) == value.single()
    assert daily == value.single()
    assert [line.label for line in lines] == ["20 working days, away 12:00"]


def test_utilisation_is_of_the_hours_that_are_left(world: World, ana: Person) -> None:
    with world.inside():
        rows = utilisation(world.actor, Months(JUNE, JUNE))

    found = {row.id: row.capacity for row in rows}
    assert found[ana.id] == (22 * 480 - 1200,)


def test_the_timesheet_asks_for_no_time_on_days_off(world: World, ana: Person) -> None:
    with world.inside():
        first = week_for(world.actor, ana.id, JUNE, today=JUNE)
        second = week_for(world.actor, ana.id, JUNE + timedelta(weeks=1), today=JUNE)

    assert list(first.targets.values()) == [480, 480, 480, 0, 480, 0, 0]
    assert list(second.targets.values()) == [0, 240, 480, 480, 480, 0, 0]
    assert list(first.targets) == [JUNE + timedelta(days=at) for at in range(7)]


def test_holidays_of_the_years_to_come_are_filled_once_and_changes_by_hand_stay(world: World) -> None:
    calendar = create_calendar(world.actor, name="Hamburg", country="DE", subdivision="HH")
    year = world.actor.today.year

    def days(of: int) -> set[date]:
        with world.inside():
            return set(calendar_days(world.actor, calendar.id).filter(day_on__year=of).values_list("day_on", flat=True))

    whole = days(year + 2)
    world.do(lambda: CalendarDay.objects.filter(calendar=calendar, day_on__year=year + 2).delete())
    delete_calendar_day(world.actor, calendar_id=calendar.id, day_on=date(year, 12, 26))
    kept = days(year)

    added = fill_ahead(world.actor)

    assert added == len(whole)
    assert days(year + 2) == whole
    assert days(year) == kept
    assert fill_ahead(world.actor) == 0
