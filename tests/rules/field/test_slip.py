"""How tasks and visits give way to goods."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.field.rules.slip import change_for, governing_day, risk_days, shifted
from quoin.projects.rules.plan import PlanTask
from quoin.projects.types import Constraint

TASK = PlanTask(id=UUID(int=1), project_id=UUID(int=2), name="Set up", number=1)
MAY_11, MAY_20 = date(2026, 5, 11), date(2026, 5, 20)


def weekday(day: date) -> bool:
    return day.isoweekday() < 6


def asked(task: PlanTask, arrives_on: date | None, *, was_on: date | None = None, by_hand: bool = False) -> object:
    return change_for(task, was_on=was_on, arrives_on=arrives_on, by_hand=by_hand, is_worked=weekday)


def test_the_last_of_the_goods_governs() -> None:
    assert governing_day([MAY_11, None, MAY_20]) == MAY_20
    assert governing_day([None]) is None


@pytest.mark.parametrize(
    ("expected_on", "starts_on", "float_minutes", "days"),
    [
        (MAY_11, MAY_20, 960, 2),  # the goods come first: the whole float is left
        (MAY_20, MAY_11, 960, -7),  # nine days too late, two of them float
        (MAY_11, MAY_20, None, 9),  # dated by hand: only the days between
        (MAY_20, MAY_11, None, -9),
        (None, MAY_11, 960, None),
        (MAY_11, None, 960, None),
    ],
)
def test_risk_days(expected_on: date | None, starts_on: date | None, float_minutes: int | None, days: int) -> None:
    assert risk_days(expected_on, starts_on, float_minutes) == days


def test_a_free_task_waits_for_the_goods() -> None:
    assert asked(TASK, MAY_20) == {
        "op": "task.set", "task": TASK.id, "constraint": Constraint.SNET, "constraint_at": datetime(2026, 5, 20),
    }  # fmt: skip


def test_a_task_follows_its_goods_both_ways_but_not_past_a_start_of_its_own() -> None:
    held = replace(TASK, constraint=Constraint.SNET, constraint_at=datetime(2026, 5, 20))
    earlier = {"op": "task.set", "task": TASK.id, "constraint_at": datetime(2026, 5, 11)}

    assert asked(held, MAY_11, was_on=MAY_20) == earlier
    assert asked(held, MAY_11, was_on=date(2026, 5, 4)) is None
    assert asked(held, MAY_20) is None
    assert asked(replace(held, constraint=Constraint.MSO), date(2026, 6, 1)) is None


def test_a_task_that_has_begun_stays() -> None:
    assert asked(replace(TASK, actual_start_at=datetime(2026, 5, 4)), MAY_20) is None
    assert asked(TASK, None) is None


def test_a_task_dated_by_hand_keeps_its_length() -> None:
    dated = replace(TASK, starts_on=MAY_11, due_on=date(2026, 5, 12))

    assert asked(dated, date(2026, 5, 16), by_hand=True) == {
        "op": "task.set", "task": TASK.id, "starts_on": date(2026, 5, 18), "due_on": date(2026, 5, 19), "start_at": None,
    }  # fmt: skip
    assert asked(dated, MAY_11, by_hand=True) is None
    assert asked(TASK, MAY_11, by_hand=True) is None


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.integers(-40, 40))
def test_a_visit_keeps_its_time_of_day_and_lands_on_a_worked_day(start: datetime, days: int) -> None:
    begins = start.replace(tzinfo=UTC)

    found = shifted(begins, days, is_worked=weekday)

    assert found.timetz() == begins.timetz()
    assert weekday(found.date())
    assert timedelta() <= found - begins - timedelta(days=days) <= timedelta(days=2)
