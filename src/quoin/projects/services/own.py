"""The project that a command is about, locked before anything of it is written."""

from __future__ import annotations

from uuid import UUID

from quoin.base.actor import Actor
from quoin.kernel.errors import NotFound
from quoin.projects.models import Project
from quoin.projects.queries import visible_projects
from quoin.projects.queries.reach import check_reach


def own_project(actor: Actor, right: str, project_id: UUID | str, *related: str) -> Project:
    """The project, locked, with what it refers to by `related`; NotFound if unseen, Forbidden if not in reach."""
    if not visible_projects(actor).filter(id=project_id).exists():
        raise NotFound("There is no such project, or you may not see it.")
    rows = Project.objects.select_for_update(of=("self",))
    # Without a name select_related would follow every reference there is.
    project = (rows.select_related(*related) if related else rows).get(id=project_id)
    check_reach(actor, right, project)
    return project
