"""What a figure, its value and its lines are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
    """What a figure counts. Money is per currency and never added across them; RATE is money per hour."""

    MONEY = "money"
    MINUTES = "minutes"
    PERCENT = "percent"
    COUNT = "count"
    RATE = "rate"


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

    def given(self) -> frozenset[Parameter]:
        """The parameters that limit the question."""
        values = (
            self.project_id, self.client_id, self.contract_id, self.person_id, self.entity_id, self.team_id,
            self.from_on, self.until_on,
        )  # fmt: skip
        return frozenset(name for name, value in zip(Parameter, values, strict=True) if value is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One of the things that a figure is made of. `value` counts in the figure's unit.

    A restricted line stands for `count` lines that the reader may not see one by one.
    """

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
    part: str = ""
    """Key of the figure that the line belongs to, where a figure is made of figures."""
    count: int = 1
    is_restricted: bool = False


@dataclass(frozen=True, slots=True)
class LinePage:
    """Some lines, and the cursor after which the next ones come; empty at the end."""

    lines: tuple[Line, ...]
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A sub-total of lines. `narrowed` asks the same figure for this group alone, where that can be asked."""

    label: str
    value: Decimal
    currency: str
    count: int
    narrowed: Parameters | None = None
    is_restricted: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not in a figure, and why: `unapproved`, `internal`, ..."""

    reason: Text
    count: int
    value: Decimal
    currency: str = ""
    unit: Unit = Unit.MINUTES


class LineSet(Protocol):
    """The lines of one answer. The sums are added by the database over exactly the lines that it pages."""

    def count(self) -> int:
        """How many lines there are, restricted ones included."""
        ...

    def sums(self) -> Sums:
        """What they add up to, per currency."""
        ...

    def page(self, after: str = "", limit: int = 50) -> LinePage:
        """The lines after a cursor, in a stable order; restricted ones come last, summed up."""
        ...

    def groups(self) -> Sequence[Group]:
        """Sub-totals that add up to the same sums; empty where lines are not grouped."""
        ...


def every_line(lines: LineSet, *, limit: int = 500) -> Iterator[Line]:
    """All lines, page by page."""
    after = ""
    while True:
        page = lines.page(after, limit)
        yield from page.lines
        if not page.after:
            return
        after = page.after


Lines = Callable[[Actor, Parameters], LineSet]
Value = Callable[[Actor, Parameters], Sums]
Series = Callable[[Actor, Sequence[Parameters]], Sequence[Sums]]
"""Answers several questions at once that differ in their days alone."""
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
    takes: frozenset[Parameter]
    needs: frozenset[Parameter] = frozenset()
    """Parameters without which the question makes no sense."""
    kind: Kind = Kind.LINES
    lines: Lines | None = None
    value: Value | None = None
    """A faster way to the same sum (a rollup). A test holds it against the lines."""
    series: Series | None = None
    """A faster way to the sums of many periods. A test holds it against the periods one by one."""
    parts: tuple[tuple[int, str], ...] = ()
    """Of a sum: sign and key. Of a ratio: (1, numerator), (1, denominator)."""
    missing: NotIncluded | None = None
    nothing: Text = ""
    """Why there is no value where the figure has no sum, as without a budget; empty: no sum is zero."""
    higher_is_better: bool | None = None


@dataclass(frozen=True, slots=True)
class FigureValue:
    """An answer: the figure, the question, and the sums. A ratio has no sum in a currency without a denominator."""

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
