"""The registry of figures, and how a value is worked out from its parts."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from quoin.base.actor import Actor
from quoin.base.figures.model import (
    Figure,
    FigureValue,
    Kind,
    Lines,
    NotIncluded,
    Parameter,
    Parameters,
    Sums,
    Text,
    Unit,
    Value,
)
from quoin.kernel.errors import NotFound
from quoin.kernel.money import EXACT

FIGURES: dict[str, Figure] = {}
_HUNDRED = Decimal(100)


def declare(
    key: str,
    *,
    label: Text,
    definition: Text,
    formula: Text,
    unit: Unit,
    permission: str,
    takes: tuple[Parameter, ...],
    lines: Lines,
    value: Value | None = None,
    missing: NotIncluded | None = None,
) -> Figure:
    """Register a figure that has lines of its own."""
    return _add(
        Figure(
            key=key, label=label, definition=definition, formula=formula, unit=unit, permission=permission,
            takes=takes, lines=lines, value=value, missing=missing,
        )
    )  # fmt: skip


def difference(
    key: str,
    *,
    label: Text,
    definition: Text,
    formula: Text,
    permission: str,
    plus: tuple[str, ...],
    minus: tuple[str, ...],
) -> Figure:
    """Register a figure that adds some figures and takes others away; its lines are theirs, signed."""
    first = figure_named(plus[0])
    return _add(
        Figure(
            key=key, label=label, definition=definition, formula=formula, unit=first.unit, permission=permission,
            takes=first.takes, kind=Kind.SUM, parts=(*((1, k) for k in plus), *((-1, k) for k in minus)),
        )
    )  # fmt: skip


def ratio(
    key: str, *, label: Text, definition: Text, formula: Text, permission: str, numerator: str, denominator: str
) -> Figure:
    """Register a percentage: numerator by denominator, per currency. It opens both."""
    return _add(
        Figure(
            key=key, label=label, definition=definition, formula=formula, unit=Unit.PERCENT, permission=permission,
            takes=figure_named(numerator).takes, kind=Kind.RATIO, parts=((1, numerator), (1, denominator)),
        )
    )  # fmt: skip


def figure_named(key: str) -> Figure:
    """The figure; NotFound if there is none of that key."""
    try:
        return FIGURES[key]
    except KeyError:
        raise NotFound(f"There is no figure {key}. GET /api/v1/figures lists them.") from None


def value_of(actor: Actor, key: str, parameters: Parameters) -> FigureValue:
    """The figure's value for the actor; Forbidden without the figure's permission."""
    figure = figure_named(key)
    actor.require(figure.permission)
    if figure.kind is Kind.LINES:
        return FigureValue(figure, parameters, _own_sums(figure, actor, parameters))
    parts = tuple(value_of(actor, part, parameters) for _, part in figure.parts)
    if figure.kind is Kind.SUM:
        signed = [(sign, part.sums) for (sign, _), part in zip(figure.parts, parts, strict=True)]
        return FigureValue(figure, parameters, total(signed), parts)
    return FigureValue(figure, parameters, _quotient(parts[0].sums, parts[1].sums), parts)


def total(signed: list[tuple[int, Sums]]) -> Sums:
    """Signed sums added up per currency."""
    added: defaultdict[str, Decimal] = defaultdict(Decimal)
    for sign, sums in signed:
        for currency, value in sums.items():
            added[currency] += sign * value
    return dict(added)


def _own_sums(figure: Figure, actor: Actor, parameters: Parameters) -> Sums:
    if figure.value is not None:
        return figure.value(actor, parameters)
    assert figure.lines is not None
    return figure.lines(actor, parameters).sums()


def _quotient(numerator: Sums, denominator: Sums) -> Sums:
    return {
        currency: EXACT.divide(numerator.get(currency, Decimal(0)) * _HUNDRED, below)
        for currency, below in denominator.items()
        if below
    }


def _add(figure: Figure) -> Figure:
    if figure.key in FIGURES:
        raise ValueError(f"two figures named {figure.key}")
    FIGURES[figure.key] = figure
    return figure
