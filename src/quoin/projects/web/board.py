"""The tasks of a project as a board: a column per status; a card moves by drag, by key or by its menu."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.http.api import respond_json
from quoin.base.http.problems import wants_json
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.projects import actions, queries
from quoin.projects.queries.lists import TASK_STATUSES
from quoin.projects.web.views import project_context


@page(queries.VIEW)
def board(request: ActorRequest, number: str) -> HttpResponse:
    found = queries.project_by_number(request.actor, number)
    context = project_context(request, found, current="tasks")
    rows = list(queries.tasks_of(found))
    parents = {task.parent_id for task in rows}
    leaves = [task for task in rows if task.id not in parents]
    context["columns"] = [
        (key, status, [task for task in leaves if task.status == key]) for key, status in TASK_STATUSES.items()
    ]
    context["may_edit"] = request.actor.may("projects.task.edit")
    return respond.page(request, "projects/board.html", context)


@page("projects.task.edit", methods=("POST",))
def task_status(request: ActorRequest, pk: str) -> HttpResponse:
    task = queries.task_for(request.actor, object_id("tsk", pk))
    changed = actions.edit_task(request.actor, task_id=task.id, status=request.POST.get("status", ""))
    text = _("%(name)s is now: %(status)s") % {"name": changed.name, "status": TASK_STATUSES[changed.status].label}
    if wants_json(request):
        return respond_json({"text": text})
    return respond.redirect_with_toast(request, reverse("projects:board", args=[task.project.number]), text)
