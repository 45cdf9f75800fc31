"""A figure with everything behind it: value, formula, parts, sub-totals, lines, and what is not in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core import signing

from quoin.base.actor import Actor
from quoin.base.figures import (
    Figure,
    FigureValue,
    Group,
    Kind,
    LinePage,
    LineSet,
    Missing,
    Parameters,
    Sums,
    combined,
    figure_named,
    lines_of,
    value_of,
)
from quoin.base.figures.model import Text
from quoin.insights.queries.asking import words_of
from quoin.kernel.errors import NotFound

_SALT = "quoin.insights.frozen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A branch of the tree of a figure made of figures, counted from its own lines."""

    figure: Figure
    sign: int
    sums: Sums
    count: int
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What the drawer shows. `recounted` is the sum of the lines, made anew; `is_proven` that it equals the value."""

    figure: Figure
    asked: Parameters
    value: FigureValue
    recounted: Sums
    count: int
    parts: tuple[Part, ...]
    groups: tuple[Group, ...]
    page: LinePage
    missing: tuple[Missing, ...]
    as_of: datetime

    @property
    def nothing(self) -> Text:
        """Why there is no value; empty where there is one, or it is zero."""
        return "" if self.value.sums else self.figure.nothing

    @property
    def is_proven(self) -> bool:
        return same(self.value.sums, self.recounted)


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a figure was when somebody copied its link."""

    sums: Sums
    at: datetime


def same(one: Sums, other: Sums) -> bool:
    """Whether sums agree; a currency that sums to nothing may be left out."""
    return {c: v for c, v in one.items() if v} == {c: v for c, v in other.items() if v}


def explain(actor: Actor, key: str, asked: Parameters, *, after: str = "", limit: int = 50) -> Explanation:
    """The figure with its lines, counted twice: by its fast way and line by line."""
    figure = figure_named(key)
    value = value_of(actor, key, asked)
    lines = lines_of(actor, key, asked)
    parts = tuple(_part(actor, sign, part, asked) for sign, part in figure.parts)
    recounted = combined(figure, [part.sums for part in parts]) if parts else lines.sums()
    return Explanation(
        figure=figure,
        asked=asked,
        value=value,
        recounted=recounted,
        count=sum(part.count for part in parts) if parts else lines.count(),
        parts=parts,
        groups=tuple(lines.groups()) if not parts else (),
        page=_first_page(figure, lines, after, limit),
        missing=tuple(missing_of(actor, figure, asked)),
        as_of=actor.now,
    )


def missing_of(actor: Actor, figure: Figure, asked: Parameters) -> Sequence[Missing]:
    """What is not in the figure; of a ratio, what is not in its numerator."""
    if figure.missing is not None:
        return figure.missing(actor, asked)
    return missing_of(actor, figure_named(figure.parts[0][1]), asked) if figure.parts else ()


def freeze(value: FigureValue, at: datetime) -> str:
    """A seal for a link: what the figure is now. Nobody can make one up."""
    sums = {currency: str(amount) for currency, amount in value.sums.items()}
    return signing.dumps(
        [value.figure.key, words_of(value.parameters), sums, at.isoformat()], salt=_SALT, compress=True
    )


def thaw(seal: str, key: str, asked: Parameters) -> Frozen:
    """What a sealed link says; NotFound if the seal is broken or of another question."""
    try:
        sealed_key, words, sums, at = signing.loads(seal, salt=_SALT)
    except signing.BadSignature:
        raise NotFound("This link is damaged.") from None
    if sealed_key != key or words != words_of(asked):
        raise NotFound("This link belongs to another figure.")
    return Frozen({currency: Decimal(amount) for currency, amount in sums.items()}, datetime.fromisoformat(at))


def _part(actor: Actor, sign: int, key: str, asked: Parameters) -> Part:
    figure = figure_named(key)
    branches = tuple(_part(actor, inner, part, asked) for inner, part in figure.parts)
    if branches:
        sums, count = combined(figure, [branch.sums for branch in branches]), sum(branch.count for branch in branches)
    else:
        lines = lines_of(actor, key, asked)
        sums, count = lines.sums(), lines.count()
    return Part(figure=figure, sign=sign, sums=sums, count=count, parts=branches)


def _first_page(figure: Figure, lines: LineSet, after: str, limit: int) -> LinePage:
    return LinePage(()) if figure.kind is Kind.RATIO else lines.page(after, limit)
