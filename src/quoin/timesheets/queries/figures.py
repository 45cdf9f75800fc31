"""Figures of recorded time: worked, billable, waiting. Values come from the monthly rollup, lines are the entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor, Scope
from quoin.base.figures import (
    Grouping,
    Line,
    Missing,
    Parameter,
    Parameters,
    QueryLines,
    Sums,
    Unit,
    added_by_month,
    alias,
    around,
    by_month_or_days,
    declare,
    difference,
    ratio,
)
from quoin.kernel.ids import public_id
from quoin.people.models import Person
from quoin.projects.models import Project
from quoin.projects.queries.figures import PLACES, narrow_to_project, within
from quoin.timesheets.models import TimeEntry, TimeMonth
from quoin.timesheets.queries.access import VIEW_TIME, reach, require_person

TAKES = (*PLACES, Parameter.PERSON, Parameter.TEAM, Parameter.ENTITY, Parameter.FROM, Parameter.UNTIL)
BILLED_WORK = (
    Q(contract__isnull=False, client__is_internal=False)
    & ~Q(contract__kind="non_billable")
    & ~Q(contract__status="draft")
)
"""Projects whose work is paid for: by time, or by a fixed price or retainer."""


def period(asked: Parameters, field: str) -> Q:
    """The rows of the period; `field` is a day."""
    condition = Q()
    if asked.from_on is not None:
        condition &= Q(**{f"{field}__gte": asked.from_on})
    if asked.until_on is not None:
        condition &= Q(**{f"{field}__lte": asked.until_on})
    return condition


def of_people(actor: Actor, asked: Parameters, *, permission: str = VIEW_TIME) -> Q:
    """The rows of the persons that the question names; NotFound where the actor may not ask for them."""
    condition = Q()
    if asked.person_id is not None:
        require_person(actor, permission, asked.person_id)
        condition &= Q(person_id=asked.person_id)
    if asked.team_id is not None:
        condition &= Q(person__team_id=asked.team_id)
    if asked.entity_id is not None:
        condition &= Q(person__entity_id=asked.entity_id)
    return condition


def grouping(asked: Parameters) -> Grouping:
    """By person inside a project, by project elsewhere."""
    if asked.project_id is not None:
        return Grouping("person_id", "person__name", lambda person_id: replace(asked, person_id=person_id))
    return Grouping("project_id", "project__name", lambda project_id: narrow_to_project(asked, project_id))


def hidden_below(actor: Actor, permission: str) -> Q | None:
    """What the actor sees line by line; None means everything."""
    return None if actor.scope(permission) is Scope.ALL else reach(actor, permission)


def billed_projects() -> QuerySet[Project, UUID]:
    """Ids of the projects whose work is paid for."""
    return Project.objects.filter(BILLED_WORK).order_by().values_list("id", flat=True)


def _rows(actor: Actor, asked: Parameters, state: Q) -> QuerySet[TimeEntry]:
    return TimeEntry.objects.filter(within(actor, asked), of_people(actor, asked), period(asked, "work_on"), state)


def _months(actor: Actor, questions: Sequence[Parameters], state: Q) -> list[Sums]:
    """The same from the rollup, which knows ids alone."""
    asked = around(questions)
    rows = TimeMonth.objects.filter(period(asked, "month_on"), state, tenant_id=actor.tenant_id)
    if limits := within(actor, asked, project=""):
        rows = rows.filter(project_id__in=Project.objects.filter(limits).order_by().values("id"))
    if of_people(actor, asked):
        rows = rows.filter(person_id__in=_people_ids(asked))
    found = rows.order_by().values_list("month_on").annotate(total=Sum("minutes"))
    return added_by_month(questions, ((month, "", Decimal(total)) for month, total in found if total))


def _people_ids(asked: Parameters) -> QuerySet[Person, Any]:
    people = Person.objects.order_by()
    wanted = {"id": asked.person_id, "team_id": asked.team_id, "entity_id": asked.entity_id}
    return people.filter(**{name: value for name, value in wanted.items() if value is not None}).values("id")


def _lines(actor: Actor, asked: Parameters, state: Q) -> QueryLines:
    return QueryLines(
        rows=_rows(actor, asked, state),
        value=F("minutes"),
        on="work_on",
        fields=("project__name", "task__name", "person__name", "note", "status"),
        read=_read,
        visible=hidden_below(actor, VIEW_TIME),
        grouping=grouping(asked),
    )


def _read(row: Mapping[str, Any]) -> Line:
    label = " · ".join(filter(None, (row["project__name"], row["task__name"], row["note"])))
    return Line(
        value=Decimal(0), label=label, who=row["person__name"], minutes=int(row["line_value"]),
        source=public_id("tim", row["id"]), url=reverse("timesheets:entry", args=[row["id"]]),
    )  # fmt: skip


def _time(
    key: str, state: Callable[[], Q], *, label: Any, definition: Any, formula: Any,
    left_out: Callable[[], Q] | None = None,    reason: Any = "",
) -> None:  # fmt: skip
    def lines(actor: Actor, asked: Parameters) -> QueryLines:
        return _lines(actor, asked, state())

    def missing(actor: Actor, asked: Parameters) -> list[Missing]:
        return not_counted(actor, asked, left_out(), reason) if left_out is not None else []

    declare(
        key,
        label=label,
        definition=definition,
        formula=formula,
        unit=Unit.MINUTES,
        permission=VIEW_TIME,
        takes=TAKES,
        lines=lines,
        series=by_month_or_days(lambda actor, questions: _months(actor, questions, state()), lines),
        missing=missing if left_out is not None else None,
    )


def not_counted(actor: Actor, asked: Parameters, state: Q, reason: Any) -> list[Missing]:
    """How much time in the same place a figure leaves out, for one reason."""
    found = _rows(actor, asked, state).order_by().aggregate(count=Count("id"), minutes=Sum("minutes"))
    return [Missing(reason, found["count"], Decimal(found["minutes"]))] if found["count"] else []


def unapproved(actor: Actor, asked: Parameters) -> list[Missing]:
    """Time that money figures do not hold yet."""
    return not_counted(actor, asked, ~Q(status="approved"), _("not approved yet"))


def _budgeted() -> Q:
    return Q(project_id__in=Project.objects.filter(budget_minutes__gt=0).order_by().values("id"))


def _billable() -> Q:
    return Q(is_billable=True, project_id__in=billed_projects())


_time(
    "time.worked",
    Q,
    label=_("Worked"),
    definition=_("All recorded time, whether approved or not."),
    formula=_("sum of the entries' minutes"),
)
_time(
    "time.billable",
    _billable,
    label=_("Billable"),
    definition=_("Recorded time that is marked as billable, on projects whose work is paid for."),
    formula=_("sum of the billable entries' minutes"),
    left_out=lambda: ~Q(is_billable=True, project_id__in=billed_projects()),
    reason=_("not billable, or internal work"),
)
_time(
    "time.approved",
    lambda: Q(status="approved"),
    label=_("Approved"),
    definition=_("Time that is approved: it is priced and in the books."),
    formula=_("sum of the approved entries' minutes"),
    left_out=lambda: ~Q(status="approved"),
    reason=_("not approved yet"),
)
_time(
    "time.submitted",
    lambda: Q(status="submitted"),
    label=_("Waiting for approval"),
    definition=_("Time that was handed in and waits for a decision."),
    formula=_("sum of the submitted entries' minutes"),
    left_out=lambda: Q(status__in=("open", "returned")),
    reason=_("not handed in"),
)
_time(
    "time.budgeted",
    _budgeted,
    label=_("Worked on a budget"),
    definition=_("Recorded time on projects that have a budget in hours."),
    formula=_("sum of the minutes of entries on projects with a budget"),
    left_out=lambda: ~_budgeted(),
    reason=_("no budget in hours"),
)
difference(
    "budget.left",
    label=_("Budget left"),
    definition=_(
        "Hours of the budget that are not used yet; negative when the budget is exceeded. Projects without a budget in"
        " hours do not count."
    ),
    formula=_("budgeted hours − hours worked on these projects"),
    permission=VIEW_TIME,
    plus=("budget.time",),
    minus=("time.budgeted",),
    missing=lambda actor, asked: not_counted(actor, asked, ~_budgeted(), _("no budget in hours")),
    nothing=_("no budget in hours"),
)
ratio(
    "budget.used",
    label=_("Budget used"),
    definition=_("Share of the budgeted hours that is worked. Projects without a budget in hours do not count."),
    formula=_("hours worked on these projects ÷ budgeted hours"),
    permission=VIEW_TIME,
    numerator="time.budgeted",
    denominator="budget.time",
    nothing=_("no budget in hours"),
    higher_is_better=False,
)
ratio(
    "time.billable_share",
    label=_("Billable share"),
    definition=_("Share of the recorded time that is billable."),
    formula=_("billable hours ÷ worked hours"),
    permission=VIEW_TIME,
    numerator="time.billable",
    denominator="time.worked",
    higher_is_better=True,
)

ONE = (Parameter.PROJECT,)
alias("project.worked", "time.worked", needs=ONE)
alias("project.billable", "time.billable", needs=ONE)
alias("project.approved", "time.approved", needs=ONE)
alias("project.submitted", "time.submitted", needs=ONE)
alias("project.budget_used", "budget.used", needs=ONE)
alias("project.budget_left", "budget.left", needs=ONE)
alias("person.worked", "time.worked", needs=(Parameter.PERSON,))
alias("person.billable", "time.billable", needs=(Parameter.PERSON,))
alias("client.worked", "time.worked", needs=(Parameter.CLIENT,))
alias("firm.worked", "time.worked")
