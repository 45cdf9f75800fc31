"""Writing gates: added with what they ask for, decided, opened again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from quoin.base.actor import Actor
from quoin.base.db.faults import explain
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.kernel.words import say
from quoin.people.models import JobRole
from quoin.projects.models import Gate, GateItem, Task
from quoin.projects.queries.gates import facts_of
from quoin.projects.rules import gates as rules
from quoin.projects.types import GateStatus, TaskKind

explain("gate_name", "There is a gate of that name before this phase.")
explain("projects_gate_task_fk", "A gate holds this row of the plan. Remove the gate first.")
_MOST_ITEMS = 60


def add_gate(
    *,
    project_id: UUID,
    task_id: UUID | str,
    name: str,
    items: Iterable[Mapping[str, Any]],
    due_on: date | str | None = None,
    waiver_role_id: UUID | str | None = None,
) -> Gate:
    """A gate that waits before a row of the plan. The database refuses it once work has begun there."""
    last = Gate.objects.filter(project=project_id).aggregate(last=Max("position"))["last"] or 0
    gate = Gate(project_id=project_id, position=last + 1)
    settle(gate, task_id=task_id, name=name, due_on=due_on, waiver_role_id=waiver_role_id)
    gate.save()
    write_items(gate, items)
    return gate


def settle(gate: Gate, **fields: Any) -> None:
    """Set what stands beside the list: name, task_id, due_on, waiver_role_id; Invalid names what cannot be."""
    for name, value in fields.items():
        setattr(gate, name, _READ[name](gate, value))


def _name(_gate: Gate, value: Any) -> str:
    name = " ".join(str(value or "").split())
    if not name:
        raise invalid("/name", "A gate needs a name.", code="required")
    return name


def _row(gate: Gate, value: Any) -> UUID:
    task = Task.objects.filter(id=value, project=gate.project_id).first() if value else None
    if task is None:
        raise invalid("/task_id", "There is no such row in the plan of the project.", code="unknown")
    if task.kind == TaskKind.MILESTONE:
        raise invalid("/task_id", "A gate holds a phase or a task.")
    return task.id


def _day(_gate: Gate, value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and value else value or None
    except ValueError:
        raise invalid("/due_on", say("%(value)s is no day, such as 2026-05-04.", value=repr(value))) from None


def _waiver(_gate: Gate, value: Any) -> UUID | None:
    return _role(value, "/waiver_role_id")


_READ = {"name": _name, "task_id": _row, "due_on": _day, "waiver_role_id": _waiver}
FIELDS = tuple(_READ)
"""What `settle` sets."""


def write_items(gate: Gate, items: Iterable[Mapping[str, Any]]) -> None:
    """What the gate asks for, from now on. An item that keeps its words keeps its tick."""
    wanted = [_item(number, one) for number, one in enumerate(items)]
    if len(wanted) > _MOST_ITEMS:
        raise invalid("/items", say("A gate asks for at most %(most_items)s things.", most_items=_MOST_ITEMS))
    ticked = {(row.kind, row.text, row.job_role_id): row for row in GateItem.objects.filter(gate=gate)}
    GateItem.objects.filter(gate=gate).delete()
    made = []
    for number, row in enumerate(wanted, 1):
        row.gate, row.position = gate, number
        if same := ticked.get((row.kind, row.text, row.job_role_id)):
            row.met_at, row.met_by_id, row.evidence = same.met_at, same.met_by_id, same.evidence
        made.append(row)
    GateItem.objects.bulk_create(made)


def items_told(gate: Gate) -> list[dict[str, Any]]:
    """What the gate asks for, as `write_items` takes it; for undo."""
    rows = GateItem.objects.filter(gate=gate).order_by("position", "id")
    return [
        {"kind": row.kind, "text": row.text, "job_role_id": str(row.job_role_id) if row.job_role_id else None}
        for row in rows
    ]


def _item(number: int, told: Mapping[str, Any]) -> GateItem:
    where = f"/items/{number}"
    if strange := set(told) - {"kind", "text", "job_role_id"}:
        name = min(strange)
        raise invalid(f"{where}/{name}", say("There is no field %(name)s.", name=name), code="unknown_field")
    kind, text = str(told.get("kind") or rules.MANUAL), " ".join(str(told.get("text") or "").split())
    if kind != rules.MANUAL and kind not in rules.FACTS:
        raise invalid(
            f"{where}/kind",
            say("A gate asks for %(manual)s or %(facts)s.", manual=rules.MANUAL, facts=", ".join(rules.FACTS)),
        )
    if kind == rules.MANUAL and not text:
        raise invalid(f"{where}/text", "Say what is to be ticked.", code="required")
    return GateItem(kind=kind, text=text, job_role_id=_role(told.get("job_role_id"), f"{where}/job_role_id"))


def _role(value: Any, where: str) -> UUID | None:
    role_id = UUID(str(value)) if value else None
    if role_id and not JobRole.objects.filter(id=role_id).exists():
        raise invalid(where, "There is no such role.", code="unknown")
    return role_id


def pass_gate(actor: Actor, gate: Gate, *, note: str) -> None:
    """Look the facts up, write down what they were, and open the phase; Conflict names what is not met."""
    facts = facts_of([gate.project_id])[gate.project_id]
    missing: list[str] = []
    for item in GateItem.objects.filter(gate=gate).order_by("position", "id"):
        found = rules.answer(rules.Item(item.kind, item.met_at), facts, gate.task_id)
        if not found.is_met:
            words = item.text or rules.FACTS[item.kind]
            missing.append(f"{words} ({found.why})" if found.why else words)
        elif item.kind != rules.MANUAL:
            item.met_at, item.evidence = actor.now, found.why
            item.save(update_fields=["met_at", "evidence"])
    if missing:
        raise Conflict(say("Gate %(gate)s is not met: %(missing)s.", gate=gate.name, missing="; ".join(missing)))
    decide(actor, gate, GateStatus.PASSED, note)


def decide(actor: Actor, gate: Gate, status: GateStatus, reason: str) -> None:
    """Passed or waived, now and by the actor."""
    gate.status, gate.decided_at, gate.reason = status, actor.now, reason.strip()
    gate.decided_by_id = actor.person_id
    gate.save(update_fields=["status", "decided_at", "decided_by", "reason"])


def open_again(gate: Gate) -> None:
    """The gate waits once more; facts are looked up anew. The database refuses it once work has begun behind it."""
    gate.status, gate.decided_at, gate.decided_by_id, gate.reason = GateStatus.WAITING, None, None, ""
    gate.save(update_fields=["status", "decided_at", "decided_by", "reason"])
    GateItem.objects.filter(gate=gate).exclude(kind=rules.MANUAL).update(met_at=None, evidence="")


def tick(item: GateItem, *, at: datetime | None, by: UUID | None, note: str) -> None:
    item.met_at, item.met_by_id, item.evidence = at, by if at else None, note.strip()
    item.save(update_fields=["met_at", "met_by", "evidence"])


def locked_gate(gate_id: UUID | str) -> Gate:
    """The gate, until the transaction ends nobody else's."""
    gate = Gate.objects.select_for_update(of=("self",)).select_related("project").filter(id=gate_id).first()
    if gate is None:
        raise NotFound("There is no such gate, or you may not see it.")
    return gate
