"""Values of projects."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
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


class ScheduleMode(StrEnum):
    """Who dates the tasks of a project."""

    BY_HAND = "by_hand"
    FROM_START = "from_start"
    FROM_END = "from_end"


class TaskKind(StrEnum):
    """What a row of the plan is. Phases take their dates from the tasks under them."""

    TASK = "task"
    PHASE = "phase"
    MILESTONE = "milestone"
    DELIVERABLE = "deliverable"


class LinkKind(StrEnum):
    """Which end of the predecessor holds which end of the successor."""

    FS = "fs"
    SS = "ss"
    FF = "ff"
    SF = "sf"


class LagUnit(StrEnum):
    """What the lag of a link counts: working minutes, minutes on the clock, percent of the predecessor's duration."""

    WORK = "work"
    ELAPSED = "elapsed"
    PERCENT = "percent"


class Constraint(StrEnum):
    """The constraint types of MS Project."""

    ASAP = "asap"
    ALAP = "alap"
    SNET = "snet"
    """Start no earlier than."""
    SNLT = "snlt"
    """Start no later than."""
    FNET = "fnet"
    """Finish no earlier than."""
    FNLT = "fnlt"
    """Finish no later than."""
    MSO = "mso"
    """Must start on."""
    MFO = "mfo"
    """Must finish on."""


UNDATED = frozenset({Constraint.ASAP, Constraint.ALAP})
"""Constraints without a date."""


class LevelBy(StrEnum):
    """In which order levelling places tasks: the one that may wait least first, or as a solver finds best."""

    RULE = "rule"
    SOLVER = "solver"


class PlanLoop(Conflict):
    """Tasks wait for each other in a circle."""

    code = "plan_loop"


class LinkRefused(Conflict):
    """A link that has no meaning: to itself, twice, or holding the finish of a phase."""

    code = "link_refused"


class Method(StrEnum):
    """How projects are run: which stages and gates they pass."""

    WATERFALL = "waterfall"
    HYBRID = "hybrid"
    INSTALLATION = "installation"
    ONBOARDING = "onboarding"
    OWN = "own"


class GateStatus(StrEnum):
    """A gate holds its phase while it waits."""

    WAITING = "waiting"
    PASSED = "passed"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContract:
    """A contract to be made by a template's terms; the price is for a fixed one."""

    price: Decimal | None = None


class BudgetKind(StrEnum):
    """What a line of a budget is for. An adjustment is the difference to totals that were typed on the project."""

    WORK = "work"
    EXPENSE = "expense"
    PURCHASE = "purchase"
    DELIVERY = "delivery"
    CONTINGENCY = "contingency"
    CHANGE = "change"
    ADJUSTMENT = "adjustment"


class BudgetStatus(StrEnum):
    """A kept version stays as it is."""

    DRAFT = "draft"
    KEPT = "kept"
