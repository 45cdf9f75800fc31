"""The head of every page of a project, whichever app shows the page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actor import Actor
from quoin.base.ui import tabs
from quoin.projects.models import Project
from quoin.projects.queries.lists import HEALTH, PROJECT_STATUSES


def project_frame(actor: Actor, project: Project, *, current: str) -> dict[str, Any]:
    """Name, number, status, crumbs and tabs, as templates take them; `current` is the key of the page's tab."""
    return {
        "title": project.name,
        "area": _("Projects"),
        "number_text": project.number,
        "status": HEALTH[project.health] if project.status == "active" else PROJECT_STATUSES[project.status],
        "crumbs": ((_("Projects"), reverse("projects:projects")),),
        "tabs": tabs.links("project", actor, current=current, arguments={"number": project.number}),
        "project": project,
    }
