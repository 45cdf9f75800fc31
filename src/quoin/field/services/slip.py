"""Carrying out what a new expected day does: the plan's change set and the visits that nobody was promised yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from quoin.base.actor import Actor
from quoin.field import services
from quoin.field.models import Delivery
from quoin.field.types import VisitStatus
from quoin.projects.queries.plan import load_plan
from quoin.projects.rules.inverse import inverse
from quoin.projects.rules.plan import Change
from quoin.projects.services import plan as plans

Move = Mapping[str, Any]
"""`visit_id` and `hours`, the start and end it is to have."""


def move_plan(actor: Actor, delivery: Delivery, changes: Iterable[Change]) -> Sequence[Change]:
    """Apply the change set; returns the one that takes it back."""
    wanted = list(changes)
    if not wanted:
        return []
    before = load_plan(delivery.project_id, today=actor.today)
    found = plans.change_plan(actor, delivery.project_id, wanted)
    return inverse(before, found.plan)


def move_visits(moves: Iterable[Move]) -> list[dict[str, Any]]:
    """Move draft visits; returns where they were. One that was published meanwhile stays."""
    before = []
    for move in sorted(moves, key=lambda one: str(one["visit_id"])):
        found = services.visit(move["visit_id"])
        if found.status != VisitStatus.DRAFT or found.starts_at is None:
            continue
        before.append({"visit_id": found.id, "hours": [found.starts_at, found.ends_at]})
        starts_at, ends_at = (_instant(one) for one in move["hours"])
        services.set_time(found, starts_at, ends_at, found.travel_minutes)
        services.save_visit(found)
        services.move_holds(found)
    return before


def _instant(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
