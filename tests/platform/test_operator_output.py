"""Answers of the command line as tables: things inside things are read by people, not as Python."""

from __future__ import annotations

import io
from dataclasses import dataclass
from decimal import Decimal

from quoin.base.console import Form, Session
from quoin.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Step:
    question: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Answer:
    verdict: str
    steps: tuple[Step, ...]
    names: tuple[str, ...] = ("a", "b")


def table(data: object) -> str:
    out = io.StringIO()
    Session(form=Form.TABLE, out=out, is_colourless=True).emit(data)
    return out.getvalue()


def test_things_inside_a_thing_are_a_table_below_it() -> None:
    lines = table(Answer("No", (Step("Is the user active?", True), Step("Which roles?", False)))).splitlines()

    assert lines[:3] == ["verdict: No", "steps:", "question             holds"]
    assert lines[3].split("  ")[0] == "Is the user active?"
    assert lines[-1] == "names: a, b"


def test_no_python_is_shown_in_a_list() -> None:
    shown = table([{"names": ("x", "y"), "sum": {"amount": "1.50", "currency": "EUR"}, "by": {"EUR": 3, "NOK": 4}}])

    assert "x, y" in shown
    assert "EUR 1.50" in shown
    assert "EUR 3, NOK 4" in shown
    assert not set("(){}'") & set(shown)


def test_money_is_written_with_the_decimals_of_its_currency() -> None:
    assert str(Money(Decimal("212.7800"), "EUR").plain()) == "EUR 212.78"
    assert str(Money(Decimal("212.0000"), "JPY").plain()) == "JPY 212"
    assert str(Money(Decimal("0.1234"), "EUR").plain()) == "EUR 0.1234"
