"""What the database says of a day and what the rules say are the same, and both are right for known cases."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from quoin.people.actions import set_work_pattern
from quoin.people.actions.absences import approve_absence, request_absence
from quoin.people.actions.calendars import create_calendar, set_calendar_day
from quoin.people.models import Absence, CalendarDay, Person, WorkCalendar, WorkPattern
from quoin.people.queries.capacity import capacities
from quoin.people.rules.balances import balance
from quoin.people.rules.capacity import by_week, capacity_minutes
from quoin.people.types import Away, DayCalendar, Entitlement, Pattern, WorkTime
from tests.make import World
from tests.make.world import new_world

MONDAY = date(2026, 5, 4)


def by_database(world: World, person: Person, from_on: date, days: int) -> list[int]:
    with world.inside(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT people_day_capacity(%s, %s, d::date) FROM generate_series(%s::date, %s::date, '1 day') d",
            [world.tenant_id, person.id, from_on, from_on + timedelta(days=days - 1)],
        )
        return [row[0] for row in cursor.fetchall()]


def at_once(world: World, person: Person, from_on: date, days: int) -> list[int]:
    asked = [from_on + timedelta(days=day) for day in range(days)]
    with world.inside(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT minutes FROM people_day_capacities(%s, %s, %s) ORDER BY day_on",
            [world.tenant_id, [person.id] * days, asked],
        )
        return [row[0] for row in cursor.fetchall()]


def test_holidays_patterns_and_halves_count(world: World) -> None:
    person = world.person()
    calendar = create_calendar(world.actor, name="Berlin", country="DE", subdivision="BE", is_default=True)
    set_work_pattern(world.actor, person_id=person.id, valid_from=MONDAY, weekday_minutes=[480, 480, 480, 301, 0, 0, 0])
    set_calendar_day(world.actor, calendar_id=calendar.id, day_on=MONDAY + timedelta(days=2), spans=[[480, 720]])
    asked = request_absence(
        world.actor, person_id=person.id, kind="vacation", starts_on=MONDAY + timedelta(days=3),
        ends_on=MONDAY + timedelta(days=7), starts_half=True,
    )  # fmt: skip
    boss = world.with_rights("people.absence.approve")
    with world.inside():
        before = capacities([person.id], MONDAY - timedelta(days=3), MONDAY + timedelta(days=7))[person.id]
    approve_absence(boss, absence_id=asked.id)

    with world.inside():
        after = capacities([person.id], MONDAY - timedelta(days=3), MONDAY + timedelta(days=7))[person.id]

    # 1 May is a holiday; Wednesday is half; the vacation starts on Thursday at noon.
    assert before == [0, 0, 0, 480, 480, 240, 301, 0, 0, 0, 480]
    assert after == [0, 0, 0, 480, 480, 240, 150, 0, 0, 0, 0]
    assert by_database(world, person, MONDAY - timedelta(days=3), 11) == after


def test_the_nearest_calendar_wins_and_its_parent_fills(world: World) -> None:
    country = create_calendar(world.actor, name="Germany", country="DE")
    plant = create_calendar(world.actor, name="Plant", parent_id=country.id)
    set_calendar_day(world.actor, calendar_id=plant.id, day_on=date(2026, 5, 14), spans=[[480, 720]])
    person = world.person()
    world.do(lambda: Person.objects.filter(id=person.id).update(calendar=plant))

    with world.inside():
        found = capacities([person.id], date(2026, 5, 14), date(2026, 5, 25))[person.id]

    assert found[0] == 240
    assert found[-1] == 0
    assert by_database(world, person, date(2026, 5, 14), 12) == at_once(world, person, date(2026, 5, 14), 12) == found


one_world = cache(new_world)
_WEEK = st.lists(st.integers(0, 600), min_size=7, max_size=7)


@given(
    week=_WEEK,
    exceptions=st.dictionaries(st.integers(0, 40), st.integers(0, 600), max_size=6),
    inherited=st.dictionaries(st.integers(0, 40), st.integers(0, 600), max_size=6),
    patterns=st.dictionaries(st.integers(-20, 45), _WEEK, max_size=3),
    aways=st.lists(st.tuples(st.integers(1, 9), st.integers(1, 5), st.booleans(), st.booleans()), max_size=4),
    hired=st.none() | st.integers(-5, 45),
    stays=st.none() | st.integers(0, 45),
)
def test_rules_and_database_agree(week, exceptions, inherited, patterns, aways, hired, stays) -> None:
    world = one_world()

    def at(offset: int) -> date:
        return MONDAY + timedelta(days=offset)

    def build() -> Person:
        Absence.objects.all().delete()
        parent = WorkCalendar.objects.create(
            name=f"p{WorkCalendar.objects.count()}", week=[], weekday_minutes=[480] * 7
        )
        child = WorkCalendar.objects.create(
            name=f"c{WorkCalendar.objects.count()}", week=[], weekday_minutes=week, parent=parent
        )
        CalendarDay.objects.bulk_create(
            CalendarDay(calendar=calendar, day_on=at(day), minutes=minutes)
            for calendar, days in ((child, exceptions), (parent, inherited))
            for day, minutes in days.items()
        )
        person = Person.objects.create(
            name="P", entity=world.entity, calendar=child, hired_on=None if hired is None else at(hired),
            left_on=None if stays is None else at(stays),
        )  # fmt: skip
        WorkPattern.objects.bulk_create(
            WorkPattern(person=person, valid_from=at(day), weekday_minutes=minutes) for day, minutes in patterns.items()
        )
        first = 0
        for gap, length, starts_half, ends_half in aways:
            first += gap
            Absence.objects.create(
                person=person, kind="sick", starts_on=at(first), ends_on=at(first + length), starts_half=starts_half,
                ends_half=ends_half, status="approved", requested_at=world.actor.now,
            )  # fmt: skip
            first += length
        return person

    person = world.do(build)
    with world.inside():
        found = capacities([person.id], MONDAY, at(40))[person.id]

    assert found == by_database(world, person, MONDAY, 41) == at_once(world, person, MONDAY, 41)


def test_weeks_are_sums_of_seven_days() -> None:
    time = WorkTime(DayCalendar(), (Pattern(date(2026, 5, 12), (60,) * 7),), (Away(MONDAY, MONDAY, starts_half=True),))

    assert by_week(capacity_minutes(time, MONDAY, 21)) == [2160, 480 + 6 * 60, 420]


def test_leave_is_counted_in_working_days_and_what_was_carried_lapses() -> None:
    year = Entitlement(year=2026, days=Decimal(24), carried_days=Decimal(3), carried_until=date(2026, 3, 31))
    taken = [Away(date(2026, 2, 6), date(2026, 2, 9), starts_half=True)]
    asked = [Away(date(2026, 5, 4), date(2026, 5, 4), ends_half=True)]

    found = balance(year, WorkTime(), taken, asked, on=date(2026, 5, 1))

    assert (found.taken, found.asked, found.lapsed) == (Decimal("1.5"), Decimal("0.5"), Decimal("1.5"))
    assert found.left == Decimal("23.5")


def test_monthly_leave_is_earned_in_twelfths_to_half_days() -> None:
    year = Entitlement(year=2026, days=Decimal(25), accrues_monthly=True)

    earned = [balance(year, WorkTime(), [], [], on=date(2026, month, 1)).earned for month in (1, 4, 12)]

    assert earned == [Decimal(2), Decimal("8.5"), Decimal(25)]
