"""What the API takes about governance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from quoin.base.http.api import ApiIn, PublicId

ItemId = Annotated[UUID, PublicId("rai")]
ChangeId = Annotated[UUID, PublicId("cho")]
LineId = Annotated[UUID, PublicId("chl")]
ReportId = Annotated[UUID, PublicId("srp")]
TemplateId = Annotated[UUID, PublicId("tpl")]
LessonId = Annotated[UUID, PublicId("lsn")]
ProjectId = Annotated[UUID, PublicId("prj")]
TaskId = Annotated[UUID, PublicId("tsk")]
PersonId = Annotated[UUID, PublicId("per")]
RoleId = Annotated[UUID, PublicId("job")]


class RaidPatch(ApiIn):
    """What to change of an entry; absent fields stay. `note` goes into the history."""

    title: str = ""
    detail: str = ""
    probability: int | None = None
    impact: int | None = None
    impact_amount: Decimal | None = None
    impact_days: int = 0
    task_id: TaskId | None = None
    owner_id: PersonId | None = None
    due_on: date | None = None
    response: str = ""
    note: str = ""


class RaidIn(ApiIn):
    """An entry to be added."""

    project_id: ProjectId
    title: str
    kind: Literal["risk", "assumption", "issue", "dependency", "decision"] = "risk"
    detail: str = ""
    probability: int | None = None
    impact: int | None = None
    impact_amount: Decimal | None = None
    impact_days: int = 0
    task_id: TaskId | None = None
    owner_id: PersonId | None = None
    due_on: date | None = None
    response: str = ""


class RaidStep(ApiIn):
    """The next status, with a note for the history."""

    status: Literal["open", "mitigating", "accepted", "closed"]
    note: str = ""


class RaidTurn(ApiIn):
    """The risk came true; the issue takes its title unless one is given."""

    title: str = ""
    note: str = ""


class ChangePatch(ApiIn):
    """What to change of a draft; absent fields stay."""

    title: str = ""
    reason: str = ""
    scope: str = ""
    budget_minutes: int = 0
    budget_amount: Decimal = Decimal(0)
    planned_cost: Decimal | None = None


class ChangeIn(ChangePatch):
    """A change order to be written."""

    project_id: ProjectId
    title: str


class LineIn(ApiIn):
    """A line: a task to add or extend, a price, or a request for people."""

    kind: Literal["add_task", "extend_task", "price", "people"]
    text: str = ""
    task_id: TaskId | None = None
    follows_id: TaskId | None = None
    precedes_id: TaskId | None = None
    minutes: int = 0
    starts_on: date | None = None
    ends_on: date | None = None
    assignee_id: PersonId | None = None
    amount: Decimal | None = None
    rate_per_hour: Decimal | None = None
    bills_on_due_day: bool = False
    job_role_id: RoleId | None = None
    percent: int | None = None


class SendIn(ApiIn):
    """To whom; without an address only the link is made."""

    to: str = ""


class AnswerIn(ApiIn):
    """Who of the client answered, and when."""

    answered_by: str
    answered_on: date | None = None
    note: str = ""


class ReasonIn(ApiIn):
    """Why."""

    reason: str = ""


class DraftIn(ApiIn):
    """Which project, as of which day, and what is said about money."""

    project_id: ProjectId
    as_of: date | None = None
    money: Literal["none", "hours", "money"] = "hours"


class ReportPatch(ApiIn):
    """The words of a draft; absent fields stay."""

    health: Literal["on_track", "at_risk", "off_track"] = "on_track"
    health_reason: str = ""
    summary: str = ""
    done: str = ""
    upcoming: str = ""
    asks: str = ""


class TellIn(ApiIn):
    """Mail addresses; none only keeps the report."""

    to: list[str]


class LessonPatch(ApiIn):
    """What to change of a lesson; absent fields stay."""

    title: str = ""
    what: str = ""
    why: str = ""
    advice: str = ""
    went_well: bool = False


class ProposeIn(ApiIn):
    """What to propose, and to which template; empty: the lesson's advice, to the template of its project."""

    text: str = ""
    template_id: TemplateId | None = None


class LessonIn(LessonPatch):
    """A lesson to be written down."""

    project_id: ProjectId
    title: str
