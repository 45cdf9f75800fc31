"""Periods, durations and ids."""

from datetime import date, timedelta
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.kernel.ids import from_public_id, public_id, uuid7, uuid7s
from quoin.kernel.period import Period, add_months, iso_week, monday_of, month_of, next_month, week_of
from quoin.kernel.quantity import Typed, clock, hours, parse_duration

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@given(DAYS, st.integers(1, 400), DAYS, st.integers(1, 400))
def test_periods_overlap_exactly_when_they_share_a_day(a: date, a_days: int, b: date, b_days: int) -> None:
    one, two = Period(a, a + timedelta(days=a_days)), Period(b, b + timedelta(days=b_days))

    assert one.overlaps(two) is bool(set(one.days()) & set(two.days()))


@given(DAYS)
def test_month_and_week_hold_their_day(day: date) -> None:
    assert day in month_of(day)
    assert day in week_of(day)
    assert next_month(day).day == 1
    assert monday_of(iso_week(day)) == week_of(day).start


@given(DAYS, st.integers(-60, 60))
def test_months_on_keep_the_day_or_clip_it(day: date, months: int) -> None:
    found = add_months(day, months)

    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found + timedelta(days=1)).day == 1


def test_anchor_day_survives_february() -> None:
    days = [add_months(date(2026, 1, 31), step, anchor_day=31) for step in range(4)]

    assert days == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Period(date(2026, 2, 1), date(2026, 1, 1))
    with pytest.raises(ValueError, match="ISO week"):
        monday_of("2026-19")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("7", 420), ("7.5", 450), ("7,5", 450), ("7:30", 450), ("7h30", 450), ("7h", 420), ("450m", 450), (".5", 30),
        ("9-12:30", 210), ("22-2", 240),
    ],
)  # fmt: skip
def test_durations_as_people_type_them(text: str, minutes: int) -> None:
    assert parse_duration(text) == Typed(minutes)


def test_signed_durations_are_relative() -> None:
    assert parse_duration("+1") == Typed(60, is_relative=True)
    assert parse_duration("-0:15") == Typed(-15, is_relative=True)


@pytest.mark.parametrize("text", ["", "soon", "7:61", "25-30", "7::3", "h"])
def test_what_is_no_duration_says_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"Write|Type|minutes"):
        parse_duration(text)


@given(st.integers(0, 6000))
def test_clock_is_read_back(minutes: int) -> None:
    assert parse_duration(clock(minutes)).minutes == minutes
    assert abs(hours(minutes) * 60 - minutes) <= 1


@given(st.uuids(), st.sampled_from(["prj", "inv"]))
def test_public_id_is_read_back(value: UUID, prefix: str) -> None:
    assert from_public_id(prefix, public_id(prefix, value)) == value
    assert from_public_id(prefix, str(value)) == value
    with pytest.raises(ValueError, match="is not an id"):
        from_public_id("xxx", public_id(prefix, value))


def test_new_ids_are_version_7_and_differ() -> None:
    found = [uuid7() for _ in range(1000)]

    assert len(set(found)) == len(found)
    assert {one.version for one in found} == {7}


def test_new_ids_by_the_thousand_are_version_7_and_ascend() -> None:
    before, found, after = uuid7(), uuid7s(1000), uuid7()

    assert sorted(set(found)) == found
    assert {(one.version, one.variant) for one in found} == {(7, RFC_4122)}
    assert before.int >> 80 <= found[0].int >> 80 <= found[-1].int >> 80 <= after.int >> 80
    assert uuid7s(0) == []
