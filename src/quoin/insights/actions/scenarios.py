"""Commands about scenarios: keep, change, share, comment, apply in whole or part, and take the whole back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import REGISTRY, action, running_action_id, touch, undo_with
from quoin.base.actor import Actor, Scope
from quoin.base.events import emit
from quoin.insights.models import Scenario, ScenarioChange, ScenarioComment
from quoin.insights.queries.scenarios import is_own, is_within_reach, scenario_for
from quoin.insights.queries.scenarios.applying import Plan, plan_for
from quoin.insights.queries.scenarios.facts import live_facts, usual_span
from quoin.insights.rules.scenarios.changes import Change, checked
from quoin.insights.rules.scenarios.layering import state_of
from quoin.insights.services.applying import FIRM, TENTATIVE, Applying, restore_milestones, restore_price
from quoin.insights.services.sharing import reader_ids_of, set_readers
from quoin.kernel.errors import Conflict, DomainError, Forbidden, NotFound, invalid
from quoin.kernel.words import Sentence, say
from quoin.people.services import remove_people
from quoin.projects.actions import step_project

_CREATE, _EDIT, _DISCARD = "insights.scenario.create", "insights.scenario.edit", "insights.scenario.discard"
_ADD, _DROP, _APPLY = "insights.scenario.add", "insights.scenario.drop", "insights.scenario.apply"
_REVERT, _REOPEN = "insights.scenario.revert", "insights.scenario.reopen"
_EDITABLE = frozenset({"name", "note", "reach", "team_id", "from_on", "until_on"})
_REACHES = ("private", "team", "people", "shared")
_UNDOES = (
    "resourcing.booking.", "resourcing.demand.", "projects.plan.", "projects.project.edit", "projects.project.step",
    "catalog.rate.remove",
    "people.person.edit",
)  # fmt: skip


@action(_CREATE, label=_("Make a scenario"))
def create_scenario(
    actor: Actor,
    /,
    *,
    name: str,
    changes: Sequence[Mapping[str, Any]] = (),
    reader_ids: Collection[UUID | str] = (),
    **fields: Any,
) -> Scenario:
    """A scenario, with changes where they are given: [{"kind": ..., **fields}]."""
    scenario = Scenario(owner_id=actor.person_id, maker_id=actor.user_id, made_at=actor.now, name="")
    _set(actor, scenario, {"name": name, **fields})
    scenario.save()
    set_readers(scenario, reader_ids)
    for one in changes:
        _keep(actor, scenario, one)
    touch(scenario.public_id)
    undo_with(_DISCARD, scenario_id=scenario.id)
    return scenario


@action(_EDIT, label=_("Change or share a scenario"))
def edit_scenario(
    actor: Actor,
    /,
    *,
    scenario_id: UUID | str,
    reader_ids: Collection[UUID | str] | None = None,
    **fields: Any,
) -> Scenario:
    """`reader_ids` are the people whom it is shared with by name."""
    scenario = _own(actor, _EDIT, scenario_id)
    before = {name: getattr(scenario, name, None) for name in fields}
    undo_with(_EDIT, scenario_id=scenario.id, reader_ids=reader_ids_of(scenario), **before)
    _set(actor, scenario, fields)
    scenario.version += 1
    scenario.save()
    set_readers(scenario, reader_ids_of(scenario) if reader_ids is None else reader_ids)
    touch(scenario.public_id)
    return scenario


@action(_DISCARD, label=_("Discard a scenario"))
def discard_scenario(actor: Actor, *, scenario_id: UUID | str) -> None:
    scenario = _own(actor, _DISCARD, scenario_id)
    undo_with(_REOPEN, scenario_id=scenario.id, status=scenario.status)
    scenario.status = "discarded"
    scenario.save(update_fields=["status"])
    touch(scenario.public_id)


@action(_REOPEN, label=_("Bring a scenario back"))
def reopen_scenario(actor: Actor, *, scenario_id: UUID | str, status: str = "open") -> Scenario:
    scenario = _own(actor, _REOPEN, scenario_id, statuses=("open", "applied", "discarded"))
    if status not in {"open", "applied"}:
        raise invalid("/status", "A scenario comes back open or applied.")
    scenario.status = status
    scenario.save(update_fields=["status"])
    touch(scenario.public_id)
    return scenario


@action(_ADD, label=_("Put a change into a scenario"))
def add_change(actor: Actor, /, *, scenario_id: UUID | str, kind: str, **fields: Any) -> ScenarioChange:
    """A change of dates, people, prices or deals; what its subject looks like now is kept with it."""
    scenario = _own(actor, _ADD, scenario_id)
    row = _keep(actor, scenario, {"kind": kind, **fields})
    touch(scenario.public_id)
    undo_with(_DROP, change_id=row.id)
    return row


@action(_DROP, label=_("Take a change out of a scenario"))
def drop_change(actor: Actor, *, change_id: UUID | str) -> None:
    row = ScenarioChange.objects.filter(id=change_id).first()
    if row is None:
        raise NotFound("There is no such change.")
    scenario = _own(actor, _DROP, row.scenario_id)
    touch(scenario.public_id)
    undo_with(_ADD, scenario_id=scenario.id, kind=row.kind, **row.data)
    row.delete()


@action("insights.scenario.comment", label=_("Comment on a scenario"))
def comment_scenario(actor: Actor, *, scenario_id: UUID | str, text: str) -> ScenarioComment:
    """Whoever sees a scenario may say something about it."""
    scenario = scenario_for(actor, scenario_id)
    if not text.strip():
        raise invalid("/text", "Write something.", code="required")
    touch(scenario.public_id)
    return ScenarioComment.objects.create(
        scenario=scenario, person_id=actor.person_id, said_at=actor.now, text=text.strip()
    )


@action(_APPLY, label=_("Apply a scenario to the plan"))
def apply_scenario(
    actor: Actor, *, scenario_id: UUID | str, as_: str = TENTATIVE, change_ids: Collection[UUID | str] | None = None
) -> Plan:
    """All changes or some, as tentative or firm: all or none of them, with one undo.

    What is gone is left out, as the preview says. Each part is done by its own action, with the actor's rights.
    """
    if as_ not in {TENTATIVE, FIRM}:
        raise invalid("/as", "Bookings and requests become tentative or firm.", code="not_a_choice")
    scenario = _own(actor, _APPLY, scenario_id)
    plan = plan_for(actor, scenario, change_ids=change_ids)
    if not plan.steps:
        raise Conflict("There is nothing to apply: every chosen change is gone or says what is there already.")
    run = Applying(actor, as_=as_)
    for step in plan.steps:
        try:
            run.take(step)
        except DomainError as refused:
            refused.detail = f"{step.text}: {refused.detail}"
            refused.args = (refused.detail,)
            raise
    taken = [one.id for one in plan.changes]
    ScenarioChange.objects.filter(id__in=taken).update(applied_at=actor.now)
    left = ScenarioChange.objects.filter(scenario=scenario, applied_at=None).exists()
    scenario.status = "open" if left else "applied"
    scenario.version += 1
    scenario.save(update_fields=["status", "version"])
    touch(scenario.public_id)
    undo_with(
        _REVERT, scenario_id=scenario.id, change_ids=taken, steps=run.undo, people=run.people,
        projects=run.projects, milestones=run.milestones, prices=run.prices,
    )  # fmt: skip
    emit(actor, "insights.scenario.applied", running_action_id(), scenario_id=scenario.id)
    return plan


@action(_REVERT, label=_("Take back an applied scenario"))
def revert_scenario(
    actor: Actor, *, scenario_id: UUID | str, change_ids: Sequence[UUID | str], steps: Sequence[Mapping[str, Any]],
    people: Sequence[UUID | str] = (), projects: Sequence[UUID | str] = (),
    milestones: Sequence[Mapping[str, Any]] = (), prices: Sequence[Mapping[str, Any]] = (),
) -> Scenario:  # fmt: skip
    """Everything that was applied at once, the last first, by the undo of each part.

    People who came with it go again. A project that came with it is closed, and its requests are cancelled.
    """
    scenario = _own(actor, _REVERT, scenario_id, statuses=("open", "applied"))
    for one in steps:
        if not str(one["action"]).startswith(_UNDOES):
            raise invalid("/steps", say("%(one)s is no part of a scenario.", one=one["action"]))
        REGISTRY[one["action"]].run(actor, **one["arguments"])
    for kept in milestones:
        restore_milestones(actor, kept)
    for kept in prices:
        restore_price(actor, kept)
    for project_id in projects:
        step_project(actor, project_id=project_id, status="closed")
    if people:
        actor.require("people.person.create")
        remove_people([UUID(str(one)) for one in people])
    ScenarioChange.objects.filter(scenario=scenario, id__in=[str(one) for one in change_ids]).update(applied_at=None)
    scenario.status = "open"
    scenario.save(update_fields=["status"])
    touch(scenario.public_id)
    return scenario


def _keep(actor: Actor, scenario: Scenario, given: Mapping[str, Any]) -> ScenarioChange:
    fields = {name: value for name, value in given.items() if name != "kind"}
    kind = str(given.get("kind", ""))
    data = checked(kind, fields)
    row = ScenarioChange(scenario=scenario, kind=kind, data=data, made_at=actor.now, made_by_id=actor.person_id)
    change = Change(id=row.id, kind=kind, data=data)
    first, last = usual_span(actor)
    row.was = state_of(live_facts(actor, from_on=first, until_on=last, changes=[change]), change)
    row.save()
    return row


def _set(actor: Actor, scenario: Scenario, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        if name not in _EDITABLE:
            raise invalid(
                f"/{name}", say("A scenario has no field %(name)s that can be set.", name=name), code="unknown_field"
            )
        is_day = name.endswith("_on") and isinstance(value, str) and value
        setattr(scenario, name, date.fromisoformat(value) if is_day else (value or None if name != "note" else value))
    scenario.name = " ".join((scenario.name or "").split())
    if not scenario.name:
        raise invalid("/name", "A scenario needs a name.", code="required")
    if scenario.reach not in _REACHES:
        raise invalid("/reach", say("A scenario is %(reaches)s.", reaches=", ".join(_REACHES)), code="not_a_choice")
    if scenario.reach == "team" and scenario.team_id is None:
        scenario.team_id = actor.team_id
    if scenario.reach == "team" and scenario.team_id is None:
        raise invalid("/reach", "You are in no team. Keep it to yourself, or share it with everybody.")
    if scenario.from_on and scenario.until_on and scenario.until_on < scenario.from_on:
        raise invalid("/until_on", "The last day is before the first. Check both days.")


def _own(
    actor: Actor, right: str, scenario_id: UUID | str, *, statuses: Sequence[str] = ("open",)
) -> Scenario:  # fmt: skip
    """The scenario, locked; its owner changes it, and whoever holds the right for all those shared with everybody."""
    scenario = Scenario.objects.select_for_update(of=("self",)).filter(id=scenario_id).first()
    if scenario is None:
        raise NotFound("There is no such scenario, or you may not see it.")
    if not is_own(actor, scenario):
        if not is_within_reach(actor, scenario):
            raise NotFound("There is no such scenario, or you may not see it.")
        if not actor.may(right, Scope.ALL):
            raise Forbidden("Only its owner may do this. Make a scenario of your own.")
    if scenario.status not in statuses:
        raise Conflict(say("The scenario is %(status)s.", status=Sentence(scenario.status)))
    return scenario
