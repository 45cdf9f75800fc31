"""Budgets as values: differences add up exactly, and typed tables say what they say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.projects.rules.budgets import Entry, NotReadable, Totals, compare, summed, totals, typed_lines

CENTS = st.integers(-10_000_000, 10_000_000).map(lambda cents: Decimal(cents) / 100)


@st.composite
def versions(draw: st.DrawFn) -> tuple[list[Entry], list[Entry]]:
    """Two versions that share some lines: the same, changed, only in one."""

    def lines(keys: list[int]) -> list[Entry]:
        return [
            Entry(
                key=UUID(int=key), minutes=draw(st.integers(-600, 600_000)), amount=draw(CENTS), cost=draw(CENTS),
                text=draw(st.sampled_from(["a", "b"])),
            )
            for key in keys
        ]  # fmt: skip

    numbers = st.lists(st.integers(1, 12), unique=True, max_size=8)
    before, after = lines(draw(numbers)), lines(draw(numbers))
    same = {one.key: one for one in before}
    after = [same[one.key] if one.key in same and draw(st.booleans()) else one for one in after]
    return before, after


@given(versions())
def test_differences_add_up_to_the_difference_of_the_totals(found: tuple[list[Entry], list[Entry]]) -> None:
    before, after = found

    total = summed(one.difference for one in compare(before, after))

    # Independent of the code: each sum by hand.
    assert total.minutes == sum(one.minutes for one in after) - sum(one.minutes for one in before)
    assert total.amount == sum((one.amount for one in after), Decimal(0)) - sum(
        (one.amount for one in before), Decimal(0)
    )
    assert total.cost == sum((one.cost for one in after), Decimal(0)) - sum((one.cost for one in before), Decimal(0))


@given(versions())
def test_a_line_is_told_once_and_only_if_it_differs(found: tuple[list[Entry], list[Entry]]) -> None:
    before, after = found
    was, becomes = {one.key: one for one in before}, {one.key: one for one in after}

    changes = compare(before, after)

    told = [(one.after or one.before).key for one in changes]  # type: ignore[union-attr]  # one of both is there
    assert len(told) == len(set(told))
    assert set(told) == {key for key in was.keys() | becomes.keys() if was.get(key) != becomes.get(key)}
    assert {one.how for one in changes if one.before is None} <= {"added"}
    assert {one.how for one in changes if one.after is None} <= {"removed"}


def test_a_changed_line_names_what_changed() -> None:
    before = Entry(key=UUID(int=1), text="Build", minutes=60, amount=Decimal(100))
    after = Entry(key=UUID(int=1), text="Build", minutes=90, amount=Decimal(150))

    [one] = compare([before], [after])

    assert (one.how, one.changed) == ("changed", ("minutes", "amount"))
    assert one.difference == Totals(30, Decimal(50), Decimal(0))
    assert totals([after]) == Totals(90, Decimal(150), Decimal(0))


@pytest.mark.parametrize(
    ("typed", "minutes", "amount"),
    [
        ("12", 720, "1200"),
        ("12.5", 750, "1,200.50"),
        ("12,5", 750, "1.200,50"),
        ("12:30", 750, "1 200,50"),
        ("0.1", 6, "1'200.50"),
        ("1,200", 72_000, "1200.5"),
    ],
)
def test_numbers_are_read_in_every_usual_way(typed: str, minutes: int, amount: str) -> None:
    [line] = typed_lines(f"work;Build;;;;{typed};{amount}")

    assert line.minutes == minutes
    assert line.amount in {Decimal(1200), Decimal("1200.50")}


def test_a_table_from_a_spreadsheet_with_a_head_is_read_by_its_names() -> None:
    text = "Text\tHours\tMonth\tKind\nBuild\t8\t2026-06\t\nHotel\t\t\texpense\n"

    first, second = typed_lines(text)

    assert (first.kind, first.text, first.minutes, first.month_on) == ("work", "Build", 480, date(2026, 6, 1))
    assert (second.kind, second.text, second.minutes) == ("expense", "Hotel", 0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("paint;Wall", "Line 1, kind: 'paint'"),
        ("work;Wall;;;June", "Line 1, month: 'June' is no month"),
        ("work;Wall;;;2026-13", "Line 1, month: '2026-13' is no month"),
        ("work;Wall;;;;many", "Line 1, hours: 'many' is no number"),
        ("work;A\nwork;Wall;;;;1;NaN", "Line 2, price: 'NaN'"),
        ("work;Wall;;;;1;1e12", "Line 1, price: '1e12' is no amount"),
        ("text;hours;colour\nA;1;red", "Line 1, colour: there is no such column"),
    ],
)
def test_what_cannot_be_read_names_line_and_column(text: str, says: str) -> None:
    with pytest.raises(NotReadable, match=says.replace("(", r"\(")):
        typed_lines(text)
