"""What applying a scenario would do, without doing it: the preview and the action read the same plan."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from quoin.base.actor import Actor
from quoin.insights.models import Scenario
from quoin.insights.queries.scenarios import changes_of
from quoin.insights.queries.scenarios.facts import live_facts, usual_span
from quoin.insights.rules.scenarios.applying import Step, steps_of
from quoin.insights.rules.scenarios.changes import Change
from quoin.insights.rules.scenarios.layering import Conflict, layered


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes that will be applied, the steps they take, and what is in the way."""

    changes: tuple[Change, ...]
    steps: tuple[Step, ...]
    conflicts: tuple[Conflict, ...]


def plan_for(actor: Actor, scenario: Scenario, *, change_ids: Collection[UUID | str] | None = None) -> Plan:
    """The chosen changes of a scenario that the actor may see; all where none are named."""
    chosen = None if change_ids is None else {str(one) for one in change_ids}
    changes = [one for one in changes_of(scenario) if chosen is None or str(one.id) in chosen]
    live = live_facts(actor, from_on=_first(actor, scenario), until_on=_last(actor, scenario), changes=changes)
    found = layered(live, changes)
    left_out = {one.change_id for one in found.conflicts if one.kind != "changed"}
    kept = tuple(one for one in changes if one.id not in left_out)
    return Plan(kept, steps_of(live, found.facts, kept), found.conflicts)


def _first(actor: Actor, scenario: Scenario) -> date:
    return scenario.from_on or usual_span(actor)[0]


def _last(actor: Actor, scenario: Scenario) -> date:
    return max(scenario.until_on or usual_span(actor)[1], _first(actor, scenario) + timedelta(days=1))
