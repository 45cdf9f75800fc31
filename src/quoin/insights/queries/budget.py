"""A project's budget beside what it took and what is booked ahead: every cell is the sum of lines that it opens.

Three measures (hours, price, cost) in five groupings. Base columns are read, the others are sums of them:
changes = budget − baseline, remaining = budget − actual − committed, forecast = actual + left,
variance = budget − forecast.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from quoin.base.actor import Actor
from quoin.billing.queries.figures import VIEW_CHARGES
from quoin.insights.queries.budget_facts import Fact, Reader
from quoin.kernel.errors import invalid
from quoin.kernel.words import Sentence, say
from quoin.people.models import JobRole
from quoin.projects.models import Project, Task
from quoin.projects.queries import tasks_of
from quoin.projects.queries.budgets import KIND_WORDS, VIEW_BUDGETS, sees_cost
from quoin.projects.types import BudgetKind
from quoin.timesheets.queries.access import VIEW_TIME

MEASURES = ("minutes", "amount", "cost")
GROUPS = ("phase", "task", "role", "month", "kind")
BASE = ("baseline", "budget", "actual", "committed", "left")
DERIVED: Mapping[str, tuple[tuple[int, str], ...]] = {
    "changes": ((1, "budget"), (-1, "baseline")),
    "remaining": ((1, "budget"), (-1, "actual"), (-1, "committed")),
    "forecast": ((1, "actual"), (1, "left")),
    "variance": ((1, "budget"), (-1, "actual"), (-1, "left")),
}
COLUMNS = ("baseline", "changes", "budget", "actual", "committed", "remaining", "left", "forecast", "variance")
OF_BUDGET = frozenset({"baseline", "changes", "budget", "remaining", "variance"})
"""Columns that say nothing of a project without a budget in the measure."""
ALL = "all"
NONE = "none"
Key = UUID | date | str | None


@dataclass(slots=True)
class GridRow:
    """One phase, task, role, month or kind."""

    key: str
    label: str
    month_on: date | None = None
    task: Task | None = None
    cells: dict[str, Decimal | None] = field(default_factory=dict)
    """None where the project has no budget to compare with."""

    @property
    def used_percent(self) -> Decimal | None:
        """How much of the budget is used."""
        budget, actual = self.cells["budget"], self.cells["actual"]
        return actual * 100 / budget if actual is not None and budget is not None and budget > 0 else None


@dataclass(frozen=True, slots=True)
class Grid:
    """The table: its rows, their sum, and what is in another currency and therefore beside it."""

    measure: str
    by: str
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]
    total: GridRow
    currency: str
    elsewhere: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class CellLines:
    """What a cell is made of; the signed lines add up to its value. None: there is no budget to compare with."""

    value: Decimal | None
    lines: tuple[tuple[str, int, Fact], ...]
    """Column that the line comes from, its sign, the line."""


def measures_for(actor: Actor, project: Project) -> tuple[str, ...]:
    """What the actor may look at: hours; prices and costs need their rights."""
    found = ["minutes"]
    if actor.may(VIEW_BUDGETS) and actor.may(VIEW_CHARGES):
        found.append("amount")
    if actor.may(VIEW_BUDGETS) and sees_cost(actor, project):
        found.append("cost")
    return tuple(found)


def grid(actor: Actor, project: Project, *, by: str = "phase", measure: str = "minutes") -> Grid:
    """The budget of a project that the actor sees."""
    reader = _reader(actor, project, by, measure)
    places = _Places(project, by)
    found: defaultdict[Key, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(BASE, Decimal(0)))
    total = dict.fromkeys(BASE, Decimal(0))
    elsewhere: defaultdict[str, Decimal] = defaultdict(Decimal)
    for column in BASE:
        for fact in reader.summed(column):
            if fact.currency != reader.currency:
                elsewhere[fact.currency] += fact.value
                continue
            found[places.of(fact)][column] += fact.value
            total[column] += fact.value
    has_budget = _has_budget(reader)
    rows = [places.row(key, _derived(cells, has_budget)) for key, cells in found.items() if any(cells.values())]
    rows.sort(key=places.order)
    whole = GridRow(ALL, "", cells=_derived(total, has_budget))
    return Grid(measure, by, COLUMNS, tuple(rows), whole, reader.currency, dict(elsewhere))


def cell_lines(actor: Actor, project: Project, *, by: str, measure: str, column: str, key: str) -> CellLines:
    """The lines behind one cell; `key` is the row's, or `all`."""
    reader = _reader(actor, project, by, measure)
    if column not in COLUMNS:
        raise invalid("/column", say("There is no column %(name)s.", name=column), remedy=_use(COLUMNS))
    if column in OF_BUDGET and not _has_budget(reader):
        return CellLines(None, ())
    places = _Places(project, by)
    found = [
        (part, sign, fact)
        for sign, part in DERIVED.get(column, ((1, column),))
        for fact in reader.lines(part)
        if fact.currency == reader.currency and (key == ALL or key_text(places.of(fact)) == key)
    ]
    if column == "changes":
        found = _without_equal(found)
    return CellLines(sum((sign * fact.value for _part, sign, fact in found), Decimal(0)), tuple(found))


def key_text(key: Key) -> str:
    """The key of a row in an address."""
    return NONE if key is None else str(key)


def _reader(actor: Actor, project: Project, by: str, measure: str) -> Reader:
    actor.require(VIEW_TIME)
    if by not in GROUPS:
        raise invalid("/by", say("A budget is not grouped by %(by)s.", by=by), remedy=_use(GROUPS))
    if measure not in MEASURES:
        raise invalid("/measure", say("There is no measure %(name)s.", name=measure), remedy=_use(MEASURES))
    if measure != "minutes":
        actor.require(VIEW_BUDGETS)
        actor.require(VIEW_CHARGES if measure == "amount" else "people.cost.view")
    if measure not in measures_for(actor, project):
        raise invalid("/measure", "Costs are read by the project's manager and by those who see all costs.")
    return Reader(actor, project, measure)


def _use(names: Iterable[str]) -> Sentence:
    return say("Use %(names)s.", names=", ".join(names))


def _has_budget(reader: Reader) -> bool:
    return any(fact.value for column in ("budget", "baseline") for fact in reader.summed(column))


def _derived(cells: Mapping[str, Decimal], has_budget: bool) -> dict[str, Decimal | None]:
    return {
        name: sum((sign * cells[part] for sign, part in DERIVED.get(name, ((1, name),))), Decimal(0))
        if has_budget or name not in OF_BUDGET
        else None
        for name in COLUMNS
    }


def _without_equal(found: list[tuple[str, int, Fact]]) -> list[tuple[str, int, Fact]]:
    """Lines that both versions have alike take themselves away."""
    values: defaultdict[Any, Decimal] = defaultdict(Decimal)
    for _part, sign, fact in found:
        values[fact.line_key] += sign * fact.value
    return [(part, sign, fact) for part, sign, fact in found if values[fact.line_key]]


class _Places:
    """Which row a line belongs to, how the rows are called, and in what order they stand."""

    def __init__(self, project: Project, by: str) -> None:
        self._by = by
        self._tasks = {task.id: task for task in tasks_of(project)} if by in {"phase", "task"} else {}
        self._ranks: dict[str, int] = {str(key): rank for rank, key in enumerate(self._tasks)}
        self._names: dict[str, str] = {}
        if by == "role":
            self._names = {str(key): name for key, name in JobRole.objects.values_list("id", "name")}

    def of(self, fact: Fact) -> Key:
        if self._by == "kind":
            return fact.kind
        if self._by == "month":
            return fact.month_on
        if self._by == "role":
            return fact.role_id
        return self._task(fact.task_id)

    def _task(self, task_id: UUID | None) -> UUID | None:
        task = self._tasks.get(task_id) if task_id else None
        if task is None:
            return None
        if self._by == "task":
            return task.id
        while task.parent_id is not None and task.parent_id in self._tasks:
            task = self._tasks[task.parent_id]
        return task.id

    def row(self, key: Key, cells: dict[str, Decimal | None]) -> GridRow:
        text = key_text(key)
        if isinstance(key, date):
            return GridRow(text, text[:7], month_on=key, cells=cells)
        if key is None:
            return GridRow(text, self._nothing(), cells=cells)
        if self._by == "kind":
            return GridRow(text, str(KIND_WORDS[BudgetKind(text)]), cells=cells)
        task = self._tasks.get(key) if isinstance(key, UUID) else None
        return GridRow(text, task.name if task else self._names.get(text, ""), task=task, cells=cells)

    def _nothing(self) -> str:
        return {"role": _("no role"), "month": _("no month")}.get(self._by, _("no task"))

    def order(self, row: GridRow) -> tuple[bool, int, str]:
        kinds = [str(kind) for kind in BudgetKind]
        rank = kinds.index(row.key) if self._by == "kind" else self._ranks.get(row.key, 0)
        return row.key == NONE, rank, row.key if self._by == "month" else row.label
