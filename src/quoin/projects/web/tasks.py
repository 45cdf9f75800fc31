"""The tasks of a project: the table, its cells, and adding by a line of text."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import formats, respond
from quoin.base.ui.cells import Cell
from quoin.kernel.errors import DomainError, invalid
from quoin.kernel.quantity import clock, parse_duration
from quoin.kernel.words import say, spoken
from quoin.people.queries import employed_on
from quoin.projects import actions, queries
from quoin.projects.queries.lists import TASK_STATUSES
from quoin.projects.rules.desk import name_among
from quoin.projects.rules.typed import typed_task
from quoin.projects.web.views import project_context

_EDITABLE = {
    "name": "text",
    "status": "select",
    "assignee": "select",
    "estimate": "duration",
    "left": "duration",
    "due": "day",
}


@page(queries.VIEW)
def tasks(request: ActorRequest, number: str) -> HttpResponse:
    found = queries.project_by_number(request.actor, number)
    context = project_context(request, found, current="tasks")
    rows = list(queries.tasks_of(found))
    people = tuple((str(member.person_id), member.person.name) for member in queries.members_of(found))
    context["rows"] = [(task, {name: _cell(task, name, people) for name in _EDITABLE}) for task in rows]
    context["estimate"] = sum(task.estimate_minutes for task in rows)
    context["left"] = sum(task.left_minutes or 0 for task in rows)
    context["may_edit"] = request.actor.may("projects.task.edit")
    return respond.page(request, "projects/tasks.html", context)


@page("projects.task.create", methods=("POST",))
def add_task(request: ActorRequest, number: str) -> HttpResponse:
    """A task a line: `Data migration @ana !high 40h >fri #phase`; spaces before a line put it under the one above."""
    found = queries.project_by_number(request.actor, number)
    lines = [line.rstrip() for line in request.POST.get("lines", "").splitlines() if line.strip()]
    if not lines:
        raise invalid("/lines", _("Type a task, for example: Data migration 40h"))
    _add_lines(request, found, lines)
    text = ngettext("Task added", "%(count)d tasks added", len(lines)) % {"count": len(lines)}
    return respond.redirect_with_toast(request, reverse("projects:tasks", args=[number]), text)


@page("projects.task.edit", methods=("PATCH",))
def task_cell(request: ActorRequest, pk: str) -> HttpResponse:
    """One cell of the table, saved in place."""
    task = queries.task_for(request.actor, object_id("tsk", pk))
    people = tuple((str(member.person_id), member.person.name) for member in queries.members_of(task.project))
    changes = list(QueryDict(request.body).items())
    if len(changes) != 1:
        raise invalid("/", _("One cell is saved at a time."))
    [(name, value)] = changes
    try:
        task = actions.edit_task(request.actor, task_id=task.id, **_change(name, str(value)))
    except (DomainError, ValueError) as error:
        return respond.cell(request, _cell(task, name, people), error=spoken(str(error)))
    return respond.cell(request, _cell(queries.task_for(request.actor, task.id), name, people))


@page("projects.task.delete", methods=("POST",))
def delete_task(request: ActorRequest, pk: str) -> HttpResponse:
    task = queries.task_for(request.actor, object_id("tsk", pk))
    actions.delete_task(request.actor, task_id=task.id)
    return respond.redirect_with_toast(
        request, reverse("projects:tasks", args=[task.project.number]), _("Task deleted")
    )


def _add_lines(request: ActorRequest, found: Any, lines: list[str]) -> None:
    """All lines or none: one that cannot be read is named."""
    people = {person.name: person.id for person in employed_on(request.actor.today)}
    tasks = list(queries.tasks_of(found))
    above: list[Any] = []
    for line in lines:
        try:
            read = typed_task(line, today=request.actor.today)
            owner = name_among(people, read.person) if read.person else None
        except ValueError as wrong:
            raise invalid("/lines", say("%(line)s: %(wrong)s", line=line.strip(), wrong=wrong)) from None
        del above[read.level :]
        parent = above[-1] if above else _phase(tasks, read.phase)
        fields = {"priority": read.priority} if read.priority is not None else {}
        made = actions.create_task(
            request.actor, project_id=found.id, name=read.name, estimate_minutes=read.minutes or 0, due_on=read.due_on,
            assignee_id=owner, parent_id=parent.id if parent else None, **fields,
        )  # fmt: skip
        above.append(made)


def _phase(tasks: list[Any], word: str) -> Any | None:
    if not word:
        return None
    for task in tasks:
        if task.name.casefold().replace(" ", "-").startswith(word.casefold()):
            return task
    raise invalid("/lines", _("There is no phase that begins with %(word)s.") % {"word": word})


def _change(name: str, value: str) -> dict[str, Any]:
    if name not in _EDITABLE:
        raise invalid(f"/{name}", _("This cell cannot be edited."))
    if name in {"estimate", "left"}:
        minutes = parse_duration(value).minutes if value.strip() else 0
        return {f"{name}_minutes": minutes}
    if name == "due":
        return {"due_on": date.fromisoformat(value) if value else None}
    if name == "assignee":
        return {"assignee_id": UUID(value) if value else None}
    return {name: value}


def _cell(task: Any, name: str, people: tuple[tuple[str, str], ...]) -> Cell:
    value, display = _shown(task, name)
    choices: tuple[tuple[str, Any], ...] = ()
    if name == "status":
        choices = tuple((key, status.label) for key, status in TASK_STATUSES.items())
    elif name == "assignee":
        choices = (("", _("Nobody")), *people)
    url = reverse("projects:task_cell", args=[task.public_id])
    return Cell(url=url, field=name, value=value, display=display, label=name, kind=_EDITABLE[name], choices=choices)


def _shown(task: Any, name: str) -> tuple[str, str]:
    if name in {"estimate", "left"}:
        minutes = getattr(task, f"{name}_minutes")
        return (clock(minutes), clock(minutes)) if minutes else ("", "–")
    if name == "due":
        return (task.due_on.isoformat(), formats.day(task.due_on, get_language() or "en")) if task.due_on else ("", "–")
    if name == "assignee":
        return (str(task.assignee_id), task.assignee.name) if task.assignee else ("", "–")
    if name == "status":
        return task.status, str(TASK_STATUSES[task.status].label)
    return task.name, task.name
