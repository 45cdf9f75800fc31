"""Gates on the web: those of a project with their lists, those that wait, and the checklists of tasks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actions import undo_token
from quoin.base.actor import Scope
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.kernel.errors import Invalid, invalid
from quoin.people.queries import job_roles
from quoin.projects import queries
from quoin.projects.actions import gates as do
from quoin.projects.queries import gates as read
from quoin.projects.queries.gate_lines import facts_of, lines_of, typed_items
from quoin.projects.queries.gates import FACT_WORDS, VIEW_GATES
from quoin.projects.queries.templates import documents_of, origin_of
from quoin.projects.web.gate_marks import gate_marks, gate_status
from quoin.projects.web.views import project_context


@page(VIEW_GATES)
def gates(request: ActorRequest, number: str) -> HttpResponse:
    found = queries.project_by_number(request.actor, number)
    context = project_context(request, found, current="gates")
    held = queries.tasks_of(found).exclude(kind="milestone")
    verbs = ("add", "edit", "pass", "reopen", "remove")
    rights = {verb: _may(request, found, f"projects.gate.{verb}") for verb in verbs}
    context |= {
        "gates": gate_marks(request, found), "rights": rights, "facts": FACT_WORDS, "today": request.actor.today,
        "phases": [task for task in held if task.kind == "phase"] or list(held), "roles": list(job_roles()),
        "may_name": request.actor.may(read.WAIVE, Scope.ALL),
        "checklists": read.checklists_of(request.actor, found), "origin": origin_of(found.id),
        "documents": documents_of(found.id), "may_draw": request.actor.may("projects.template.draw"),
        "may_check": request.actor.may("projects.check.tick"),
    }  # fmt: skip
    return respond.page(request, "projects/gates.html", context)


def _may(request: ActorRequest, project: Any, right: str) -> bool:
    if request.actor.may(right, Scope.ALL):
        return True
    return request.actor.may(right) and project.manager_id == request.actor.person_id


@page(VIEW_GATES)
def waiting(request: ActorRequest) -> HttpResponse:
    found = read.waiting_gates(request.actor)
    context = {
        "title": _("Gates waiting"), "area": _("Work"), "today": request.actor.today,
        "gates": [(state, gate_status(state)) for state in found],
        "crumbs": ((_("Projects"), reverse("projects:projects")),),
    }  # fmt: skip
    return respond.page(request, "projects/gates_waiting.html", context)


@page("projects.gate.add", methods=("POST",))
def add(request: ActorRequest, number: str) -> HttpResponse:
    found = queries.project_by_number(request.actor, number)
    task_id = object_id("tsk", request.POST.get("task", ""))
    gate = do.add_gate(request.actor, project_id=found.id, task_id=task_id, **_typed(request.POST))
    return _back(request, found.number, _("Gate %(name)s holds its phase") % {"name": gate.name})


@page("projects.gate.edit", methods=("GET", "POST"))
def edit(request: ActorRequest, pk: str) -> HttpResponse:
    """Name, list, day, phase, and who else may waive it, of a gate that waits."""
    state = read.gate_for(request.actor, object_id("gat", pk))
    project = queries.project_for(request.actor, state.gate.project_id)
    typed: Any = None
    problem = ""
    if request.method == "POST":
        typed = request.POST
        try:
            moved = {"task_id": object_id("tsk", typed["task"])} if typed.get("task") else {}
            gate = do.edit_gate(request.actor, gate_id=state.gate.id, **moved, **_typed(typed))
            return _back(request, project.number, _("Gate %(name)s changed") % {"name": gate.name})
        except Invalid as error:
            problem = error.detail
    held = list(queries.tasks_of(project).exclude(kind="milestone"))
    context = {
        "title": _("Edit gate %(name)s") % {"name": state.gate.name}, "area": _("Projects"), "gate": state.gate,
        "crumbs": (
            (_("Projects"), reverse("projects:projects")),
            (project.name, reverse("projects:project", args=[project.number])),
            (_("Gates"), reverse("projects:gates", args=[project.number])),
        ),
        "back": f"{reverse('projects:gates', args=[project.number])}#{state.gate.public_id}",
        "problem": problem, "cells": _cells(state, typed), "phases": held, "roles": list(job_roles()),
        "facts": FACT_WORDS, "may_name": request.actor.may(read.WAIVE, Scope.ALL),
    }  # fmt: skip
    return respond.page(request, "projects/gate_edit.html", context, status=422 if problem else 200)


def _typed(post: Any) -> dict[str, Any]:
    """The form's cells as the commands take them; what the form does not show stays."""
    facts = [fact for fact in FACT_WORDS if post.get(f"fact_{fact}")]
    fields: dict[str, Any] = {
        "name": post.get("name", ""),
        "items": typed_items(post.get("items", "").splitlines(), facts, role_id=_uuid(post.get("role", ""))),
        "due_on": post.get("due_on") or None,
    }  # fmt: skip
    if "waiver" in post:
        fields["waiver_role_id"] = _uuid(post["waiver"])
    return fields


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise invalid("/role", _("There is no such role."), code="unknown") from None


def _cells(state: read.GateState, typed: Any) -> dict[str, Any]:
    """What the form shows: what was typed, or the gate as it is."""
    gate = state.gate
    if typed is not None:
        return {name: typed.get(name, "") for name in ("name", "task", "items", "due_on", "waiver")} | {
            "facts": {fact for fact in FACT_WORDS if typed.get(f"fact_{fact}")}
        }
    return {
        "name": gate.name, "task": gate.task.public_id, "items": lines_of(state), "facts": facts_of(state),
        "due_on": gate.due_on.isoformat() if gate.due_on else "", "waiver": str(gate.waiver_role_id or ""),
    }  # fmt: skip


@page("projects.gate.tick", methods=("POST",))
def tick(request: ActorRequest, pk: str) -> HttpResponse:
    """Tick an item, or take the tick back."""
    item_id = object_id("gai", pk)
    state = read.gate_item(request.actor, item_id)
    if state.is_met:
        do.untick_item(request.actor, item_id=item_id)
    else:
        do.tick_item(request.actor, item_id=item_id, note=request.POST.get("note", ""))
    text = _("Tick taken back") if state.is_met else _("Ticked: %(text)s") % {"text": state.label}
    return _back(request, _number(request, state.item.gate_id), text)


@page("projects.gate.pass", methods=("POST",))
def pass_(request: ActorRequest, pk: str) -> HttpResponse:
    gate = do.pass_gate(request.actor, gate_id=object_id("gat", pk), note=request.POST.get("note", ""))
    return _back(request, gate.project.number, _("Gate %(name)s passed") % {"name": gate.name})


@page("projects.gate.waive", methods=("POST",))
def waive(request: ActorRequest, pk: str) -> HttpResponse:
    gate = do.waive_gate(request.actor, gate_id=object_id("gat", pk), reason=request.POST.get("reason", ""))
    return _back(request, gate.project.number, _("Gate %(name)s waived") % {"name": gate.name})


@page("projects.gate.reopen", methods=("POST",))
def reopen(request: ActorRequest, pk: str) -> HttpResponse:
    gate = do.reopen_gate(request.actor, gate_id=object_id("gat", pk))
    return _back(request, gate.project.number, _("Gate %(name)s holds again") % {"name": gate.name})


@page("projects.gate.remove", methods=("POST",))
def remove(request: ActorRequest, pk: str) -> HttpResponse:
    gate_id = object_id("gat", pk)
    number = _number(request, gate_id)
    do.remove_gate(request.actor, gate_id=gate_id)
    return _back(request, number, _("Gate removed"))


@page("projects.check.tick", methods=("POST",))
def check(request: ActorRequest, pk: str) -> HttpResponse:
    """Tick a line of a task's checklist, or take the tick back."""
    line_id = object_id("tkc", pk)
    if request.POST.get("do") == "untick":
        line = do.untick_check(request.actor, task_check_id=line_id)
    else:
        line = do.tick_check(request.actor, task_check_id=line_id)
    return _back(request, line.task.project.number, _("Checklist changed"))


def _number(request: ActorRequest, gate_id: UUID) -> str:
    return str(read.gate_for(request.actor, gate_id).gate.project.number)


def _back(request: ActorRequest, number: str, text: str) -> HttpResponse:
    url = reverse("projects:gates", args=[number])
    return respond.redirect_with_toast(request, url, text, undo=undo_token(request.actor))
