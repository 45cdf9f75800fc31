"""Values of field work."""

from __future__ import annotations

from enum import StrEnum

from quoin.kernel.errors import Conflict


class DeliveryStatus(StrEnum):
    """How far goods have come. They go one way; a step back says why."""

    ORDERED = "ordered"
    SHIPPED = "shipped"
    ON_SITE = "on_site"
    CHECKED = "checked"
    INSTALLED = "installed"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


class VisitStatus(StrEnum):
    """A draft is seen by planners only; a published visit is promised to its crew."""

    DRAFT = "draft"
    PUBLISHED = "published"
    TRAVELLING = "travelling"
    ON_SITE = "on_site"
    DONE = "done"
    CANCELLED = "cancelled"


class CheckState(StrEnum):
    """The answer to a line of a checklist."""

    OPEN = "open"
    DONE = "done"
    FAILED = "failed"
    NOT_APPLICABLE = "n_a"


class WrongStep(Conflict):
    """The thing is not in a state from which the step goes."""

    code = "wrong_step"


class NotDispatchable(Conflict):
    """Somebody or something cannot be sent: the problems say who and why."""

    code = "not_dispatchable"
