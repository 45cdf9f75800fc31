"""What the screens of governance share: the frame of a project's page, the project that a form is about."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.http.views import ActorRequest
from quoin.base.ui import respond, tabs
from quoin.governance.web.forms import ProjectPick
from quoin.projects.queries import project_by_number
from quoin.projects.queries.lists import HEALTH, PROJECT_STATUSES


def project_frame(request: ActorRequest, project: Any, current: str) -> dict[str, Any]:
    """Title, crumbs and tabs of a page of the project."""
    return {
        "title": project.name,
        "area": _("Projects"),
        "number_text": project.number,
        "status": HEALTH[project.health] if project.status == "active" else PROJECT_STATUSES[project.status],
        "project": project,
        "crumbs": ((_("Projects"), reverse("projects:projects")),),
        "tabs": tabs.links("project", request.actor, current=current, arguments={"number": project.number}),
    }


def asked_project(request: ActorRequest) -> Any | None:
    """The project that the address names."""
    number = request.GET.get("project", "")
    return project_by_number(request.actor, number) if number else None


def pick_project(request: ActorRequest, *, title: str) -> HttpResponse:
    """The first step of a form that depends on the project."""
    context = {"form": ProjectPick(request.actor), "title": title, "verb": _("Go on")}
    return respond.page(request, "governance/pick.html", context)
