"""The rules of time, each against an oracle of its own."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.kernel.money import Money
from quoin.kernel.period import Period
from quoin.projects.types import NoteRule
from quoin.timesheets.rules.cells import CellEdit, edited, split_minutes, total_minutes, with_total
from quoin.timesheets.rules.checks import approval_flags, blocks, submit_checks
from quoin.timesheets.rules.clocks import moment, span, work_day, worked_minutes
from quoin.timesheets.rules.copying import copy_plan
from quoin.timesheets.rules.locks import day_lock, lock_of
from quoin.timesheets.rules.spending import booked, quantity_amount, shares
from quoin.timesheets.rules.states import may_withdraw, week_status
from quoin.timesheets.rules.suggest import Plan, suggestions
from quoin.timesheets.types import (
    AmbiguousTime,
    CopyDepth,
    Employment,
    Entry,
    Finding,
    Level,
    Lock,
    Policy,
    Refusal,
    RowKey,
    Status,
    Why,
    Work,
)

MONDAY = date(2026, 5, 4)
ROW = RowKey(UUID(int=1))
BLANK = Entry(UUID(int=99), ROW, MONDAY, 1)

entries = st.builds(
    Entry,
    st.uuids(),
    st.just(ROW),
    st.just(MONDAY),
    st.integers(1, 300),
    note=st.sampled_from(["", "x"]),
    status=st.sampled_from(Status),
    started_at=st.sampled_from([None, datetime(2026, 5, 4, 9, tzinfo=UTC)]),
)
cells = st.lists(entries, max_size=5, unique_by=lambda entry: entry.id).map(tuple)


@given(cells, st.integers(0, 1440))
def test_a_typed_total_is_the_new_sum_and_touches_the_fewest_entries(cell: tuple[Entry, ...], minutes: int) -> None:
    fixed = [entry for entry in cell if entry.status in {Status.SUBMITTED, Status.APPROVED}]

    changed = with_total(cell, minutes, blank=BLANK)

    if minutes < sum(entry.minutes for entry in fixed):
        assert changed is Refusal.BELOW_LOCKED
        return
    assert not isinstance(changed, Refusal)
    assert sum(entry.minutes for entry in changed) == minutes
    assert all(entry in changed for entry in fixed)
    before, after = {e.id: e for e in cell}, {e.id: e for e in changed}
    resized = [key for key in before if key in after and before[key] != after[key]]
    assert len(resized) + len(set(after) - set(before)) <= 1
    assert [key for key in before if key in after] == [key for key in after if key in before]
    if minutes >= sum(entry.minutes for entry in cell):
        assert set(before) <= set(after)
        assert all(before[key].started_at is None for key in resized)


def test_typing_a_smaller_total_takes_from_the_newest_plain_entry_first() -> None:
    old, new = Entry(UUID(int=2), ROW, MONDAY, 60), Entry(UUID(int=3), ROW, MONDAY, 30)
    clocked = Entry(UUID(int=4), ROW, MONDAY, 45, started_at=datetime(2026, 5, 4, 9, tzinfo=UTC))

    assert with_total((old, clocked, new), 115, blank=BLANK) == (old, clocked, replace(new, minutes=10))
    assert with_total((old, clocked, new), 85, blank=BLANK) == (replace(old, minutes=40), clocked)
    assert with_total((old, clocked, new), 20, blank=BLANK) == (replace(clocked, minutes=20),)
    assert with_total((old, clocked, new), 1441, blank=BLANK) is Refusal.TOO_LONG


def test_an_edit_in_a_submitted_week_adds_no_entry() -> None:
    edit = CellEdit(row=ROW, work_on=MONDAY, minutes=30)
    assert edited((), edit, blank=BLANK, is_sheet_open=False) is Lock.SUBMITTED
    assert edited((), edit, blank=BLANK, is_sheet_open=True) == (replace(BLANK, minutes=30),)


@given(cells, st.integers(0, 600), st.integers(0, 600))
def test_an_edit_of_another_sum_than_the_seen_one_is_stale(cell: tuple[Entry, ...], seen: int, minutes: int) -> None:
    found = edited(
        cell, CellEdit(row=ROW, work_on=MONDAY, minutes=minutes, was_minutes=seen), blank=BLANK, is_sheet_open=True
    )
    assert (found is Refusal.STALE) == (total_minutes(cell) not in {seen, minutes})


@given(st.integers(2, 1440), st.integers(2, 24))
def test_split_parts_sum_and_differ_by_one_at_most(minutes: int, parts: int) -> None:
    found = split_minutes(minutes, parts)
    assert (sum(found), len(found), max(found) - min(found) <= 1) == (minutes, parts, True)


def test_week_status_names_what_needs_its_owner_first() -> None:
    assert week_status([]) is Status.OPEN
    assert week_status([Status.APPROVED, Status.RETURNED, Status.OPEN]) is Status.RETURNED
    assert week_status([Status.APPROVED, Status.SUBMITTED]) is Status.SUBMITTED
    assert may_withdraw([Status.SUBMITTED])
    assert not may_withdraw([Status.SUBMITTED, Status.APPROVED])
    assert not may_withdraw([Status.OPEN])


@pytest.mark.parametrize(
    ("day", "lock"),
    [
        (date(2026, 4, 30), Lock.BEFORE_HIRE),
        (date(2026, 5, 1), Lock.PERIOD_CLOSED),
        (date(2026, 5, 3), None),
        (date(2026, 6, 5), None),
        (date(2026, 6, 6), Lock.FUTURE),
        (date(2026, 7, 1), Lock.AFTER_LEAVE),
    ],
)
def test_day_lock_gives_the_reason(day: date, lock: Lock | None) -> None:
    found = day_lock(
        day,
        employment=Employment(date(2026, 5, 1), date(2026, 7, 1)),
        closed=[Period(date(2026, 4, 1), date(2026, 5, 2))],
        policy=Policy(future_days=31),
        today=date(2026, 5, 5),
    )
    assert found == lock


def test_a_closed_thing_is_named_before_a_day() -> None:
    facts = {"employment": Employment(), "policy": Policy(), "today": MONDAY, "work_on": MONDAY}
    assert lock_of(work=Work(ROW, is_active=False), **facts) is Lock.PROJECT_CLOSED
    assert lock_of(work=Work(ROW, is_task_open=False), **facts) is Lock.TASK_CLOSED
    assert lock_of(work=Work(ROW, starts_on=MONDAY + timedelta(days=1)), **facts) is Lock.PROJECT_NOT_STARTED
    assert lock_of(work=Work(ROW), **facts) is None


def test_submit_checks_find_short_days_missing_notes_weekends_and_budgets() -> None:
    strict, wanted = RowKey(UUID(int=5)), RowKey(UUID(int=6))
    logged = [
        Entry(UUID(int=11), strict, MONDAY, 480),
        Entry(UUID(int=12), wanted, MONDAY + timedelta(days=1), 60),
        Entry(UUID(int=13), wanted, MONDAY + timedelta(days=5), 780, note="Cut-over"),
    ]
    works = {strict: Work(strict, note_rule=NoteRule.NEEDED), wanted: Work(wanted, note_rule=NoteRule.WANTED)}
    targets = {MONDAY: 480, MONDAY + timedelta(days=1): 480, MONDAY + timedelta(days=5): 0}

    found = submit_checks(logged, targets=targets, works=works, budget_left={strict.project_id: -30}, policy=Policy())

    assert [(check.finding, check.level, check.minutes) for check in found] == [
        (Finding.NOTE_MISSING, Level.BLOCK, 480),
        (Finding.NOTE_MISSING, Level.WARNING, 60),
        (Finding.DAY_UNDER_TARGET, Level.WARNING, 60),
        (Finding.LONG_DAY, Level.WARNING, 780),
        (Finding.WEEKEND, Level.WARNING, 780),
        (Finding.OVER_BUDGET, Level.WARNING, 30),
    ]
    assert [check.finding for check in blocks(found)] == [Finding.NOTE_MISSING]
    assert [
        check.finding for check in submit_checks([], targets=targets, works={}, budget_left={}, policy=Policy())
    ] == [Finding.NOTHING_LOGGED]


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_over_planned_is_flagged_from_a_fifth_more(logged: int, planned: int) -> None:
    entry = Entry(UUID(int=11), ROW, MONDAY, max(logged, 1), note="x")
    flags = approval_flags(
        [entry], targets={MONDAY: 480}, works={ROW: Work(ROW)}, planned={ROW.project_id: planned}, budget_left={},
        policy=Policy(long_day_minutes=10_000),
    )  # fmt: skip
    assert bool(flags) == (Decimal(entry.minutes) > Decimal(planned) * Decimal("1.2"))


def test_flags_of_closed_work_and_missing_rates_name_the_entry() -> None:
    entry = Entry(UUID(int=11), ROW, MONDAY, 60)
    flags = approval_flags(
        [entry], targets={}, works={ROW: Work(ROW, is_task_open=False)}, planned={}, budget_left={},
        unpriced=frozenset({entry.id}), policy=Policy(),
    )  # fmt: skip
    assert [(flag.finding, flag.entry_id) for flag in flags] == [
        (Finding.CLOSED_TASK, entry.id),
        (Finding.RATE_MISSING, entry.id),
    ]


rows = [RowKey(UUID(int=number)) for number in range(1, 5)]
days = [MONDAY + timedelta(days=offset) for offset in range(7)]
week_entries = st.lists(
    st.builds(lambda row, day, minutes: Entry(uuid4(), row, day, minutes), st.sampled_from(rows), st.sampled_from(days), st.integers(1, 600)),
    max_size=8,
)  # fmt: skip


@given(
    st.dictionaries(st.sampled_from(days), st.integers(0, 600)),
    st.lists(st.builds(Plan, st.sampled_from(rows), st.integers(0, 500)), max_size=4),
    week_entries,
    week_entries.map(lambda found: [replace(e, work_on=e.work_on - timedelta(days=7)) for e in found]),
    st.frozensets(st.sampled_from(rows)),
)
def test_suggestions_never_exceed_the_target_nor_what_is_wished(
    targets: dict[date, int],
    plans: list[Plan],
    logged: list[Entry],
    last_week: list[Entry],
    bookable: frozenset[RowKey],
) -> None:
    found = suggestions(targets=targets, plans=plans, logged=logged, last_week=last_week, bookable=bookable)

    per_day, per_cell = Counter[date](), Counter[tuple[RowKey, date]]()
    for one in found:
        per_day[one.day] += one.minutes
        per_cell[one.row, one.day] += one.minutes
        assert one.minutes > 0
        assert one.row in bookable
    for day, minutes in per_day.items():
        assert minutes + sum(e.minutes for e in logged if e.work_on == day) <= targets[day]
    for (row, day), minutes in per_cell.items():
        wished = sum(plan.minutes_per_day for plan in plans if plan.row == row)
        before = sum(e.minutes for e in last_week if e.row == row and e.work_on == day - timedelta(days=7))
        there = sum(e.minutes for e in logged if e.row == row and e.work_on == day)
        assert minutes <= max(max(wished, before) - there, 0)


def test_a_plan_is_suggested_before_last_week_and_says_until_when() -> None:
    plan = Plan(rows[0], 360, last_on=date(2026, 5, 29))
    before = Entry(UUID(int=7), rows[1], MONDAY - timedelta(days=7), 300)

    found = suggestions(
        targets={MONDAY: 480}, plans=[plan], logged=[Entry(UUID(int=8), rows[0], MONDAY, 60)], last_week=[before],
        bookable=frozenset(rows),
    )  # fmt: skip

    assert [(one.row, one.minutes, one.why, one.until) for one in found] == [
        (rows[0], 300, Why.PLANNED, date(2026, 5, 29)),
        (rows[1], 120, Why.LAST_WEEK, None),
    ]


@given(week_entries, week_entries, st.sampled_from(CopyDepth))
def test_copying_never_touches_a_cell_that_holds_time(last: list[Entry], now: list[Entry], depth: CopyDepth) -> None:
    before = [replace(entry, work_on=entry.work_on - timedelta(days=7), note="n") for entry in last]

    plan = copy_plan(before, now, depth=depth, lock=lambda row, _: Lock.PROJECT_CLOSED if row == rows[3] else None)

    taken = {(entry.row, entry.work_on) for entry in now}
    expected = [e for e in last if (e.row, e.work_on) not in taken and e.row != rows[3]]
    if depth is CopyDepth.ROWS:
        expected = []
    assert [(e.row, e.work_on, e.minutes) for e in plan.entries] == [(e.row, e.work_on, e.minutes) for e in expected]
    assert {e.note for e in plan.entries} <= ({"n"} if depth is CopyDepth.NOTES else {""})
    assert {row for row, _, _ in plan.skipped} <= {rows[3]}


@pytest.mark.parametrize(
    ("zone", "day", "start", "end", "minutes"),
    [
        ("Europe/Berlin", date(2026, 10, 24), time(22), time(6), 540),  # M9: nine hours in autumn
        ("Europe/Berlin", date(2026, 3, 28), time(22), time(6), 420),  # M9: seven hours in spring
        ("Europe/Berlin", date(2026, 5, 6), time(22), time(6), 480),
        ("Australia/Lord_Howe", date(2026, 4, 4), time(22), time(6), 510),  # half an hour
        ("Asia/Kathmandu", date(2026, 5, 6), time(9), time(17, 45), 525),
    ],
)
def test_night_shifts_across_clock_changes_last_what_the_utc_says(
    zone: str, day: date, start: time, end: time, minutes: int
) -> None:
    assert worked_minutes(*span(day, start, end, zone)) == minutes
    assert work_day(span(day, start, end, zone)[0], zone) == day


def test_a_time_that_the_clock_skipped_is_refused() -> None:
    with pytest.raises(ValueError, match="never showed 02:30"):
        moment(date(2026, 3, 29), time(2, 30), "Europe/Berlin")


def test_a_time_that_the_clock_showed_twice_is_asked_about() -> None:
    with pytest.raises(AmbiguousTime) as asked:
        moment(date(2026, 10, 25), time(2, 30), "Europe/Berlin")
    assert asked.value.choices == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    assert moment(date(2026, 10, 25), time(2, 30), "Europe/Berlin", offset_minutes=60) == asked.value.choices[1]
    with pytest.raises(ValueError, match="not at that offset"):
        moment(date(2026, 10, 25), time(2, 30), "Europe/Berlin", offset_minutes=0)


def test_a_day_that_a_zone_skipped_is_refused() -> None:
    with pytest.raises(ValueError, match="never showed"):
        moment(date(2011, 12, 30), time(12), "Pacific/Apia")


_ZONES = sorted(available_timezones())


@given(
    st.sampled_from(_ZONES),
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    st.integers(1, 86_400),
)
def test_minutes_are_the_difference_in_utc_in_every_zone(zone: str, start: datetime, seconds: int) -> None:
    begin = start.replace(tzinfo=UTC)
    end = begin + timedelta(seconds=seconds)
    place = ZoneInfo(zone)
    assert worked_minutes(begin.astimezone(place), end.astimezone(place)) == max(1, seconds // 60)


@pytest.mark.parametrize("seconds", [0, -60, 86_401])
def test_spans_that_end_before_they_start_or_last_over_a_day_are_refused(seconds: int) -> None:
    begin = datetime(2026, 5, 6, 9, tzinfo=UTC)
    with pytest.raises(ValueError, match=r"end|24 hours"):
        worked_minutes(begin, begin + timedelta(seconds=seconds))
    with pytest.raises(ValueError, match="offset"):
        worked_minutes(datetime(2026, 5, 6, 9), begin)


@given(
    st.decimals("0.01", "99999.99", places=2),
    st.decimals("0", "1", places=4),
    st.decimals("0.0001", "50", places=6),
)
def test_net_and_vat_in_the_books_sum_to_the_converted_gross(gross: Decimal, part: Decimal, rate: Decimal) -> None:
    vat = (gross * part).quantize(Decimal("0.01"))
    found = booked(Money(gross, "USD"), Money(vat, "USD"), rate=rate, currency="EUR")
    assert (found.net + found.vat).amount == (gross * rate).quantize(Decimal("0.01"), "ROUND_HALF_UP")


@given(
    st.decimals("1", "9999.99", places=2),
    st.lists(st.decimals("0.1", "9", places=1), min_size=2, max_size=6),
)
def test_the_parts_of_a_receipt_sum_to_it(gross: Decimal, weights: list[Decimal]) -> None:
    vat = (gross / 6).quantize(Decimal("0.01"))
    found = shares(Money(gross, "EUR"), Money(vat, "EUR"), weights)
    assert sum(one.amount for one, _ in found) == gross
    assert sum(one.amount for _, one in found) == vat


def test_mileage_is_rounded_once() -> None:
    assert quantity_amount(Decimal("123.45"), Decimal("0.335"), "EUR") == Money(Decimal("41.36"), "EUR")
