"""Commands about gates and checklists: tick, pass, waive with a reason, open again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor, Scope
from quoin.base.events import emit
from quoin.kernel.errors import Conflict, Forbidden, NotFound, invalid
from quoin.kernel.words import Sentence, say
from quoin.projects import queries
from quoin.projects.models import Gate, GateItem, Project, Task, TaskCheck
from quoin.projects.queries.gates import gate_item, may_tick, roles_of
from quoin.projects.rules.gates import MANUAL
from quoin.projects.services import gates
from quoin.projects.types import GateStatus


@action("projects.gate.add", label=_("Put a gate before a phase"))
def add_gate(
    actor: Actor,
    *,
    project_id: UUID | str,
    task_id: UUID | str,
    name: str,
    items: Iterable[Mapping[str, Any]] = (),
) -> Gate:
    """Nothing begins in the phase until the items are met, or the gate is waived.

    An item is {"kind": "manual", "text": "...", "job_role_id": ...} or {"kind": one of the facts}.
    """
    project = _own(actor, "projects.gate.add", project_id)
    gate = gates.add_gate(project_id=project.id, task_id=UUID(str(task_id)), name=name, items=items)
    touch(gate.public_id)
    undo_with("projects.gate.remove", gate_id=gate.id)
    return gate


@action("projects.gate.edit", label=_("Change what a gate asks for"))
def edit_gate(
    actor: Actor, *, gate_id: UUID | str, name: str | None = None, items: Iterable[Mapping[str, Any]] | None = None
) -> Gate:
    """Only while it waits; items that keep their words keep their ticks."""
    gate = _gate(actor, "projects.gate.edit", gate_id)
    _needs(gate, GateStatus.WAITING)
    undo_with("projects.gate.edit", gate_id=gate.id, name=gate.name, items=gates.items_told(gate))
    if name is not None:
        if not name.strip():
            raise invalid("/name", "A gate needs a name.", code="required")
        gate.name = " ".join(name.split())
        gate.save(update_fields=["name"])
    if items is not None:
        gates.write_items(gate, items)
    touch(gate.public_id)
    return gate


@action("projects.gate.remove", label=_("Remove a gate"))
def remove_gate(actor: Actor, *, gate_id: UUID | str) -> None:
    """Only one that waits: what was decided stays on record."""
    gate = _gate(actor, "projects.gate.remove", gate_id)
    _needs(gate, GateStatus.WAITING)
    touch(gate.public_id)
    undo_with(
        "projects.gate.add", project_id=gate.project_id, task_id=gate.task_id, name=gate.name,
        items=gates.items_told(gate),
    )  # fmt: skip
    GateItem.objects.filter(gate=gate).delete()
    gate.delete()


@action("projects.gate.tick", label=_("Tick an item of a gate"))
def tick_item(actor: Actor, *, item_id: UUID | str, note: str = "") -> GateItem:
    """By somebody with the item's role in the project; without a role by the project's manager."""
    item = _item(actor, item_id)
    if item.met_at is not None:
        raise Conflict("That is ticked already.")
    gates.tick(item, at=actor.now, by=actor.person_id, note=note)
    touch(item.gate.public_id, reason=note)
    undo_with("projects.gate.untick", item_id=item.id)
    return item


@action("projects.gate.untick", label=_("Take a tick of a gate back"))
def untick_item(actor: Actor, *, item_id: UUID | str) -> GateItem:
    item = _item(actor, item_id)
    if item.met_at is None:
        raise Conflict("That is not ticked.")
    undo_with("projects.gate.tick", item_id=item.id, note=item.evidence)
    gates.tick(item, at=None, by=None, note="")
    touch(item.gate.public_id)
    return item


@action("projects.gate.pass", label=_("Pass a gate"))
def pass_gate(actor: Actor, *, gate_id: UUID | str, note: str = "") -> Gate:
    """Open the phase: all items are met, and what they were met by is written down."""
    gate = _gate(actor, "projects.gate.pass", gate_id)
    _needs(gate, GateStatus.WAITING)
    gates.pass_gate(actor, gate, note=note)
    return _decided(actor, gate, note)


@action("projects.gate.waive", label=_("Waive a gate"))
def waive_gate(actor: Actor, *, gate_id: UUID | str, reason: str) -> Gate:
    """Open the phase although its list is not met; the reason stays."""
    gate = _gate(actor, "projects.gate.waive", gate_id)
    _needs(gate, GateStatus.WAITING)
    if not reason.strip():
        raise invalid("/reason", "Say why the phase may begin without it.", code="required")
    gates.decide(actor, gate, GateStatus.WAIVED, reason)
    return _decided(actor, gate, reason)


@action("projects.gate.reopen", label=_("Let a gate hold again"))
def reopen_gate(actor: Actor, *, gate_id: UUID | str) -> Gate:
    """Refused once work behind it has begun."""
    gate = _gate(actor, "projects.gate.reopen", gate_id)
    if gate.status == GateStatus.WAITING:
        raise Conflict(say("Gate %(gate)s holds already.", gate=gate.name))
    if gate.status == GateStatus.WAIVED:
        undo_with("projects.gate.waive", gate_id=gate.id, reason=gate.reason)
    else:
        undo_with("projects.gate.pass", gate_id=gate.id, note=gate.reason)
    gates.open_again(gate)
    touch(gate.public_id)
    return gate


@action("projects.check.add", label=_("Add to a task's checklist"))
def add_check(actor: Actor, *, task_id: UUID | str, text: str) -> TaskCheck:
    task = _task(actor, "projects.check.add", task_id)
    if not text.strip():
        raise invalid("/text", "Say what is to be checked.", code="required")
    last = TaskCheck.objects.filter(task=task).aggregate(last=Max("position"))["last"] or 0
    line = TaskCheck.objects.create(task=task, position=last + 1, text=" ".join(text.split()))
    touch(task.public_id)
    undo_with("projects.check.remove", task_check_id=line.id)
    return line


@action("projects.check.remove", label=_("Take a line off a task's checklist"))
def remove_check(actor: Actor, *, task_check_id: UUID | str) -> None:
    line = _line(actor, "projects.check.remove", task_check_id)
    undo_with("projects.check.add", task_id=line.task_id, text=line.text)
    touch(line.task.public_id)
    line.delete()


@action("projects.check.tick", label=_("Tick a task's checklist"))
def tick_check(actor: Actor, *, task_check_id: UUID | str) -> TaskCheck:
    line = _line(actor, "projects.check.tick", task_check_id)
    if line.done_at is not None:
        raise Conflict("That is ticked already.")
    line.done_at, line.done_by_id = actor.now, actor.person_id
    line.save(update_fields=["done_at", "done_by"])
    touch(line.task.public_id)
    undo_with("projects.check.untick", task_check_id=line.id)
    return line


@action("projects.check.untick", label=_("Take a tick of a checklist back"))
def untick_check(actor: Actor, *, task_check_id: UUID | str) -> TaskCheck:
    line = _line(actor, "projects.check.untick", task_check_id)
    if line.done_at is None:
        raise Conflict("That is not ticked.")
    line.done_at = line.done_by_id = None
    line.save(update_fields=["done_at", "done_by"])
    touch(line.task.public_id)
    undo_with("projects.check.tick", task_check_id=line.id)
    return line


def _decided(actor: Actor, gate: Gate, reason: str) -> Gate:
    touch(gate.public_id, reason=reason)
    undo_with("projects.gate.reopen", gate_id=gate.id)
    emit(
        actor, "projects.gate.decided", running_action_id(), gate_id=gate.id, project_id=gate.project_id,
        task_id=gate.task_id, status=str(gate.status),
    )  # fmt: skip
    return gate


def _needs(gate: Gate, status: GateStatus) -> None:
    if gate.status != status:
        raise Conflict(
            say("Gate %(gate)s is %(status)s. Open it again first.", gate=gate.name, status=Sentence(gate.status))
        )


def _gate(actor: Actor, permission: str, gate_id: UUID | str) -> Gate:
    found = Gate.objects.filter(id=gate_id).first()
    if found is None or not queries.visible_projects(actor).filter(id=found.project_id).exists():
        raise NotFound("There is no such gate, or you may not see it.")
    _own(actor, permission, found.project_id)
    return gates.locked_gate(found.id)


def _item(actor: Actor, item_id: UUID | str) -> GateItem:
    seen = gate_item(actor, UUID(str(item_id))).item
    gate = gates.locked_gate(seen.gate_id)
    _needs(gate, GateStatus.WAITING)
    item = GateItem.objects.select_for_update(of=("self",)).select_related("gate").get(id=seen.id)
    if item.kind != MANUAL:
        raise Conflict("This is looked up; nobody ticks it.")
    if not may_tick(actor, gate.project, item, roles_of(actor, [gate.project_id])):
        role = item.job_role.name if item.job_role else "the project's manager"
        raise Forbidden(say("This is ticked by %(role)s.", role=role))
    return item


def _own(actor: Actor, permission: str, project_id: UUID | str) -> Project:
    project = queries.project_for(actor, UUID(str(project_id)))
    if not actor.may(permission, Scope.ALL) and (actor.person_id is None or project.manager_id != actor.person_id):
        raise Forbidden("Only the project's manager may do this.")
    return project


def _task(actor: Actor, permission: str, task_id: UUID | str) -> Task:
    """The task, for who is on it, runs the project, or may do it everywhere."""
    task = queries.task_for(actor, UUID(str(task_id)))
    if actor.person_id is None or task.assignee_id != actor.person_id:
        _own(actor, permission, task.project_id)
    return task


def _line(actor: Actor, permission: str, line_id: UUID | str) -> TaskCheck:
    line = TaskCheck.objects.select_for_update(of=("self",)).select_related("task").filter(id=line_id).first()
    if line is None:
        raise NotFound("There is no such line, or you may not see it.")
    _task(actor, permission, line.task_id)
    return line
