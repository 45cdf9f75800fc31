"""Traffic lights and progress, from facts alone."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.governance.rules.report import (
    Proposal,
    Standing,
    TaskFact,
    delay,
    overdue,
    progress,
    propose,
    slipped,
    upcoming,
)

DAY = date(2026, 5, 6)


def task(number: int = 1, **fields: Any) -> TaskFact:
    return TaskFact(
        **{
            "number": number, "name": f"Task {number}", "minutes": 480, "percent": 0, "is_done": False,
            "is_milestone": False, "starts_on": DAY, "due_on": DAY, **fields,
        }
    )  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 100), st.booleans()), min_size=1, max_size=20))
def test_progress_is_the_part_of_the_work_that_is_done(found: list[tuple[int, int, bool]]) -> None:
    tasks = [task(minutes=minutes, percent=percent, is_done=done) for minutes, percent, done in found]
    weights = [minutes for minutes, _percent, _done in found]
    if not any(weights):
        weights = [1] * len(found)
    done = sum(
        Fraction(weight * (100 if is_done else percent), 100)
        for weight, (_minutes, percent, is_done) in zip(weights, found, strict=True)
    )

    assert abs(Fraction(progress(tasks)) - done / sum(weights)) < Fraction(1, 10**20)


def test_milestones_are_no_work() -> None:
    assert progress([task(is_milestone=True, is_done=True)]) == 0
    assert progress([task(), task(2, is_milestone=True, is_done=True)]) == 0


def test_what_slipped_is_named_the_latest_first() -> None:
    held = [
        task(1, due_on=DAY, was_due_on=DAY), task(2, due_on=DAY + timedelta(3), was_due_on=DAY),
        task(3, due_on=DAY + timedelta(9), was_due_on=DAY), task(4, due_on=DAY, was_due_on=DAY + timedelta(2)),
        task(5, due_on=DAY),
    ]  # fmt: skip

    assert [one.number for one in slipped(held)] == [3, 2]
    assert delay(held) == 7
    assert delay([task(due_on=DAY)]) == 0


def test_what_is_due_and_what_comes() -> None:
    held = [
        task(1, starts_on=DAY - timedelta(9), due_on=DAY - timedelta(1)), task(2, starts_on=DAY + timedelta(14), due_on=DAY + timedelta(30)),
        task(3, starts_on=DAY + timedelta(15), due_on=DAY + timedelta(30)), task(4, is_done=True),
        task(5, starts_on=DAY - timedelta(3), due_on=None), task(6, starts_on=None, due_on=None),
    ]  # fmt: skip

    assert [one.number for one in overdue(held, DAY)] == [1]
    assert [one.number for one in upcoming(held, DAY)] == [2]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, Proposal("on_track", ())),
        ({"delay_days": 1}, Proposal("at_risk", (("late", 1),))),
        ({"delay_days": 10}, Proposal("at_risk", (("late", 10),))),
        ({"delay_days": 11}, Proposal("off_track", (("late", 11),))),
        ({"delay_days": -5}, Proposal("on_track", ())),
        ({"used": Decimal("0.60")}, Proposal("on_track", ())),
        ({"used": Decimal("0.61")}, Proposal("at_risk", (("fast_burn", 61),))),
        ({"used": Decimal("1.01"), "overdue": 2}, Proposal("off_track", (("over_budget", 101), ("overdue", 2)))),
        ({"grave_risks": 1}, Proposal("at_risk", (("risks", 1),))),
    ],
)
def test_the_light_follows_the_facts(fields: dict[str, Any], expected: Proposal) -> None:
    plain: dict[str, Any] = {
        "progress": Decimal("0.50"), "used": None, "delay_days": 0, "overdue": 0, "grave_risks": 0,
    }  # fmt: skip

    assert propose(Standing(**{**plain, **fields})) == expected
