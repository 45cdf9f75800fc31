"""Which status may follow which."""

from __future__ import annotations

from quoin.projects.types import ProjectStatus

_PROJECT: dict[ProjectStatus, frozenset[ProjectStatus]] = {
    ProjectStatus.PLANNED: frozenset({ProjectStatus.ACTIVE, ProjectStatus.CLOSED}),
    ProjectStatus.ACTIVE: frozenset({ProjectStatus.ON_HOLD, ProjectStatus.CLOSED}),
    ProjectStatus.ON_HOLD: frozenset({ProjectStatus.ACTIVE, ProjectStatus.CLOSED}),
    ProjectStatus.CLOSED: frozenset({ProjectStatus.PLANNED, ProjectStatus.ACTIVE}),
}


def next_project_statuses(status: ProjectStatus) -> tuple[ProjectStatus, ...]:
    """The statuses that may follow, in the order of the enum."""
    return tuple(step for step in ProjectStatus if step in _PROJECT[status])
