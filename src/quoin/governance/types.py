"""Values of project governance."""

from __future__ import annotations

from enum import StrEnum

from quoin.kernel.errors import Conflict


class RaidKind(StrEnum):
    """What an entry of the log is."""

    RISK = "risk"
    ASSUMPTION = "assumption"
    ISSUE = "issue"
    DEPENDENCY = "dependency"
    DECISION = "decision"


class RaidStatus(StrEnum):
    """How far an entry has come. One that is closed or came true takes no part in the exposure."""

    OPEN = "open"
    MITIGATING = "mitigating"
    ACCEPTED = "accepted"
    CAME_TRUE = "came_true"
    CLOSED = "closed"


class ChangeStatus(StrEnum):
    """How far a change order has come."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class LineKind(StrEnum):
    """What a line of a change order does."""

    ADD_TASK = "add_task"
    EXTEND_TASK = "extend_task"
    PRICE = "price"
    PEOPLE = "people"


class ReportStatus(StrEnum):
    """A report is written, and then told; what was told stays."""

    DRAFT = "draft"
    SENT = "sent"
    KEPT = "kept"


class MoneyBlock(StrEnum):
    """What a report says about money."""

    NONE = "none"
    HOURS = "hours"
    MONEY = "money"


class WrongState(Conflict):
    """The thing is not in a state in which this can be done."""

    code = "wrong_state"


class NothingToSend(Conflict):
    """A change order that changes nothing, or lacks what the contract needs."""

    code = "change_incomplete"
