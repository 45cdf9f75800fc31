"""Commands about gates and checklists: tick, pass, waive with a reason, open again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
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
from quoin.projects.queries.gates import WAIVE, gate_item, may_tick, may_waive, roles_of
from quoin.projects.queries.reach import check_reach
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
    due_on: date | str | None = None,
    waiver_role_id: UUID | str | None = None,
) -> Gate:
    """Nothing begins in the phase until the items are met, or the gate is waived.

    An item is {"kind": "manual", "text": "...", "job_role_id": ...} or {"kind": one of the facts}.
    """
    project = _own(actor, "projects.gate.add", project_id)
    _names_waiver(actor, None, waiver_role_id)
    gate = gates.add_gate(
        project_id=project.id, task_id=task_id, name=name, items=items, due_on=due_on, waiver_role_id=waiver_role_id
    )
    touch(gate.public_id)
    undo_with("projects.gate.remove", gate_id=gate.id)
    return gate


@action("projects.gate.edit", label=_("Change what a gate asks for"))
def edit_gate(actor: Actor, /, *, gate_id: UUID | str, **fields: Any) -> Gate:
    """Only while it waits: name, task_id (what it holds), due_on, waiver_role_id, items.

    Items that keep their words keep their ticks. What is not given stays.
    """
    gate = _gate(actor, "projects.gate.edit", gate_id)
    _needs(gate, GateStatus.WAITING)
    if strange := set(fields) - {*gates.FIELDS, "items"}:
        raise invalid(f"/{min(strange)}", say("There is no field %(name)s.", name=min(strange)), code="unknown_field")
    if "waiver_role_id" in fields:
        _names_waiver(actor, gate.waiver_role_id, fields["waiver_role_id"])
    before = {name: getattr(gate, name) for name in gates.FIELDS if name in fields}
    if fields.get("items") is not None:
        before["items"] = gates.items_told(gate)
        gates.write_items(gate, fields["items"])
    gates.settle(gate, **{name: fields[name] for name in gates.FIELDS if name in fields})
    gate.save(update_fields=[name for name in gates.FIELDS if name in fields])
    undo_with("projects.gate.edit", gate_id=gate.id, **before)
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
        items=gates.items_told(gate), due_on=gate.due_on, waiver_role_id=gate.waiver_role_id,
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
    gate = _seen(actor, gate_id)
    _needs(gate, GateStatus.WAITING)
    if not may_waive(actor, gate, roles_of(actor, [gate.project_id])):
        role = gate.waiver_role.name if gate.waiver_role else "those who may waive every gate"
        raise Forbidden(say("This gate is waived by %(role)s.", role=role))
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
    found = _seen(actor, gate_id)
    _own(actor, permission, found.project_id)
    return found


def _seen(actor: Actor, gate_id: UUID | str) -> Gate:
    """The gate of a project that the actor sees, locked."""
    found = Gate.objects.filter(id=gate_id).first()
    if found is None or not queries.visible_projects(actor).filter(id=found.project_id).exists():
        raise NotFound("There is no such gate, or you may not see it.")
    return gates.locked_gate(found.id)


def _names_waiver(actor: Actor, before: UUID | None, role_id: UUID | str | None) -> None:
    """Whoever is held by a gate does not choose who lets them through."""
    if str(role_id or "") != str(before or "") and not actor.may(WAIVE, Scope.ALL):
        raise Forbidden("Who may waive a gate is chosen by those who may waive every gate.")


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
    check_reach(actor, permission, project)
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
