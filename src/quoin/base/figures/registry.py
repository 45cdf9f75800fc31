"""The registry of figures, and how a value is worked out from its parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from quoin.base.actor import Actor
from quoin.base.db.reading import once
from quoin.base.figures.lines import ChainedLines, add_up
from quoin.base.figures.model import (
    Figure,
    FigureValue,
    Kind,
    Lines,
    LineSet,
    NotIncluded,
    Parameter,
    Parameters,
    Series,
    Sums,
    Text,
    Unit,
    Value,
)
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.money import EXACT
from quoin.kernel.words import say

FIGURES: dict[str, Figure] = {}
_HUNDRED, _MINUTES_PER_HOUR = Decimal(100), Decimal(60)


def declare(  # noqa: PLR0913 - the fields of a declaration, all by name
    key: str,
    *,
    label: Text,
    definition: Text,
    formula: Text,
    unit: Unit,
    permission: str,
    takes: Iterable[Parameter],
    lines: Lines,
    value: Value | None = None,
    series: Series | None = None,
    missing: NotIncluded | None = None,
    higher_is_better: bool | None = None,
) -> Figure:
    """Register a figure that has lines of its own."""
    return _add(
        Figure(
            key=key, label=label, definition=definition, formula=formula, unit=unit, permission=permission,
            takes=frozenset(takes), lines=lines, value=value, series=series, missing=missing,
            higher_is_better=higher_is_better,
        )
    )  # fmt: skip


def difference(  # noqa: PLR0913 - the fields of a declaration, all by name
    key: str,
    *,
    label: Text,
    definition: Text,
    formula: Text,
    permission: str,
    plus: tuple[str, ...],
    minus: tuple[str, ...] = (),
    missing: NotIncluded | None = None,
    nothing: Text = "",
    higher_is_better: bool | None = None,
) -> Figure:
    """Register a figure that adds some figures and takes others away; its lines are theirs, signed.

    Where none of them has lines and `nothing` says why, it has no value.
    """
    parts = (*((1, part) for part in plus), *((-1, part) for part in minus))
    return _add(
        Figure(
            key=key, label=label, definition=definition, formula=formula, unit=figure_named(plus[0]).unit,
            permission=permission, takes=_common(parts), kind=Kind.SUM, parts=parts, missing=missing,
            nothing=nothing, higher_is_better=higher_is_better,
        )
    )  # fmt: skip


def ratio(  # noqa: PLR0913 - the fields of a declaration, all by name
    key: str,
    *,
    label: Text,
    definition: Text,
    formula: Text,
    permission: str,
    numerator: str,
    denominator: str,
    unit: Unit = Unit.PERCENT,
    nothing: Text = "",
    higher_is_better: bool | None = None,
) -> Figure:
    """Register a quotient: numerator by denominator, per currency. It opens both."""
    parts = ((1, numerator), (1, denominator))
    return _add(
        Figure(
            key=key, label=label, definition=definition, formula=formula, unit=unit, permission=permission,
            takes=_common(parts), kind=Kind.RATIO, parts=parts, nothing=nothing,
            higher_is_better=higher_is_better,
        )
    )  # fmt: skip


def alias(key: str, of: str, *, label: Text = "", needs: Iterable[Parameter] = ()) -> Figure:
    """Register the same figure under another name, for the question that always has these parameters."""
    original = figure_named(of)
    wanted = frozenset(needs)
    if not wanted <= original.takes:
        raise ValueError(f"{of} cannot be asked for {', '.join(wanted - original.takes)}")
    return _add(replace(original, key=key, label=label or original.label, needs=wanted))


def figure_named(key: str) -> Figure:
    """The figure; NotFound if there is none of that key."""
    try:
        return FIGURES[key]
    except KeyError:
        raise NotFound(say("There is no figure %(key)s. GET /api/v1/figures lists them.", key=key)) from None


def value_of(actor: Actor, key: str, parameters: Parameters) -> FigureValue:
    """The figure's value for the actor; Forbidden without the figure's permission."""
    figure = _asked(actor, key, parameters)
    if figure.kind is Kind.LINES:
        return FigureValue(figure, parameters, _own_sums(figure, actor, parameters))
    parts = tuple(value_of(actor, part, parameters) for _, part in figure.parts)
    return FigureValue(figure, parameters, combined(figure, [part.sums for part in parts]), parts)


def values_of(actor: Actor, key: str, questions: Sequence[Parameters]) -> list[FigureValue]:
    """The figure's values for many questions: at once where they differ in their days alone, one by one else."""
    if not questions:
        return []
    figure = figure_named(key)
    for asked in questions:
        _asked(actor, key, asked)
    if figure.kind is Kind.LINES:
        sums = _series(actor, figure, tuple(questions))
        return [FigureValue(figure, asked, found) for asked, found in zip(questions, sums, strict=True)]
    columns = [values_of(actor, part, questions) for _, part in figure.parts]
    return [
        FigureValue(figure, asked, combined(figure, [part.sums for part in parts]), parts)
        for asked, parts in zip(questions, zip(*columns, strict=True), strict=True)
    ]


def lines_of(actor: Actor, key: str, parameters: Parameters) -> LineSet:
    """The lines behind the figure; of a figure made of figures, theirs."""
    figure = _asked(actor, key, parameters)
    if figure.lines is not None:
        return figure.lines(actor, parameters)
    return ChainedLines(tuple((sign, part, lines_of(actor, part, parameters)) for sign, part in figure.parts))


def combined(figure: Figure, sums: list[Sums]) -> Sums:
    """The value of a sum or ratio from the sums of its parts."""
    if figure.kind is Kind.RATIO:
        return _quotient(figure.unit, sums[0], sums[1])
    return add_up([(sign, part) for (sign, _), part in zip(figure.parts, sums, strict=True)])


def may_ask(actor: Actor, figure: Figure) -> bool:
    """Whether the actor has the rights to the figure and to all of its parts."""
    return actor.may(figure.permission) and all(may_ask(actor, figure_named(part)) for _, part in figure.parts)


def _asked(actor: Actor, key: str, parameters: Parameters) -> Figure:
    figure = figure_named(key)
    actor.require(figure.permission)
    given = parameters.given()
    for name in sorted(given - figure.takes):
        taken = ", ".join(sorted(figure.takes))
        raise invalid(
            f"/{name}",
            say("%(key)s cannot be asked for %(name)s.", key=key, name=name),
            remedy=say("It takes %(taken)s.", taken=taken),
        )
    for name in sorted(figure.needs - given):
        raise invalid(
            f"/{name}",
            say("%(key)s must be asked for one %(name)s.", key=key, name=name),
            remedy=say("Add %(name)s=…", name=name),
        )
    return figure


def _own_sums(figure: Figure, actor: Actor, parameters: Parameters) -> Sums:
    if figure.value is not None:
        return _valued(actor, figure.value, parameters)
    if figure.series is not None:
        return _serial(actor, figure.series, (parameters,))[0]
    assert figure.lines is not None
    return _summed(actor, figure.lines, parameters)


def _series(actor: Actor, figure: Figure, questions: tuple[Parameters, ...]) -> Sequence[Sums]:
    about = {replace(asked, from_on=None, until_on=None) for asked in questions}
    if figure.series is None or len(about) > 1:
        return [_own_sums(figure, actor, asked) for asked in questions]
    return _serial(actor, figure.series, questions)


# A ratio asks for what its own numerator is made of, and a page for a figure and its ratio: each sum is made once.
# The ways are kept, not the figures, as a figure may go by several names.


@once
def _valued(actor: Actor, value: Value, parameters: Parameters) -> Sums:
    return value(actor, parameters)


@once
def _serial(actor: Actor, series: Series, questions: tuple[Parameters, ...]) -> Sequence[Sums]:
    return series(actor, questions)


@once
def _summed(actor: Actor, lines: Lines, parameters: Parameters) -> Sums:
    return lines(actor, parameters).sums()


def _quotient(unit: Unit, numerator: Sums, denominator: Sums) -> Sums:
    if unit is Unit.RATE:
        minutes = denominator.get("", Decimal(0))
        return (
            {c: EXACT.divide(value * _MINUTES_PER_HOUR, minutes) for c, value in numerator.items()} if minutes else {}
        )
    return {
        currency: EXACT.divide(numerator.get(currency, Decimal(0)) * _HUNDRED, below)
        for currency, below in denominator.items()
        if below
    }


def _common(parts: tuple[tuple[int, str], ...]) -> frozenset[Parameter]:
    return frozenset.intersection(*(figure_named(part).takes for _, part in parts))


def _add(figure: Figure) -> Figure:
    if figure.key in FIGURES:
        raise ValueError(f"two figures named {figure.key}")
    FIGURES[figure.key] = figure
    return figure
