"""Values of projects."""

from __future__ import annotations

from enum import StrEnum

from quoin.kernel.errors import Conflict


class ProjectStatus(StrEnum):
    """Time may go on planned and active projects only."""

    PLANNED = "planned"
    ACTIVE = "active"
    ON_HOLD = "on_hold"
    CLOSED = "closed"


class TaskStatus(StrEnum):
    """A closed task takes no more time."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    CLOSED = "closed"


class Health(StrEnum):
    """How a project stands, set by its manager."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"


class NoteRule(StrEnum):
    """Whether time on the project wants a note."""

    NONE = "none"
    WANTED = "wanted"
    NEEDED = "needed"


class StepNotAllowed(Conflict):
    """The project or task cannot go from its status to the asked one."""

    code = "step_not_allowed"
