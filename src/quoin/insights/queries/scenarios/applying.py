"""What applying a scenario would do, without doing it: the preview and the action read the same plan."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from quoin.base.actor import Actor
from quoin.insights.models import Scenario
from quoin.insights.queries.scenarios import changes_of
from quoin.insights.queries.scenarios.facts import live_facts, usual_span
from quoin.insights.rules.scenarios.applying import Step, steps_of
from quoin.insights.rules.scenarios.changes import Change
from quoin.insights.rules.scenarios.layering import Conflict, layered, made_by


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes that will be applied, the steps they take, and what is in the way."""

    changes: tuple[Change, ...]
    steps: tuple[Step, ...]
    conflicts: tuple[Conflict, ...]


def plan_for(actor: Actor, scenario: Scenario, *, change_ids: Collection[UUID | str] | None = None) -> Plan:
    """The chosen changes of a scenario that the actor may see; all where none are named."""
    chosen = None if change_ids is None else {str(one) for one in change_ids}
    there = changes_of(scenario)
    changes = [one for one in there if chosen is None or str(one.id) in chosen]
    others = [one for one in there if one not in changes]
    live = live_facts(actor, from_on=_first(actor, scenario), until_on=_last(actor, scenario), changes=changes)
    found = layered(live, changes)
    conflicts = tuple(_needing(one, changes, others) for one in found.conflicts)
    left_out = {one.change_id for one in found.conflicts if one.kind != "changed"}
    kept = tuple(one for one in changes if one.id not in left_out)
    return Plan(kept, steps_of(live, found.facts, kept), conflicts)


def _needing(conflict: Conflict, changes: Sequence[Change], others: Sequence[Change]) -> Conflict:
    """A change that is about something which a change that was not chosen makes: it needs that one, nothing is gone."""
    change = next(one for one in changes if one.id == conflict.change_id)
    about = {str(value) for name, value in change.data.items() if name.endswith("_id") and value}
    makers = [one for one in others if about & {str(made) for made in made_by(one)}]
    if conflict.kind != "gone" or not makers:
        return conflict
    return replace(conflict, kind="needs", needs_id=makers[0].id)


def _first(actor: Actor, scenario: Scenario) -> date:
    return scenario.from_on or usual_span(actor)[0]


def _last(actor: Actor, scenario: Scenario) -> date:
    return max(scenario.until_on or usual_span(actor)[1], _first(actor, scenario) + timedelta(days=1))
