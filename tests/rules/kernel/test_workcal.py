"""Working calendars, against counting minute by minute."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.kernel.period import Period
from quoin.kernel.workcal import (
    OFFICE_DAY,
    DatedWeek,
    NoWorkingTime,
    Spans,
    WorkCalendar,
    instant_of,
    minute_of,
    standard_calendar,
    weekly,
)

_FIRST = date(2026, 3, 2)
_MINUTE = timedelta(minutes=1)
_NIGHT = ((1320, 1440),)


def _spans() -> st.SearchStrategy[Spans]:
    cuts = st.lists(st.integers(0, 1440), max_size=6, unique=True).map(sorted)
    return cuts.map(lambda found: tuple(zip(found[::2], found[1::2], strict=False)))


def _weeks() -> st.SearchStrategy[tuple[Spans, ...]]:
    return st.tuples(*([_spans()] * 7)).filter(lambda week: sum(map(len, week)) > 0)


@st.composite
def _calendars(draw: st.DrawFn) -> WorkCalendar:
    parent = WorkCalendar(draw(_weeks()), draw(st.dictionaries(_days(), _spans(), max_size=3)))
    week = tuple(None if draw(st.booleans()) else spans for spans in draw(_weeks()))
    dated = tuple(
        DatedWeek(Period(start, start + timedelta(days=5)), draw(_weeks()))
        for start in draw(st.lists(_days(), max_size=2))
    )
    return WorkCalendar(week, draw(st.dictionaries(_days(), _spans(), max_size=3)), dated, parent)


def _days() -> st.SearchStrategy[date]:
    return st.integers(0, 13).map(lambda days: _FIRST + timedelta(days=days))


def _instants() -> st.SearchStrategy[datetime]:
    first = datetime(_FIRST.year, _FIRST.month, _FIRST.day)
    return st.integers(0, 14 * 1440).map(lambda minute: first + minute * _MINUTE)


def _worked(calendar: WorkCalendar, at: datetime) -> bool:
    """Whether the minute that begins then is worked, by the rule as it is told."""
    day, minute = at.date(), at.hour * 60 + at.minute
    for holder in (calendar, calendar.parent):
        if holder is not None and day in holder.exceptions:
            return any(start <= minute < end for start, end in holder.exceptions[day])
    valid = [dated for dated in calendar.dated_weeks if dated.valid.start <= day < dated.valid.start + 5 * _DAY]
    latest = sorted(valid, key=lambda dated: dated.valid.start, reverse=True)[:1]
    latest_start = [dated for dated in valid if latest and dated.valid.start == latest[0].valid.start]
    spans = latest_start[0].week[day.weekday()] if latest_start else calendar.week[day.weekday()]
    if spans is None:
        assert calendar.parent is not None
        spans = calendar.parent.week[day.weekday()]
    return any(start <= minute < end for start, end in spans or ())


_DAY = timedelta(days=1)


@given(_calendars(), _instants(), _instants())
def test_minutes_between_any_instants_counts_worked_minutes(
    calendar: WorkCalendar, one: datetime, other: datetime
) -> None:
    start, end = min(one, other), max(one, other)
    minutes = int((end - start) / _MINUTE)

    counted = sum(_worked(calendar, start + minute * _MINUTE) for minute in range(minutes))

    assert calendar.minutes_between(start, end) == counted
    assert calendar.minutes_between(end, start) == -counted


@given(_calendars(), _instants(), st.integers(1, 2000))
def test_adding_minutes_ends_with_the_last_worked_minute(calendar: WorkCalendar, start: datetime, minutes: int) -> None:
    try:
        end = calendar.add_minutes(start, minutes)
        begin = calendar.add_minutes(start, -minutes)
    except NoWorkingTime:
        assert sum(calendar.minutes_by_day(Period(_FIRST - 60 * _DAY, _FIRST - 53 * _DAY))) == 0
        return

    assert calendar.minutes_between(start, end) == minutes
    assert _worked(calendar, end - _MINUTE)
    assert calendar.minutes_between(begin, start) == minutes
    assert _worked(calendar, begin)


@given(_calendars(), _instants())
def test_next_and_previous_work_touch_worked_minutes(calendar: WorkCalendar, at: datetime) -> None:
    try:
        following, previous = calendar.next_work(at), calendar.previous_work(at)
    except NoWorkingTime:
        assert sum(calendar.minutes_by_day(Period(_FIRST - 60 * _DAY, _FIRST - 53 * _DAY))) == 0
        return

    assert following >= at
    assert _worked(calendar, following)
    assert calendar.minutes_between(at, following) == 0
    assert previous <= at
    assert _worked(calendar, previous - _MINUTE)
    assert calendar.minutes_between(previous, at) == 0


@given(_instants())
def test_an_instant_comes_back_from_its_minute(at: datetime) -> None:
    assert instant_of(minute_of(at)) == at


def test_office_hours_end_in_the_evening_and_begin_in_the_morning() -> None:
    calendar = standard_calendar(exceptions={date(2026, 3, 4): ()})
    monday = datetime(2026, 3, 2, 8)

    assert calendar.add_minutes(monday, 960) == datetime(2026, 3, 3, 17)
    assert calendar.next_work(datetime(2026, 3, 3, 17)) == datetime(2026, 3, 5, 8)
    assert calendar.add_minutes(datetime(2026, 3, 5, 8), -480) == datetime(2026, 3, 3, 8)
    assert calendar.previous_work(datetime(2026, 3, 5, 8)) == datetime(2026, 3, 3, 17)
    assert calendar.add_minutes(datetime(2026, 3, 4, 12), 0) == datetime(2026, 3, 4, 12)
    assert [calendar.minutes_on(date(2026, 3, day)) for day in (3, 4, 7)] == [480, 0, 0]
    assert calendar.is_exception(date(2026, 3, 4))
    assert not calendar.is_exception(date(2026, 3, 7))


def test_ten_years_on_grow_the_table() -> None:
    calendar = standard_calendar()

    end = calendar.add_minutes(datetime(2026, 3, 2, 8), 2600 * 480)

    assert end == datetime(2036, 2, 15, 17)
    assert calendar.minutes_between(end, datetime(2016, 3, 7, 8)) < 0


def test_a_calendar_without_work_says_so() -> None:
    calendar = WorkCalendar(weekly([]))

    with pytest.raises(NoWorkingTime, match="no working time"):
        calendar.add_minutes(datetime(2026, 3, 2), 1)
    with pytest.raises(NoWorkingTime):
        calendar.previous_work(datetime(2026, 3, 2))


def test_positions_outside_the_table_are_refused() -> None:
    table = standard_calendar().work_table(date(2026, 3, 2).toordinal(), date(2026, 3, 7).toordinal())
    first, last = minute_of(datetime(2026, 3, 2)), minute_of(datetime(2026, 3, 7))

    assert table.total == 2400
    assert (table.end_at(0), table.start_at(2400)) == (first, last)
    for refused in (lambda: table.end_at(-1), lambda: table.end_at(2401), lambda: table.start_at(-1)):
        with pytest.raises(NoWorkingTime):
            refused()
    with pytest.raises(NoWorkingTime):
        table.start_at(2401)
    with pytest.raises(NoWorkingTime):
        table.next_work(last)
    with pytest.raises(NoWorkingTime):
        table.previous_work(first)


@pytest.mark.parametrize("spans", [((10, 5),), ((0, 1441),), ((60, 120), (100, 200)), ((60, 120), (10, 20))])
def test_spans_out_of_order_are_refused(spans: Spans) -> None:
    with pytest.raises(ValueError, match="stretch"):
        standard_calendar(spans)


def test_a_week_has_seven_days() -> None:
    with pytest.raises(ValueError, match="seven"):
        WorkCalendar((OFFICE_DAY,))


def test_nights_join_over_midnight() -> None:
    calendar = WorkCalendar(weekly([_NIGHT, ((0, 360),)]))
    table = calendar.work_table(date(2026, 3, 2).toordinal(), date(2026, 3, 9).toordinal())

    assert len(table.starts) == 1
    assert calendar.add_minutes(datetime(2026, 3, 2, 22), 480) == datetime(2026, 3, 3, 6)
