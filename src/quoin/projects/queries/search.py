"""Projects and tasks in the command palette."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actor import Actor
from quoin.base.ui.palette import Hit
from quoin.projects.models import Task
from quoin.projects.queries import VIEW, visible_projects

_MOST = 6


def project_hits(actor: Actor, text: str) -> Iterator[Hit]:
    """Projects whose name, client or number holds the text; the exact number comes first."""
    if not actor.may(VIEW):
        return
    wanted = Q(name__icontains=text) | Q(number__istartswith=text) | Q(client__name__icontains=text)
    for project in visible_projects(actor).filter(wanted)[:_MOST]:
        rank = 0 if project.number.lower() == text.lower() else 3
        url = reverse("projects:project", args=[project.number])
        yield Hit(_("Project"), project.name, url, f"{project.number} · {project.client.name}", "project", rank)


def task_hits(actor: Actor, text: str) -> Iterator[Hit]:
    """Tasks whose name holds the text."""
    if not actor.may(VIEW):
        return
    tasks = Task.objects.select_related("project").filter(name__icontains=text, project__in=visible_projects(actor))
    for task in tasks.order_by("name", "id")[:_MOST]:
        url = reverse("projects:tasks", args=[task.project.number])
        yield Hit(_("Task"), task.name, url, task.project.name, "task", 5)
