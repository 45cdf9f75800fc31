"""Commands about plans: change sets with one undo, calculation, baselines, sign-off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.base.files.keep import keep_file
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.kernel.words import say
from quoin.projects import queries
from quoin.projects.models import Baseline, BaselineTask, Project, Task
from quoin.projects.queries.desk import desk_of, outside_tasks, ties_to
from quoin.projects.queries.levelling import Proposal, level_by, proposal
from quoin.projects.queries.plan import Preview, check_sight, load_plan, projects_of
from quoin.projects.rules.edits import Edit, changes_of
from quoin.projects.rules.inverse import inverse
from quoin.projects.rules.plan import Change, Plan
from quoin.projects.rules.schedule import collector_at_rest
from quoin.projects.services import check_dates
from quoin.projects.services import plan as plans
from quoin.projects.services.own import own_project
from quoin.projects.types import LevelBy, ScheduleMode, TaskKind

_SETTINGS = frozenset({"starts_on", "ends_on", "calendar_id", "status_on", "critical_minutes"})
_MOST_BYTES = 10 * 1024 * 1024


@action("projects.plan.change", label=_("Change a plan"))
@collector_at_rest()
def change_plan(
    actor: Actor,
    *,
    project_id: UUID | str,
    changes: Iterable[Change] = (),
    edits: Iterable[Edit] = (),
    reason: str = "",
) -> Preview:
    """A set of changes, all or none, with one undo; returns the plan with its new dates and the effect.

    Each change names its `op`: task.set, task.add, task.remove, link.add, link.set, link.remove, assign, unassign.
    Edits say the same as somebody does it to a chart: they name tasks by their numbers (`rules.edits`).
    """
    project = own_project(actor, "projects.plan.change", project_id)
    wanted, typed = list(changes), list(edits)
    if not wanted and not typed:
        raise invalid("/changes", "Say what to change.", code="required")
    outside = outside_tasks(actor, typed)
    stored = plans.locked_plan(project.id, today=actor.today, changes=[*wanted, *ties_to(outside)])
    if typed:
        wanted += changes_of(desk_of(actor, stored.plan, project.id, outside), typed)
    _check_reach(actor, stored.plan, wanted, project)
    found = plans.change_stored(actor, stored, project.id, wanted)
    touch(project.public_id, reason=reason)
    undo_with("projects.plan.change", project_id=project.id, changes=inverse(found.before, found.plan))
    emit(
        actor, "projects.plan.changed", running_action_id(), project_id=project.id, task_ids=list(found.moved_ids),
    )  # fmt: skip
    return found


@action("projects.plan.recalculate", label=_("Calculate a plan"))
def recalculate_plan(actor: Actor, *, project_id: UUID | str) -> Project:
    project = own_project(actor, "projects.plan.recalculate", project_id)
    if project.schedule == ScheduleMode.BY_HAND:
        plans.set_schedule(actor, project, schedule=ScheduleMode.FROM_START)
    else:
        plans.recalculate(project.id, today=actor.today)
    touch(project.public_id)
    project.refresh_from_db()
    return project


@action("projects.plan.level", label=_("Level a plan"))
def level_plan(
    actor: Actor, *, project_id: UUID | str, by: LevelBy | str = LevelBy.RULE, within_float: bool = False
) -> Proposal:
    """Let tasks wait until those who do them have time, each with its reason; without a preview nothing had to move.

    `within_float`: only as far as neither the end nor a deadline moves.
    """
    project = own_project(actor, "projects.plan.level", project_id)
    touch(project.public_id)
    before = load_plan(project.id, today=actor.today)
    found = proposal(actor, before, project.id, by=level_by(by), within_float=within_float)
    if not found.changes:
        return found
    done = change_plan(actor, project_id=project.id, changes=found.changes)
    undo_with("projects.plan.change", project_id=project.id, changes=inverse(done.before, done.plan))
    return replace(found, preview=done)


@action("projects.plan.settle", label=_("Say how a plan is dated"))
def settle_plan(actor: Actor, /, *, project_id: UUID | str, schedule: str, **settings: Any) -> Project:
    """By hand, from the start or from the end; with start, end, calendar and status date."""
    project = own_project(actor, "projects.plan.settle", project_id)
    for name, value in settings.items():
        if name not in _SETTINGS:
            raise invalid(f"/{name}", say("There is no setting %(name)s.", name=name), code="unknown_field")
        is_day = name.endswith("_on") and isinstance(value, str)
        setattr(project, name, date.fromisoformat(value) if is_day else value)
    check_dates(project.starts_on, project.ends_on)
    try:
        mode = ScheduleMode(schedule)
    except ValueError:
        raise invalid(
            "/schedule",
            say("%(schedule)s is not one of %(modes)s.", schedule=repr(schedule), modes=", ".join(ScheduleMode)),
        ) from None
    if mode is ScheduleMode.FROM_END and project.ends_on is None:
        raise invalid("/ends_on", "A plan from the end needs the day on which it ends.", code="required")
    was = Project.objects.get(id=project.id)
    undo_with(
        "projects.plan.settle", project_id=project.id, schedule=was.schedule,
        **{name: getattr(was, name) for name in _SETTINGS},
    )  # fmt: skip
    plans.set_schedule(actor, project, schedule=mode)
    touch(project.public_id)
    project.refresh_from_db()
    return project


@action("projects.baseline.take", label=_("Keep a plan as a baseline"))
def take_baseline(actor: Actor, *, project_id: UUID | str, name: str, note: str = "") -> Baseline:
    project = own_project(actor, "projects.baseline.take", project_id)
    wanted = " ".join(name.split())
    if not wanted:
        raise invalid("/name", "A baseline needs a name.", code="required")
    if Baseline.objects.filter(project=project, name=wanted).exists():
        raise invalid(
            "/name", say("There is a baseline %(wanted)s already. Choose another name.", wanted=wanted), code="taken"
        )
    baseline = plans.take_baseline(project.id, name=wanted, taken_at=actor.now, note=note)
    touch(project.public_id)
    undo_with("projects.baseline.remove", baseline_id=baseline.id)
    return baseline


@action("projects.baseline.remove", label=_("Remove a baseline"))
def remove_baseline(actor: Actor, *, baseline_id: UUID | str) -> None:
    baseline = Baseline.objects.filter(id=baseline_id).first()
    if baseline is None:
        raise NotFound("There is no such baseline.")
    project = own_project(actor, "projects.baseline.remove", baseline.project_id)
    touch(project.public_id, reason=baseline.name)
    BaselineTask.objects.filter(baseline=baseline).delete()
    baseline.delete()


@action("projects.deliverable.sign", label=_("Record that the client accepted a deliverable"))
def sign_deliverable(
    actor: Actor,
    /,
    *,
    task_id: UUID | str,
    signed_by: str,
    note: str = "",
    file_name: str = "",
    file_content: bytes = b"",
) -> Task:
    """Who of the client accepted it, with the signed paper or a picture of it if there is one."""
    task = _deliverable(actor, "projects.deliverable.sign", task_id)
    if task.signed_at is not None:
        raise Conflict(say("%(signed_by)s has accepted this already.", signed_by=task.signed_by))
    name = " ".join(signed_by.split())
    if not name:
        raise invalid("/signed_by", "Say who at the client accepted it.", code="required")
    task.signed_at, task.signed_by, task.sign_note = actor.now, name, note
    if file_content:
        task.sign_file = keep_file(
            actor, name=file_name, content=file_content, field="/file", what=say("The acceptance"),
            most_bytes=_MOST_BYTES,
        )  # fmt: skip
    task.save(update_fields=["signed_at", "signed_by", "sign_note", "sign_file"])
    touch(task.public_id)
    undo_with("projects.deliverable.withdraw", task_id=task.id)
    emit(actor, "projects.deliverable.signed", running_action_id(), task_id=task.id, project_id=task.project_id)
    return task


@action("projects.deliverable.withdraw", label=_("Withdraw the acceptance of a deliverable"))
def withdraw_deliverable(actor: Actor, *, task_id: UUID | str, reason: str = "") -> Task:
    task = _deliverable(actor, "projects.deliverable.withdraw", task_id)
    if task.signed_at is None:
        raise Conflict("Nobody has accepted this yet.")
    task.signed_at, task.signed_by, task.sign_note, task.sign_file = None, "", "", None
    task.save(update_fields=["signed_at", "signed_by", "sign_note", "sign_file"])
    touch(task.public_id, reason=reason)
    return task


def _deliverable(actor: Actor, permission: str, task_id: UUID | str) -> Task:
    task = Task.objects.select_for_update(of=("self",)).filter(id=task_id).first()
    if task is None:
        raise NotFound("There is no such task, or you may not see it.")
    if not queries.visible_projects(actor).filter(id=task.project_id).exists():
        # In the same words: whose task it is is nobody else's business.
        raise NotFound("There is no such task, or you may not see it.")
    own_project(actor, permission, task.project_id)
    if task.kind != TaskKind.DELIVERABLE:
        raise Conflict("Only a deliverable is signed off. Make the task one first.")
    return task


def _check_reach(actor: Actor, plan: Plan, changes: Iterable[Change], project: Project) -> None:
    """Tasks of a project that links tie to this one move by themselves; changing them is for who may change it.

    A link is for who may change the plan of the task that waits. Who may change either plan may take it away.
    """
    wanted = list(changes)
    if len(plan.projects) == 1:
        return
    check_sight(actor, plan, wanted)
    for change in wanted:
        named = projects_of(plan, change)
        op = str(change.get("op"))
        if op == "link.add":
            named = named[:1]
        is_withdrawn = op.startswith("link.") and op != "link.add"
        if not named or (is_withdrawn and project.id in named):
            continue
        for project_id in {*named} - {project.id}:
            own_project(actor, "projects.plan.change", project_id)
