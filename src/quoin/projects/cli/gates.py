"""`quoin gate` and `quoin task-check`: gates and checklists on the command line."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import click

from quoin.base.console import Session, id_of, numbered
from quoin.kernel.errors import NotFound
from quoin.projects import queries
from quoin.projects.actions import gates as do
from quoin.projects.queries import gates as read
from quoin.projects.queries.gate_lines import role_named, typed_items
from quoin.projects.rules.gates import FACTS

_PLACE = "PROJECT/TASK"
_SHOWN_BY = {"gat": "quoin gate list", "gai": "quoin gate items", "tkc": "quoin task-check list"}
_DUE = click.option("--due", "due_on", default=None, help="Day by which it is decided; an empty word takes it away.")
_WAIVER = click.option("--waived-by", "waiver", default=None, help="Job role that may waive it, too.")


@click.group()
def gate() -> None:
    """Gates that hold phases."""


@gate.command("list")
@click.option("--project", "number", default="", help="Number of a project; without it all gates that wait.")
@click.pass_obj
def gate_list(session: Session, number: str) -> None:
    """List gates with what they ask for."""
    if number:
        found = read.gates_of(session.actor, queries.project_by_number(session.actor, number))
    else:
        found = read.waiting_gates(session.actor)
    session.emit([_gate(state) for state in found])


@gate.command("items")
@click.argument("gate_id")
@click.pass_obj
def gate_items(session: Session, gate_id: str) -> None:
    """List what a gate asks for, with the ids that `tick` takes."""
    state = read.gate_for(session.actor, _id("gat", gate_id))
    session.emit(
        [{"id": one.item.public_id, "asks": one.label, "is_met": one.is_met, "why": one.why} for one in state.items]
    )


@gate.command("add")
@click.argument("wanted", metavar=_PLACE)
@click.argument("name")
@click.option("--tick", "texts", multiple=True, help="To be ticked, by a role: 'Drawings signed @Architect'.")
@click.option("--fact", "facts", multiple=True, type=click.Choice(sorted(FACTS)), help="Something to be looked up.")
@_DUE
@_WAIVER
@click.pass_obj
def gate_add(session: Session, /, *, wanted: str, name: str, **given: Any) -> None:
    """Put a gate before a phase: quoin gate add 1042/3 "Design frozen" --tick "Drawings signed" --fact budget_set"""
    task = _task(session, wanted)
    items = typed_items(given.pop("texts"), given.pop("facts"))
    made = do.add_gate(
        session.actor, project_id=task.project_id, task_id=task.id, name=name, items=items, **_settled(given)
    )
    session.emit(_gate(read.gate_for(session.actor, made.id)))


@gate.command("edit")
@click.argument("gate_id")
@click.option("--name", default=None)
@click.option("--holds", metavar=_PLACE, default=None, help="The phase or task that it holds from now on.")
@click.option("--tick", "texts", multiple=True, help="All that is to be ticked from now on.")
@click.option("--fact", "facts", multiple=True, type=click.Choice(sorted(FACTS)), help="All that is to be looked up.")
@_DUE
@_WAIVER
@click.pass_obj
def gate_edit(session: Session, /, *, gate_id: str, holds: str | None, **given: Any) -> None:
    """Change a waiting gate: quoin gate edit gat_... --due 2026-09-01 --waived-by "Quality lead"

    Items that keep their words keep their ticks.
    """
    found = _id("gat", gate_id)
    texts, facts = given.pop("texts"), given.pop("facts")
    fields = _settled(given)
    if holds:
        fields["task_id"] = _task(session, holds).id
    if texts or facts:
        fields["items"] = typed_items(texts, facts)
    do.edit_gate(session.actor, gate_id=found, **fields)
    session.emit(_gate(read.gate_for(session.actor, found)))


@gate.command("tick")
@click.argument("item_id")
@click.option("--note", default="")
@click.option("--take-back", is_flag=True, help="Take the tick back.")
@click.pass_obj
def gate_tick(session: Session, item_id: str, note: str, take_back: bool) -> None:
    """Tick an item of a gate: quoin gate tick gai_... --note "Seen on site"."""
    found = _id("gai", item_id)
    if take_back:
        done = do.untick_item(session.actor, item_id=found)
    else:
        done = do.tick_item(session.actor, item_id=found, note=note)
    session.emit(_gate(read.gate_for(session.actor, done.gate_id)))


@gate.command("pass")
@click.argument("gate_id")
@click.option("--note", default="")
@click.pass_obj
def gate_pass(session: Session, gate_id: str, note: str) -> None:
    """Pass a gate whose list is met."""
    done = do.pass_gate(session.actor, gate_id=_waiting(session, gate_id), note=note)
    session.emit({"gate": done.name, "status": str(done.status)})


@gate.command("waive")
@click.argument("gate_id")
@click.option("--reason", required=True)
@click.pass_obj
def gate_waive(session: Session, gate_id: str, reason: str) -> None:
    """Let the phase begin without it, with a reason."""
    done = do.waive_gate(session.actor, gate_id=_waiting(session, gate_id), reason=reason)
    session.emit({"gate": done.name, "status": str(done.status)})


@gate.command("reopen")
@click.argument("gate_id")
@click.pass_obj
def gate_reopen(session: Session, gate_id: str) -> None:
    """Let a decided gate hold again."""
    done = do.reopen_gate(session.actor, gate_id=_id("gat", gate_id))
    session.emit({"gate": done.name, "status": str(done.status)})


@gate.command("remove")
@click.argument("gate_id")
@click.pass_obj
def gate_remove(session: Session, gate_id: str) -> None:
    """Remove a gate that waits."""
    do.remove_gate(session.actor, gate_id=_id("gat", gate_id))
    session.emit({"removed": gate_id})


@click.group("task-check")
def check() -> None:
    """Checklists of tasks."""


@check.command("list")
@click.argument("project")
@click.pass_obj
def check_list(session: Session, project: str) -> None:
    """List the checklists of a project: quoin task-check list 1042"""
    found = read.checklists_of(session.actor, queries.project_by_number(session.actor, project))
    session.emit([_check(line) for _task_of, lines in found for line in lines])


@check.command("add")
@click.argument("wanted", metavar=_PLACE)
@click.argument("text")
@click.pass_obj
def check_add(session: Session, wanted: str, text: str) -> None:
    """Add a line to a task's checklist: quoin task-check add 1042/5 "Measure the floor"."""
    session.emit(_check(do.add_check(session.actor, task_id=_task(session, wanted).id, text=text)))


@check.command("tick")
@click.argument("check_id")
@click.option("--take-back", is_flag=True, help="Take the tick back.")
@click.pass_obj
def check_tick(session: Session, check_id: str, take_back: bool) -> None:
    """Tick a line: quoin task-check tick tkc_..."""
    door = do.untick_check if take_back else do.tick_check
    session.emit(_check(door(session.actor, task_check_id=_id("tkc", check_id))))


@check.command("remove")
@click.argument("check_id")
@click.pass_obj
def check_remove(session: Session, check_id: str) -> None:
    """Take a line off a checklist."""
    do.remove_check(session.actor, task_check_id=_id("tkc", check_id))
    session.emit({"removed": check_id})


def _settled(given: dict[str, Any]) -> dict[str, Any]:
    """Name, day and role as far as they were given; an empty word takes day or role away."""
    fields = {name: given[name] for name in ("name", "due_on") if given.get(name) is not None}
    if (role := given["waiver"]) is not None:
        fields["waiver_role_id"] = role_named(role) if role.strip() else None
        if role.strip() and fields["waiver_role_id"] is None:
            raise NotFound(f"There is no job role {role}.")
    return fields


def _id(prefix: str, text: str) -> UUID:
    return id_of(prefix, text, shown_by=_SHOWN_BY[prefix])


def _waiting(session: Session, text: str) -> Any:
    found = [one.gate for one in read.waiting_gates(session.actor) if text == one.gate.public_id]
    if not found:
        raise NotFound(f"There is no waiting gate {text}. See: quoin gate list")
    return found[0].id


def _task(session: Session, wanted: str) -> Any:
    project, number = numbered(wanted)
    return queries.task_numbered(queries.project_by_number(session.actor, project), number)


def _gate(state: Any) -> dict[str, Any]:
    return {
        "id": state.gate.public_id, "project": state.gate.project.number, "gate": state.gate.name,
        "holds": state.gate.task.name, "status": state.gate.status, "due_on": state.gate.due_on,
        "waived_by": state.gate.waiver_role.name if state.gate.waiver_role else None,
        "missing": "; ".join(one.label for one in state.open_items),
    }  # fmt: skip


def _check(line: Any) -> dict[str, Any]:
    return {"id": line.public_id, "task": line.task.name, "text": line.text, "done_at": line.done_at}


COMMANDS: list[click.Command] = [gate, check]
