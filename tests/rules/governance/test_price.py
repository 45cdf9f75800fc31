"""Prices with their changes: whatever is added or taken off, parts and price agree."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.governance.rules.price import (
    OpenPart,
    PriceLine,
    PricePlan,
    PriceTooLow,
    ValueLine,
    plan_price,
    value_lines,
    worth,
)
from quoin.governance.rules.shown import digest_of
from quoin.kernel.money import Money

amounts = st.decimals(min_value="0.01", max_value="99999.99", places=2)
signed = st.decimals(min_value="-99999.99", max_value="99999.99", places=2).filter(bool)


def part(amount: str, *, is_open: bool = True) -> OpenPart:
    return OpenPart(uuid4(), "Part", Decimal(amount), is_open)


def line(amount: str) -> PriceLine:
    return PriceLine(uuid4(), "More", Decimal(amount))


def test_a_positive_line_becomes_a_part() -> None:
    more = line("3600.00")

    assert plan_price([part("8000"), part("12000")], [more]) == PricePlan(Decimal("3600.00"), (more,))


def test_a_credit_comes_off_the_last_open_parts() -> None:
    first, second, billed = part("8000"), part("12000"), part("5000", is_open=False)

    found = plan_price([first, second, billed], [line("-13000")])

    assert found == PricePlan(Decimal(-13000), (), ((first.id, Decimal(7000)),), (second.id,))


def test_a_price_without_parts_gets_none() -> None:
    assert plan_price([], [line("100"), line("-30")]) == PricePlan(Decimal(70))


def test_more_than_is_open_is_refused() -> None:
    with pytest.raises(PriceTooLow, match="1000"):
        plan_price([part("8000"), part("5000", is_open=False)], [line("-9000")])


@given(st.lists(st.tuples(amounts, st.booleans()), min_size=1, max_size=8), st.lists(signed, max_size=6))
def test_parts_add_up_to_the_price_before_and_after(held: list[tuple[Decimal, bool]], wanted: list[Decimal]) -> None:
    parts = [OpenPart(uuid4(), "Part", amount, is_open) for amount, is_open in held]
    lines = [PriceLine(uuid4(), "Line", amount) for amount in wanted]
    off = -sum(amount for amount in wanted if amount < 0)
    try:
        found = plan_price(parts, lines)
    except PriceTooLow:
        assert off > sum(one.amount for one in parts if one.is_open)
        return
    after = {one.id: one.amount for one in parts} | dict(found.amounts) | {one.id: one.amount for one in found.add}
    for gone in found.drop:
        del after[gone]

    assert sum(after.values()) == sum(one.amount for one in parts) + sum(wanted)
    assert all(amount > 0 for amount in after.values())
    touched = {one for one, _amount in found.amounts} | set(found.drop)
    assert not touched & {one.id for one in parts if not one.is_open}


@pytest.mark.parametrize(
    ("minutes", "rate", "expected"), [(1200, "120", "2400.00"), (50, "95", "79.17"), (-60, "95", "-95.00")]
)
def test_hours_times_rate(minutes: int, rate: str, expected: str) -> None:
    assert worth(minutes, Money(Decimal(rate), "EUR")) == Money(Decimal(expected), "EUR")


def test_the_value_tells_what_was_changed_by_hand() -> None:
    change = UUID(int=1)

    assert value_lines(Decimal(100), []) == (ValueLine("original", Decimal(100)),)
    assert value_lines(Decimal(150), [(change, Decimal(100), Decimal(20))]) == (
        ValueLine("original", Decimal(100)), ValueLine("change", Decimal(20), change), ValueLine("by_hand", Decimal(30)),
    )  # fmt: skip


@given(signed, st.lists(st.tuples(signed, signed), max_size=5))
def test_the_lines_of_the_value_add_up_whatever_happened(
    current: Decimal, changes: list[tuple[Decimal, Decimal]]
) -> None:
    accepted = [(uuid4(), before, amount) for before, amount in changes]

    assert sum(one.amount for one in value_lines(current, accepted)) == current


def test_the_same_words_have_the_same_digest() -> None:
    assert digest_of({"b": 1, "a": "ü"}) == digest_of({"a": "ü", "b": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})
