"""What the screens of governance share: the project that a form is about."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from quoin.base.http.views import ActorRequest
from quoin.base.ui import respond
from quoin.governance.web.forms import ProjectPick
from quoin.projects.queries import project_by_number


def asked_project(request: ActorRequest) -> Any | None:
    """The project that the address names."""
    number = request.GET.get("project", "")
    return project_by_number(request.actor, number) if number else None


def pick_project(request: ActorRequest, *, title: str) -> HttpResponse:
    """The first step of a form that depends on the project."""
    context = {"form": ProjectPick(request.actor), "title": title, "verb": _("Go on")}
    return respond.page(request, "governance/pick.html", context)
