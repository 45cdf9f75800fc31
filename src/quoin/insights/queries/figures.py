"""Figures across apps: revenue from the books, margin, capacity, utilisation, effective rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor, Scope
from quoin.base.db.reading import once
from quoin.base.figures import (
    Group,
    Grouping,
    Line,
    ListLines,
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
    whole_months,
)
from quoin.billing.queries import (  # noqa: F401  # they declare figures that those below are made of
    figures_backlog,
    figures_billed,
    figures_receivables,
)
from quoin.clients.queries import client_for
from quoin.insights.models import EarnedMonth
from quoin.insights.rules.capacity import Months, Stretch
from quoin.kernel.errors import NotFound
from quoin.kernel.ids import public_id
from quoin.kernel.quantity import clock
from quoin.ledger.models import JournalLine
from quoin.people.models import Person
from quoin.people.queries import VIEW_COST, visible_people
from quoin.people.queries.capacity import work_times
from quoin.projects.models import Project
from quoin.projects.queries import VIEW as VIEW_PROJECTS
from quoin.projects.queries import project_for
from quoin.projects.queries.figures import PLACES, narrow_to_project, visible_ids
from quoin.timesheets.models import TimeMonth
from quoin.timesheets.queries.access import VIEW_TIME, reachable_people
from quoin.timesheets.queries.figures import period, unapproved

VIEW_REVENUE = permission("revenue.earned.view", _("See what work earned"))
REVENUE = Q(account__kind="revenue", account__role__startswith="4")
"""Revenue and what is taken off it (write-downs); not gains on exchange."""
_SPACE = (*PLACES, Parameter.ENTITY, Parameter.FROM, Parameter.UNTIL)


def _earned_space(actor: Actor, asked: Parameters) -> Q:
    condition = Q()
    if asked.client_id is not None:
        condition &= Q(client_id=client_for(actor, asked.client_id).id)
    if asked.contract_id is not None:
        condition &= Q(contract_id=asked.contract_id)
    if asked.project_id is not None:
        return condition & Q(project_id=project_for(actor, asked.project_id).id)
    if actor.scope(VIEW_PROJECTS) is not Scope.ALL:
        condition &= Q(project_id__in=visible_ids(actor))
    return condition


def _earned(actor: Actor, asked: Parameters) -> QueryLines:
    rows = JournalLine.objects.filter(_earned_space(actor, asked), period(asked, "journal__posting_on"), REVENUE)
    if asked.entity_id is not None:
        rows = rows.filter(journal__entity_id=asked.entity_id)
    project = Project.objects.filter(id=OuterRef("project_id")).order_by().values("name")
    person = Person.objects.filter(id=OuterRef("person_id")).order_by().values("name")
    return QueryLines(
        rows=rows.annotate(project_name=Subquery(project), person_name=Subquery(person)),
        value=-F("base_amount"),
        currency=F("journal__entity__currency"),
        on="journal__posting_on",
        fields=(
            "journal_id", "journal__memo", "journal__source_kind", "journal__source_id", "account__name",
            "account__code",
            "project_id", "person_id", "project_name", "person_name",
        ),
        read=_read_earned,
        visible=_books_seen(actor),
        grouping=_by_place(asked),
    )  # fmt: skip


def _by_place(asked: Parameters) -> Grouping:
    if asked.project_id is not None:
        return Grouping("person_id", "person_name", nothing=_now("without a person"))
    return Grouping("project_id", "project_name", lambda project_id: narrow_to_project(asked, project_id))


def _books_seen(actor: Actor) -> Q | None:
    if actor.scope(VIEW_REVENUE) is Scope.ALL:
        return None
    if actor.person_id is None:
        return Q(pk__in=())
    managed = Project.objects.filter(manager_id=actor.person_id).order_by().values("id")
    return Q(project_id__in=managed)


def _read_earned(row: Mapping[str, Any]) -> Line:
    account = f"{row['account__code']} {row['account__name']}"
    return Line(
        value=Decimal(0), label=" · ".join(filter(None, (account, row["project_name"], row["journal__memo"]))),
        who=row["person_name"] or "", source=public_id("jou", row["journal_id"]), url=_charges_url(row),
    )  # fmt: skip


def _charges_url(row: Mapping[str, Any]) -> str:
    """The charges that the approval posted: what the line adds up."""
    if row["journal__source_kind"] not in {"approval", "expense_approval"}:
        return ""
    wanted = {"batch": row["journal__source_id"], "project_id": row["project_id"], "person_id": row["person_id"]}
    return f"{reverse('insights:lines')}?{urlencode({name: value for name, value in wanted.items() if value})}"


def _earned_months(actor: Actor, questions: Sequence[Parameters]) -> list[Sums]:
    asked = around(questions)
    rows = EarnedMonth.objects.filter(_earned_space(actor, asked), period(asked, "month_on"), tenant_id=actor.tenant_id)
    if asked.entity_id is not None:
        rows = rows.filter(entity_id=asked.entity_id)
    found = rows.order_by().values_list("month_on", "currency").annotate(total=Sum("amount"), count=Sum("lines"))
    return added_by_month(questions, ((month, currency, total) for month, currency, total, count in found if count))


def _people(actor: Actor, asked: Parameters) -> QuerySet[Person]:
    people = visible_people(actor) if actor.scope(VIEW_TIME) is Scope.ALL else reachable_people(actor, VIEW_TIME)
    if asked.person_id is not None:
        people = people.filter(id=asked.person_id)
        if not people.exists():
            raise NotFound("There is no such person, or you may not see their figures.")
    if asked.team_id is not None:
        people = people.filter(team_id=asked.team_id)
    return people.filter(entity_id=asked.entity_id) if asked.entity_id is not None else people


def capacity_period(actor: Actor, asked: Parameters) -> tuple[date, date]:
    """From the first month with time to today, where the question names no days."""
    first = asked.from_on
    if first is None:
        first = TimeMonth.objects.filter(tenant_id=actor.tenant_id, entries__gt=0).aggregate(first=Min("month_on"))[
            "first"
        ]
    until = asked.until_on or actor.today
    return first or until.replace(day=1), until


def capacity_of(actor: Actor, asked: Parameters) -> list[tuple[Person, tuple[Stretch, ...]]]:
    """The months of each person in the question's period, less holidays and absences."""
    from_on, until_on = capacity_period(actor, asked)
    people = [person for person in _people(actor, asked).select_related(None) if person.kind != "placeholder"]
    times = work_times([person.id for person in people], from_on, until_on)
    months = Months(from_on, until_on)
    return [(person, months.of(times[person.id])) for person in people]


@once
def _capacity(actor: Actor, asked: Parameters) -> ListLines:
    lines, groups = [], []
    for person, found in capacity_of(actor, asked):
        lines += [_capacity_line(person, stretch) for stretch in found]
        total = sum(stretch.minutes for stretch in found)
        narrowed = replace(asked, person_id=person.id)
        if found:
            groups.append(
                Group(label=person.name, value=Decimal(total), currency="", count=len(found), narrowed=narrowed)
            )
    lines.sort(key=lambda line: (line.on or date.min, line.who), reverse=True)
    return ListLines(lines, sorted(groups, key=lambda group: (-group.value, group.label)))


def _capacity_months(actor: Actor, questions: Sequence[Parameters]) -> Sequence[Sums]:
    """Capacity of whole months, worked out once for all of them."""
    has_days = all(asked.from_on and asked.until_on and whole_months(asked) for asked in questions)
    if len(questions) == 1 or not has_days:
        return [_capacity(actor, asked).sums() for asked in questions]
    everybody = capacity_of(actor, around(questions))
    stretches = [stretch for _person, found in everybody for stretch in found]
    return added_by_month(
        questions, ((stretch.from_on.replace(day=1), "", Decimal(stretch.minutes)) for stretch in stretches)
    )


def _capacity_line(person: Person, stretch: Stretch) -> Line:
    label = _now("%(days)s working days") % {"days": stretch.days}
    if stretch.away_minutes:
        label = _now("%(days)s working days, away %(away)s") % {
            "days": stretch.days, "away": clock(stretch.away_minutes),
        }  # fmt: skip
    return Line(
        value=Decimal(stretch.minutes), label=label, on=stretch.from_on, who=person.name, minutes=stretch.minutes,
        source=person.public_id, url=reverse("people:person", args=[person.public_id]),
    )  # fmt: skip


declare(
    "earned.revenue",
    label=_("Revenue"),
    definition=_("What the books say was earned: revenue accounts less write-downs, in the currency of the company."),
    formula=_("sum of the lines on revenue accounts"),
    unit=Unit.MONEY,
    permission=VIEW_REVENUE,
    takes=_SPACE,
    lines=_earned,
    series=by_month_or_days(_earned_months, _earned),
    missing=unapproved,
    higher_is_better=True,
)
declare(
    "time.capacity",
    label=_("Capacity"),
    definition=_("Hours that people are to work while they are with the firm: less public holidays and absences."),
    formula=_("sum of working days × hours per day − holidays − absences"),
    unit=Unit.MINUTES,
    permission=VIEW_TIME,
    takes=(Parameter.PERSON, Parameter.TEAM, Parameter.ENTITY, Parameter.FROM, Parameter.UNTIL),
    lines=_capacity,
    series=_capacity_months,
)
difference(
    "earned.margin",
    label=_("Margin"),
    definition=_("Revenue less the cost of the work: approved time at cost rates, and expenses."),
    formula=_("revenue − cost"),
    permission=VIEW_COST,
    plus=("earned.revenue",),
    minus=("cost.total",),
    missing=unapproved,
    higher_is_better=True,
)
ratio(
    "earned.margin_ratio",
    label=_("Margin, %"),
    definition=_("Margin as a share of revenue."),
    formula=_("margin ÷ revenue"),
    permission=VIEW_COST,
    numerator="earned.margin",
    denominator="earned.revenue",
    higher_is_better=True,
)
ratio(
    "time.utilisation",
    label=_("Billable utilisation"),
    definition=_("Billable hours as a share of the hours that people are to work."),
    formula=_("billable hours ÷ capacity"),
    permission=VIEW_TIME,
    numerator="time.billable",
    denominator="time.capacity",
    higher_is_better=True,
)
ratio(
    "time.utilisation_total",
    label=_("Total utilisation"),
    definition=_("All worked hours as a share of the hours that people are to work."),
    formula=_("worked hours ÷ capacity"),
    permission=VIEW_TIME,
    numerator="time.worked",
    denominator="time.capacity",
)
ratio(
    "earned.rate",
    label=_("Effective rate"),
    definition=_("Revenue per worked hour, billable or not."),
    formula=_("revenue ÷ worked hours"),
    permission=VIEW_REVENUE,
    numerator="earned.revenue",
    denominator="time.worked",
    unit=Unit.RATE,
    higher_is_better=True,
)
ONE = (Parameter.PROJECT,)
alias("project.revenue", "earned.revenue", needs=ONE)
alias("project.margin", "earned.margin", needs=ONE)
alias("project.margin_ratio", "earned.margin_ratio", needs=ONE)
alias("project.rate", "earned.rate", needs=ONE)
alias("client.revenue", "earned.revenue", needs=(Parameter.CLIENT,))
alias("client.margin", "earned.margin", needs=(Parameter.CLIENT,))
alias("client.margin_ratio", "earned.margin_ratio", needs=(Parameter.CLIENT,))
alias("person.utilisation", "time.utilisation", needs=(Parameter.PERSON,))
alias("firm.revenue", "earned.revenue")
alias("firm.margin", "earned.margin")
alias("firm.margin_ratio", "earned.margin_ratio")
alias("firm.utilisation", "time.utilisation")
