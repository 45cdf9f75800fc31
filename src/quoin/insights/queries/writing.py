"""Figures and lines as plain values, the same for API and command line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from quoin.base.actor import Actor
from quoin.base.figures import FIGURES, Figure, FigureValue, Line, LinePage, Missing, Sums, Unit, lines_of, may_ask
from quoin.base.figures import value_of as figure_value
from quoin.insights.queries.asking import question, words_of
from quoin.insights.queries.explaining import missing_of
from quoin.kernel.money import Money

_PLACES = Decimal("0.0001")


def catalogue(actor: Actor) -> list[dict[str, Any]]:
    """Every figure that the actor may ask."""
    return [declared(figure) for figure in sorted(FIGURES.values(), key=lambda f: f.key) if may_ask(actor, figure)]


def declared(figure: Figure) -> dict[str, Any]:
    """What a figure means and can be asked for."""
    return {
        "key": figure.key,
        "label": str(figure.label),
        "definition": str(figure.definition),
        "formula": str(figure.formula),
        "unit": figure.unit.value,
        "kind": figure.kind.value,
        "parts": [{"sign": sign, "key": key} for sign, key in figure.parts],
        "takes": sorted(figure.takes),
        "needs": sorted(figure.needs),
        "permission": figure.permission,
    }


def answered(actor: Actor, key: str, given: dict[str, str]) -> dict[str, Any]:
    """The figure's value for the question in these words, with what is not in it."""
    asked = question(actor, given)
    found = figure_value(actor, key, asked)
    return {
        **value(found),
        "label": str(found.figure.label),
        "definition": str(found.figure.definition),
        "formula": str(found.figure.formula),
        "asked": words_of(asked),
        "reason": reason_of(found),
        "not_included": [missing(item) for item in missing_of(actor, found.figure, asked)],
        "as_of": actor.now.isoformat(),
    }


def value(found: FigureValue) -> dict[str, Any]:
    """A value and, below it, the values it is made of."""
    return {
        "key": found.figure.key,
        "unit": found.figure.unit.value,
        "values": [] if reason_of(found) else sums(found.sums, found.figure.unit),
        "currencies": [currency for currency in sorted(found.sums) if currency],
        "parts": [value(part) for part in found.parts],
    }


def reason_of(found: FigureValue) -> str | None:
    """Why the figure has no value; None where it has one, or is zero."""
    return None if found.sums else str(found.figure.nothing) or None


def sums(values: Sums, unit: Unit) -> list[Any]:
    """One value per currency; a figure that is no money has one, or none where it cannot be worked out."""
    if not values and unit in {Unit.MINUTES, Unit.COUNT}:
        return [0]
    return [written(amount, unit, currency) for currency, amount in sorted(values.items())]


def written(amount: Decimal, unit: Unit, currency: str) -> Any:
    """Money as amount and currency, minutes as a whole number, a percentage as text with four decimals."""
    match unit:
        case Unit.MONEY:
            return Money(amount, currency).plain()
        case Unit.RATE:
            return Money(amount.quantize(_PLACES), currency).plain()
        case Unit.MINUTES | Unit.COUNT:
            return int(amount)
        case _:
            return f"{amount.quantize(_PLACES):f}"


def missing(item: Missing) -> dict[str, Any]:
    """Lines that are left out, and why."""
    return {"reason": str(item.reason), "lines": item.count, "value": written(item.value, item.unit, item.currency)}


def line_page(actor: Actor, key: str, given: dict[str, str], *, after: str, limit: int) -> tuple[LinePage, int]:
    """A page of lines, and how many there are."""
    lines = lines_of(actor, key, question(actor, given))
    return lines.page(after, limit), lines.count()


def line(row: Line, unit: Unit) -> dict[str, Any]:
    """A line. In a ratio the unit is that of the part the line belongs to."""
    own = FIGURES[row.part].unit if row.part else unit
    return {
        "on": row.on.isoformat() if row.on else None,
        "label": row.label,
        "who": row.who or None,
        "minutes": row.minutes,
        "rate": f"{row.rate:f}" if row.rate is not None else None,
        "value": written(row.value, own, row.currency),
        "source": row.source or None,
        "part": row.part or None,
        "is_restricted": row.is_restricted,
        "count": row.count,
    }
