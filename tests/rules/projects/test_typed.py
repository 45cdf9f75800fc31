"""What people type into plans: spans, days, links, people, tasks in a line."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.projects.rules.typed import (
    TypedLink,
    TypedTask,
    span_minutes,
    span_text,
    typed_day,
    typed_links,
    typed_people,
    typed_task,
)
from quoin.projects.types import LagUnit, LinkKind

WEDNESDAY = date(2026, 5, 6)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("3d", 1440), ("3", 1440), ("2w", 4800), ("6h", 360), ("90m", 90), ("2.5d", 1200), ("1,5 d", 720), ("0d", 0)],
)
def test_a_span_is_read(text: str, minutes: int) -> None:
    assert span_minutes(text) == minutes


@given(st.integers(min_value=0, max_value=60_000))
def test_a_span_that_is_written_is_read_again(minutes: int) -> None:
    assert span_minutes(span_text(minutes)) == minutes


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-06-12", date(2026, 6, 12)), ("today", WEDNESDAY), ("tomorrow", date(2026, 5, 7)),
        ("fri", date(2026, 5, 8)), ("wed", date(2026, 5, 13)), ("+3d", date(2026, 5, 9)), ("-2w", date(2026, 4, 22)),
        ("+1m", date(2026, 6, 6)), ("w23", date(2026, 6, 1)), ("eom", date(2026, 5, 31)), ("12 jun", date(2026, 6, 12)),
        ("12.6.", date(2026, 6, 12)), ("12.6.27", date(2027, 6, 12)), ("3 jan", date(2026, 1, 3)),
        ("3. oct 2027", date(2027, 10, 3)), ("1 nov", date(2026, 11, 1)),
    ],
)  # fmt: skip
def test_a_day_is_read(text: str, day: date) -> None:
    assert typed_day(text, today=WEDNESDAY) == day


def test_a_day_long_past_is_of_next_year() -> None:
    assert typed_day("3 jan", today=date(2026, 12, 1)) == date(2027, 1, 3)


def test_links_are_read_as_in_ms_project() -> None:
    assert typed_links("3; 3FS+2d; 5ss-1d; 7FF+50%; 9FS+3ed") == [
        TypedLink(3), TypedLink(3, LinkKind.FS, 960), TypedLink(5, LinkKind.SS, -480),
        TypedLink(7, LinkKind.FF, 50, LagUnit.PERCENT), TypedLink(9, LinkKind.FS, 4320, LagUnit.ELAPSED),
    ]  # fmt: skip
    assert typed_links("") == []


def test_people_come_with_their_percent() -> None:
    assert typed_people("Ana Ruiz 50%; Jo, Kim [80%]") == [("Ana Ruiz", 50), ("Jo", 100), ("Kim", 80)]


def test_a_task_in_a_line_has_all_its_parts() -> None:
    found = typed_task("  Migrate data @ana !high 8h >fri #build", today=WEDNESDAY)

    assert found == TypedTask(
        name="Migrate data", person="ana", priority=3, minutes=480, due_on=date(2026, 5, 8), phase="build", level=1
    )


def test_a_plain_line_is_a_name() -> None:
    assert typed_task("Go live!", today=WEDNESDAY) == TypedTask(name="Go live!")


@pytest.mark.parametrize("wrong", ["long", "3x", ""])
def test_no_span_is_said_so(wrong: str) -> None:
    with pytest.raises(ValueError, match="is no duration"):
        span_minutes(wrong)


@pytest.mark.parametrize("wrong", ["soon", "31.2.x", "+3y"])
def test_no_day_is_said_so(wrong: str) -> None:
    with pytest.raises(ValueError, match="is no day"):
        typed_day(wrong, today=WEDNESDAY)


def test_no_link_and_no_share_are_said_so() -> None:
    with pytest.raises(ValueError, match="is no predecessor"):
        typed_links("3XX")
    with pytest.raises(ValueError, match="more than 0"):
        typed_people("Ana 0%")
