"""Commands about projects, their tasks and members."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.words import Sentence, say
from quoin.projects import services
from quoin.projects.models import Project, ProjectMember, Task
from quoin.projects.queries.templates import Start
from quoin.projects.rules.steps import next_project_statuses
from quoin.projects.services import plan as plans
from quoin.projects.services.begin import begin_from
from quoin.projects.services.budgets import retotal
from quoin.projects.services.own import own_project
from quoin.projects.types import (
    Constraint,
    Health,
    NewContract,
    NoteRule,
    ProjectStatus,
    ScheduleMode,
    StepNotAllowed,
    TaskKind,
    TaskStatus,
)

_PROJECT_FIELDS = frozenset(
    {
        "name", "manager_id", "starts_on", "ends_on", "budget_minutes", "budget_amount", "note_rule", "health",
        "health_note", "color", "description", "contract_id", "currency",
    }
)  # fmt: skip
_TASK_FIELDS = frozenset(
    {
        "name", "status", "assignee_id", "is_billable", "is_milestone", "estimate_minutes", "left_minutes", "starts_on",
        "due_on", "priority", "notes", "parent_id",
    }
)  # fmt: skip
_MEMBER_FIELDS = frozenset({"job_role_id", "starts_on", "ends_on", "minutes_per_day"})
_CHOICES: dict[str, type[Health | NoteRule | TaskStatus]] = {
    "health": Health, "note_rule": NoteRule, "status": TaskStatus,
}  # fmt: skip


@action("projects.project.create", label=_("Start a project"))
def create_project(
    actor: Actor,
    /,
    *,
    name: str,
    client_id: UUID,
    number: str = "",
    template_id: UUID | None = None,
    people: Mapping[str, UUID] | None = None,
    answers: Mapping[str, str] | None = None,
    new_contract: NewContract | None = None,
    **fields: Any,
) -> Project:
    """A project; from a template if one is named: from its first day on, or up to its last one.

    `people` by the keys of the template's roles, `answers` by those of its variables; `new_contract` by its terms.
    """
    _known(fields, _PROJECT_FIELDS)
    fields.setdefault("manager_id", actor.person_id)
    project = services.add_project(name=name, client_id=client_id, number=number, **fields)
    touch(project.public_id)
    if template_id:
        if new_contract is not None:
            actor.require("sales.contract.create")
        starts_on = project.starts_on or (None if project.ends_on else actor.today)
        start = Start(
            name=project.name,
            client_id=client_id,
            starts_on=starts_on,
            ends_on=project.ends_on,
            people=people or {},
            answers=answers or {},
        )
        begin_from(actor, project, template_id, start, contract=new_contract)
    emit(actor, "projects.project.created", running_action_id(), project_id=project.id)
    return project


@action("projects.project.edit", label=_("Edit a project"))
def edit_project(actor: Actor, /, *, project_id: UUID | str, **fields: Any) -> Project:
    _known(fields, _PROJECT_FIELDS)
    project = own_project(actor, "projects.project.edit", project_id)
    undo_with("projects.project.edit", project_id=project.id, **{name: getattr(project, name) for name in fields})
    retotal(
        actor, project, fields.get("budget_minutes", project.budget_minutes),
        fields.get("budget_amount", project.budget_amount), reason="Totals typed on the project",
    )  # fmt: skip
    for name, value in fields.items():
        setattr(project, name, value)
    services.check_dates(project.starts_on, project.ends_on)
    if "contract_id" in fields:
        services.check_contract(project.contract_id, project.client_id)
    if not project.name.strip():
        raise invalid("/name", "A project needs a name.", code="required")
    project.save(update_fields=list(fields))
    touch(project.public_id)
    return project


@action("projects.project.step", label=_("Change a project's status"))
def step_project(actor: Actor, *, project_id: UUID | str, status: str) -> Project:
    project = own_project(actor, "projects.project.step", project_id)
    step = _choice("/status", ProjectStatus, status)
    if step not in next_project_statuses(ProjectStatus(project.status)):
        raise StepNotAllowed(
            say("A project that is %(status)s cannot become %(step)s.", status=Sentence(project.status), step=step)
        )
    undo_with("projects.project.step", project_id=project.id, status=project.status)
    project.status = step
    project.save(update_fields=["status"])
    touch(project.public_id)
    emit(actor, "projects.project.stepped", running_action_id(), project_id=project.id, status=step)
    return project


@action("projects.member.set", label=_("Put somebody on a project"))
def set_member(actor: Actor, /, *, project_id: UUID | str, person_id: UUID | str, **fields: Any) -> ProjectMember:
    _known(fields, _MEMBER_FIELDS)
    project = own_project(actor, "projects.member.set", project_id)
    touch(project.public_id)
    return services.set_member(project_id=project.id, person_id=UUID(str(person_id)), **fields)


@action("projects.member.remove", label=_("Take somebody off a project"))
def remove_member(actor: Actor, *, project_id: UUID | str, person_id: UUID | str) -> None:
    project = own_project(actor, "projects.member.remove", project_id)
    member = ProjectMember.objects.filter(project=project, person_id=person_id).first()
    if member is None:
        raise NotFound("That person is not on the project.")
    undo_with(
        "projects.member.set", project_id=project.id, person_id=person_id,
        **{name: getattr(member, name) for name in _MEMBER_FIELDS},
    )  # fmt: skip
    member.delete()
    touch(project.public_id)


@action("projects.task.create", label=_("Add a task"))
def create_task(actor: Actor, /, *, project_id: UUID, name: str, **fields: Any) -> Task:
    _known(fields, _TASK_FIELDS)
    project = own_project(actor, "projects.task.create", project_id)
    task = services.add_task(project_id=project.id, name=name, **fields)
    touch(task.public_id)
    undo_with("projects.task.delete", task_id=task.id)
    _refresh(actor, project.id)
    return task


@action("projects.task.edit", label=_("Edit a task"))
def edit_task(actor: Actor, /, *, task_id: UUID | str, **fields: Any) -> Task:
    _known(fields, _TASK_FIELDS)
    task = _task(task_id)
    if actor.person_id is None or task.assignee_id != actor.person_id:
        own_project(actor, "projects.task.edit", task.project_id)
    undo_with("projects.task.edit", task_id=task.id, **{name: getattr(task, name) for name in fields})
    for name, value in fields.items():
        setattr(task, name, value)
    services.check_dates(task.starts_on, task.due_on)
    if task.parent_id == task.id:
        raise invalid("/parent", "A task cannot stand under itself.")
    task.save(update_fields=[*fields, *_as_planned(task, fields)])
    touch(task.public_id)
    _refresh(actor, task.project_id)
    return task


@action("projects.task.move", label=_("Move a task in the plan"))
def move_task(actor: Actor, *, task_id: UUID | str, position: int) -> Task:
    task = _task(task_id)
    own_project(actor, "projects.task.move", task.project_id)
    undo_with("projects.task.move", task_id=task.id, position=task.position)
    Task.objects.filter(project=task.project_id, position__gte=position).update(position=F("position") + 1)
    task.position = position
    task.save(update_fields=["position"])
    return task


@action("projects.task.delete", label=_("Delete a task"))
def delete_task(actor: Actor, *, task_id: UUID | str) -> None:
    """Only a task on which nothing was recorded: the references of the database refuse any other."""
    task = _task(task_id)
    own_project(actor, "projects.task.delete", task.project_id)
    touch(task.public_id)
    Task.objects.filter(id=task.id).delete()
    _refresh(actor, task.project_id)


def _as_planned(task: Task, fields: dict[str, Any]) -> list[str]:
    """What the edited fields mean to a plan that dates itself; returns the further fields that are set."""
    also = []
    if "is_milestone" in fields:
        task.kind = TaskKind.MILESTONE if task.is_milestone else TaskKind.TASK
        also.append("kind")
    is_dated = task.is_manual or Project.objects.filter(id=task.project_id, schedule=ScheduleMode.BY_HAND).exists()
    if "starts_on" in fields and task.starts_on and not is_dated:
        task.constraint, task.constraint_at = Constraint.SNET, datetime.combine(task.starts_on, time())
        also += ["constraint", "constraint_at"]
    if "due_on" in fields and task.due_on and not is_dated:
        task.deadline_at = datetime.combine(task.due_on, time()) + timedelta(days=1)
        also.append("deadline_at")
    return also


def _refresh(actor: Actor, project_id: UUID) -> None:
    """Let a plan that dates itself follow; dates set by hand stay."""
    project = Project.objects.get(id=project_id)
    plans.refresh(project, today=actor.today)


def _task(task_id: UUID | str) -> Task:
    task = Task.objects.select_for_update(of=("self",)).filter(id=task_id).first()
    if task is None:
        raise NotFound("There is no such task.")
    return task


def _known(fields: dict[str, Any], editable: frozenset[str]) -> None:
    for name, value in fields.items():
        if name not in editable:
            raise invalid(
                f"/{name}", say("There is no field %(name)s that can be set.", name=name), code="unknown_field"
            )
        if name in _CHOICES:
            _choice(f"/{name}", _CHOICES[name], value)
        if isinstance(value, str) and name in {"starts_on", "ends_on", "due_on"}:
            fields[name] = date.fromisoformat(value)


def _choice(pointer: str, kind: Any, value: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise invalid(
            pointer,
            say("%(value)s is not one of %(kind)s.", value=repr(value), kind=", ".join(kind)),
            code="not_a_choice",
        ) from None
