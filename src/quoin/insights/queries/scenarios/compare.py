"""The plan of record beside scenarios: the same computation for every column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from quoin.base.actor import Actor
from quoin.insights.models import Scenario
from quoin.insights.queries.scenarios import VIEW_SCENARIOS, changes_of
from quoin.insights.queries.scenarios.facts import live_facts, usual_span
from quoin.insights.rules.scenarios.layering import Conflict, Layered, layered
from quoin.insights.rules.scenarios.outcome import Outcome, Row, likely, outcome
from quoin.kernel.errors import invalid
from quoin.kernel.words import say
from quoin.people.queries import VIEW_COST

MOST_COLUMNS = 3
"""Scenarios beside the plan of record."""


@dataclass(frozen=True, slots=True)
class Column:
    """A plan and what comes out of it; `scenario` is None for the plan of record."""

    scenario: Scenario | None
    outcome: Outcome
    layered: Layered
    chances: Outcome
    """By when projects whose plan is moved end, with even odds and at four in five."""

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        return self.layered.conflicts


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, what it is beside the plan of record, and whether it is the best of its row."""

    value: Decimal | date | None
    change: Decimal | int | None = None
    """Difference to the plan of record: amount, points, number or days."""
    ratio: Decimal | None = None
    """Relative change of an amount, in per cent."""
    is_best: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class CompareRow:
    """One value in all columns."""

    key: str
    label: str
    unit: str
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        return len({cell.value for cell in self.cells}) > 1


@dataclass(frozen=True, slots=True)
class Comparison:
    """The plan of record and scenarios, row by row."""

    from_on: date
    until_on: date
    currency: str
    columns: tuple[Column, ...]
    rows: tuple[CompareRow, ...]
    chances: tuple[CompareRow, ...] = ()
    """Likely ends, of the projects whose plans a scenario moves."""

    @property
    def differing(self) -> tuple[CompareRow, ...]:
        return tuple(row for row in (*self.rows, *self.chances) if row.differs)

    @property
    def everything(self) -> tuple[CompareRow, ...]:
        return (*self.rows, *self.chances)


def compare(
    actor: Actor, scenarios: Sequence[Scenario], *, from_on: date | None = None, until_on: date | None = None
) -> Comparison:
    """The plan of record and up to three scenarios on one horizon: the first scenario's, unless days are given."""
    actor.require(VIEW_SCENARIOS)
    if len(scenarios) > MOST_COLUMNS:
        raise invalid(
            "/scenarios",
            say("Compare up to %(most_columns)s scenarios with the plan of record.", most_columns=MOST_COLUMNS),
        )
    first, last = usual_span(actor)
    kept = next((one for one in scenarios if one.from_on or one.until_on), None)
    from_on = from_on or (kept.from_on if kept else None) or first
    until_on = until_on or (kept.until_on if kept else None) or last
    if until_on < from_on:
        raise invalid("/until", "The last day is before the first. Check both days.")
    layers = [changes_of(one) for one in scenarios]
    live = live_facts(actor, from_on=from_on, until_on=until_on, changes=[one for layer in layers for one in layer])
    with_cost = actor.may(VIEW_COST)
    columns = [Column(None, outcome(live, with_cost=with_cost), Layered(live), likely(live))]
    for scenario, changes in zip(scenarios, layers, strict=True):
        found = layered(live, changes)
        columns.append(Column(scenario, outcome(found.facts, with_cost=with_cost), found, likely(found.facts)))
    rows, chances = _rows([one.outcome for one in columns]), _rows([one.chances for one in columns])
    return Comparison(from_on, until_on, live.currency, tuple(columns), rows, chances)


def _rows(outcomes: Sequence[Outcome]) -> tuple[CompareRow, ...]:
    keys = dict.fromkeys(row.key for one in outcomes for row in one.rows)
    return tuple(_row(key, [one.row(key) for one in outcomes]) for key in keys)


def _row(key: str, rows: Sequence[Row | None]) -> CompareRow:
    known = next(row for row in rows if row is not None)
    base = rows[0].value if rows[0] else None
    best = _best(known, [row.value for row in rows if row is not None and row.value is not None])
    return CompareRow(
        key, known.label, known.unit, tuple(_cell(row, base, best, is_base=row is rows[0]) for row in rows)
    )


def _best(row: Row, values: Sequence[Decimal | date]) -> Decimal | date | None:
    """The best value where the direction is clear and values differ."""
    if row.is_higher_better is None or len(set(values)) < 2:  # noqa: PLR2004 - nothing to choose from
        return None
    return max(values) if row.is_higher_better else min(values)


def _cell(row: Row | None, base: Decimal | date | None, best: Decimal | date | None, *, is_base: bool) -> Cell:
    if row is None:
        return Cell(None)
    change: Decimal | int | None = None
    ratio = None
    if not is_base and isinstance(row.value, Decimal) and isinstance(base, Decimal):
        change = row.value - base
        ratio = (change * 100 / abs(base)).quantize(Decimal("0.1")) if base and row.unit == "money" else None
    elif not is_base and isinstance(row.value, date) and isinstance(base, date):
        change = (row.value - base).days
    return Cell(row.value, change, ratio, best is not None and row.value == best, row.note)
