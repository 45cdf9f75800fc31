"""Whose project it is: a right held for all projects reaches each of them, any other those that the actor manages."""

from __future__ import annotations

from quoin.base.actor import Actor, Scope
from quoin.kernel.errors import Forbidden
from quoin.projects.models import Project


def manages(actor: Actor, project: Project) -> bool:
    """Whether the actor is the project's manager."""
    return actor.person_id is not None and project.manager_id == actor.person_id


def reaches(actor: Actor, right: str, project: Project) -> bool:
    """Whether the actor holds the right for this project: what a screen asks before it offers something."""
    return actor.may(right, Scope.ALL) or (actor.may(right) and manages(actor, project))


def check_reach(actor: Actor, right: str, project: Project) -> None:
    """Forbidden unless the right is held for all projects or the actor manages this one.

    For actions, which have asked already whether the right is held at all.
    """
    if not actor.may(right, Scope.ALL) and not manages(actor, project):
        raise Forbidden("Only the project's manager may do this.")
