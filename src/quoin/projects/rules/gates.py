"""Stage gates: what each item asks for, whether it is met, and by what.

Facts are looked up by the caller and given as values; a manual item is met once it is ticked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from quoin.projects.rules.tree import branch, rows_below

MANUAL: Final = "manual"
FACTS: Final[Mapping[str, str]] = {
    "budget_set": "The project has a budget",
    "baseline_set": "The plan is kept as a baseline",
    "contract_signed": "The contract is active",
    "team_named": "The team is named",
    "dates_set": "Start and end are set",
    "before_done": "All tasks of the earlier phases are done",
    "deliverables_accepted": "All deliverables of the earlier phases are accepted",
}
"""Kinds of items that are looked up, and what they mean."""
_BEGUN: Final = frozenset({"in_progress", "done"})
_DONE: Final = frozenset({"done", "closed"})


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the plan, as gates see it, in the order of the plan."""

    id: UUID
    parent_id: UUID | None
    kind: str
    status: str
    percent: int = 0
    has_started: bool = False
    is_signed: bool = False

    @property
    def has_begun(self) -> bool:
        return self.status in _BEGUN or self.percent > 0 or self.has_started


@dataclass(frozen=True, slots=True)
class Item:
    """What a gate asks for."""

    kind: str
    ticked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a project; a text names the fact, empty where it does not hold."""

    budget: str = ""
    baseline: str = ""
    contract: str = ""
    team: str = ""
    dates: str = ""
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether an item is met, and why: what it was met by, or what is missing."""

    is_met: bool
    why: str = ""


def answer(item: Item, facts: Facts, held_id: UUID) -> Answer:
    """Whether the item of a gate before the row is met."""
    if item.kind == MANUAL:
        return Answer(item.ticked_at is not None)
    if item.kind == "before_done":
        return _done([row for row in before(facts.rows, held_id) if row.kind != "phase"])
    if item.kind == "deliverables_accepted":
        return _accepted([row for row in before(facts.rows, held_id) if row.kind == "deliverable"])
    word = {
        "budget_set": facts.budget, "baseline_set": facts.baseline, "contract_signed": facts.contract,
        "team_named": facts.team, "dates_set": facts.dates,
    }.get(item.kind, "")  # fmt: skip
    return Answer(bool(word), word)


def is_met(items: Iterable[Item], facts: Facts, held_id: UUID) -> bool:
    """Whether all that the gate asks for is met. A gate that asks for nothing waits for somebody to pass it."""
    return all(answer(item, facts, held_id).is_met for item in items)


def before(rows: tuple[Row, ...], held_id: UUID) -> list[Row]:
    """The rows that stand before the held one in the plan, without the phases above it."""
    above = _above(rows, held_id)
    found: list[Row] = []
    for row in rows:
        if row.id == held_id:
            return found
        if row.id not in above:
            found.append(row)
    return []


def behind(rows: tuple[Row, ...], held_id: UUID) -> list[Row]:
    """The held row and all that stands under it."""
    ids = set(branch(rows_below(rows), held_id))
    return [row for row in rows if row.id in ids]


def _above(rows: tuple[Row, ...], row_id: UUID) -> set[UUID]:
    parents = {row.id: row.parent_id for row in rows}
    found: set[UUID] = set()
    at = parents.get(row_id)
    while at is not None and at not in found:
        found.add(at)
        at = parents.get(at)
    return found


def _done(rows: list[Row]) -> Answer:
    open_rows = [row for row in rows if row.status not in _DONE]
    return Answer(not open_rows, f"{len(rows) - len(open_rows)}/{len(rows)}")


def _accepted(rows: list[Row]) -> Answer:
    signed = [row for row in rows if row.is_signed]
    return Answer(len(signed) == len(rows), f"{len(signed)}/{len(rows)}")
