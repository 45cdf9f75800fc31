"""The log of risks as values: ratings, exposure, drift, and what a new project might begin with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from quoin.base.actor import Actor
from quoin.governance.models import RaidItem, RaidState
from quoin.governance.queries import visible_raid
from quoin.governance.rules.exposure import (
    COUNTED,
    Drift,
    Rating,
    counts,
    drift_of,
    expected_amount,
    expected_days,
    matrix,
    score,
    severity,
)
from quoin.governance.types import RaidKind, RaidStatus
from quoin.kernel.money import Money
from quoin.projects.models import Project


@dataclass(frozen=True, slots=True)
class Rated:
    """An entry of the log with what its rating comes to."""

    item: RaidItem
    score: int | None
    severity: str
    expected: Money | None
    days: Decimal
    drift: Drift


def rating_of(row: RaidItem | RaidState, currency: str) -> Rating:
    """How the entry is seen, or was."""
    amount = None if row.impact_amount is None else Money(row.impact_amount, currency)
    return Rating(row.probability, row.impact, amount, row.impact_days)


def rated(rows: Iterable[RaidItem]) -> list[Rated]:
    """The entries with their figures; the history is read once for all of them."""
    items = list(rows)
    histories: defaultdict[UUID, list[RaidState]] = defaultdict(list)
    for state in RaidState.objects.filter(item__in=[one.id for one in items]).order_by("at", "id"):
        histories[state.item_id].append(state)
    return [_rated(one, histories[one.id]) for one in items]


def _rated(item: RaidItem, history: Sequence[RaidState]) -> Rated:
    currency = item.project.currency
    rating = rating_of(item, currency)
    points = score(rating)
    # What came true or is closed is not expected any more.
    is_open = counts(RaidKind(item.kind), RaidStatus(item.status))
    return Rated(
        item, points, severity(points), expected_amount(rating) if is_open else None,
        expected_days(rating) if is_open else Decimal(0),
        drift_of([rating_of(state, currency) for state in history]),
    )  # fmt: skip


def open_risks(actor: Actor) -> Any:
    """Risks that may still come true, in projects that the actor may see."""
    return visible_raid(actor).filter(kind=RaidKind.RISK, status__in=list(COUNTED))


def heat(actor: Actor, project_id: UUID) -> tuple[tuple[int, ...], ...]:
    """Open risks of a project by probability and impact."""
    rows = open_risks(actor).filter(project=project_id)
    return matrix(rating_of(row, row.project.currency) for row in rows)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A risk that a project of its kind often has."""

    key: str
    title: str
    response: str
    probability: int
    impact: int


def suggestions(project: Project) -> tuple[Suggestion, ...]:
    """Three risks to begin with, the ones that fit what is known of the project first."""
    fixed = project.contract is not None and project.contract.kind == "fixed_price"
    late = Suggestion(
        "client", _("The client's input comes late"), _("Agree dates for every input; escalate after three days."), 3, 3
    )
    people = Suggestion(
        "people", _("A key person is not available"), _("Name a deputy and keep the work shared."), 2, 4
    )
    scope = Suggestion(
        "scope", _("The scope grows without a change order"), _("Write down each wish; send a change order."), 4, 3
    )
    price = Suggestion(
        "estimate", _("The effort was estimated too low"), _("Compare hours left with the plan every week."), 3, 4
    )
    return (price, scope, late) if fixed else (late, people, scope)
