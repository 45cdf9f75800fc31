"""What a figure, its value and its lines are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from django.utils.functional import Promise

from quoin.base.actor import Actor

Text = str | Promise
Sums = Mapping[str, Decimal]
"""Sum per currency; the key is '' where the unit is not money."""


class Unit(StrEnum):
    """What a figure counts. Money is per currency and never added across them."""

    MONEY = "money"
    MINUTES = "minutes"
    PERCENT = "percent"
    COUNT = "count"


class Kind(StrEnum):
    """How a figure comes about: from its own lines, as a sum of signed figures, or as a quotient of two."""

    LINES = "lines"
    SUM = "sum"
    RATIO = "ratio"


class Parameter(StrEnum):
    """What a figure can be asked for. `FROM` and `UNTIL` are days, both included."""

    PROJECT = "project"
    CLIENT = "client"
    CONTRACT = "contract"
    PERSON = "person"
    ENTITY = "entity"
    TEAM = "team"
    FROM = "from"
    UNTIL = "until"


@dataclass(frozen=True, slots=True)
class Parameters:
    """The question: which project, whose, from when until when. None means: not limited."""

    project_id: UUID | None = None
    client_id: UUID | None = None
    contract_id: UUID | None = None
    person_id: UUID | None = None
    entity_id: UUID | None = None
    team_id: UUID | None = None
    from_on: date | None = None
    until_on: date | None = None
    """Last day included."""


@dataclass(frozen=True, slots=True)
class Line:
    """One of the things that a figure is made of. `value` counts in the figure's unit."""

    value: Decimal
    label: str
    currency: str = ""
    on: date | None = None
    who: str = ""
    minutes: int | None = None
    rate: Decimal | None = None
    source: str = ""
    """Public id of the thing behind the line."""
    url: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not in a figure, and why: `unapproved`, `internal`, ..."""

    reason: Text
    count: int
    value: Decimal
    currency: str = ""


class LineSet(Protocol):
    """The lines of one answer. The sums are added by the database over exactly the lines that it pages."""

    def count(self) -> int:
        """How many lines there are."""
        ...

    def sums(self) -> Sums:
        """What they add up to, per currency."""
        ...

    def page(self, offset: int, limit: int) -> Sequence[Line]:
        """Some of them, in a stable order."""
        ...


Lines = Callable[[Actor, Parameters], LineSet]
Value = Callable[[Actor, Parameters], Sums]
NotIncluded = Callable[[Actor, Parameters], Sequence[Missing]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A declared figure."""

    key: str
    label: Text
    definition: Text
    formula: Text
    unit: Unit
    permission: str
    takes: tuple[Parameter, ...]
    kind: Kind = Kind.LINES
    lines: Lines | None = None
    value: Value | None = None
    """A faster way to the same sum (a rollup). A test holds it against the lines."""
    parts: tuple[tuple[int, str], ...] = ()
    """Of a sum: sign and key. Of a ratio: (1, numerator), (1, denominator)."""
    missing: NotIncluded | None = None
    higher_is_better: bool | None = None


@dataclass(frozen=True, slots=True)
class FigureValue:
    """An answer: the figure, the question, and the sums. A ratio is None per currency without a denominator."""

    figure: Figure
    parameters: Parameters
    sums: Sums
    parts: tuple[FigureValue, ...] = field(default=())

    def single(self) -> Decimal:
        """The one sum of a figure that has no more than one currency; zero for none."""
        values = list(self.sums.values())
        if len(values) > 1:
            raise ValueError(f"{self.figure.key} has sums in {', '.join(sorted(self.sums))}")
        return values[0] if values else Decimal(0)
