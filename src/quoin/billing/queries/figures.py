"""Figures of priced work: its value, its cost, what is unbilled, held or written down. Lines are the charges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, TruncDate, TruncMonth
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor, Scope
from quoin.base.figures import (
    Line,
    Missing,
    Parameter,
    Parameters,
    QueryLines,
    Sums,
    Unit,
    add_up,
    added_by_month,
    alias,
    around,
    by_days,
    declare,
    difference,
    whole_months,
)
from quoin.billing.models import Charge, ChargeMonth, WriteDown
from quoin.clients.queries import client_for
from quoin.kernel.ids import public_id
from quoin.people.models import Person
from quoin.people.queries import VIEW_COST
from quoin.projects.models import Project
from quoin.projects.queries import VIEW as VIEW_PROJECTS
from quoin.projects.queries import project_for
from quoin.projects.queries.figures import PLACES, visible_ids, within
from quoin.timesheets.queries.access import require_person
from quoin.timesheets.queries.figures import grouping, hidden_below, period, unapproved

VIEW_CHARGES = permission("billing.charge.view", _("See priced work and what is unbilled"))
TAKES = (*PLACES, Parameter.PERSON, Parameter.TEAM, Parameter.ENTITY, Parameter.FROM, Parameter.UNTIL)
OPEN = Q(status__in=("unbilled", "drafted"))
VALUED = Q(status__in=("unbilled", "drafted", "billed", "written_off", "included"))
_MONEY: DecimalField[Any, Any] = DecimalField(max_digits=24, decimal_places=4)
_ZERO = Value(Decimal(0), output_field=_MONEY)
_NOBODY = UUID(int=0)
OLD_DAYS = 60


def space(actor: Actor, asked: Parameters, *, permission_name: str, link: str = "") -> Q:
    """The charges that the question covers; `link` is the path from the row to its charge."""
    condition = Q()
    if asked.client_id is not None:
        condition &= Q(**{f"{link}client_id": client_for(actor, asked.client_id).id})
    plain = (("contract_id", asked.contract_id), ("entity_id", asked.entity_id), ("person__team_id", asked.team_id))
    condition &= Q(**{f"{link}{name}": value for name, value in plain if value is not None})
    if asked.person_id is not None:
        require_person(actor, permission_name, asked.person_id)
        condition &= Q(**{f"{link}person_id": asked.person_id})
    if asked.project_id is not None:
        return condition & Q(**{f"{link}project_id": project_for(actor, asked.project_id).id})
    if actor.scope(VIEW_PROJECTS) is not Scope.ALL and asked.person_id is None:
        condition &= Q(**{f"{link}project_id__in": visible_ids(actor)})
    return condition


def net_amount() -> Any:
    """What a charge comes to after its write-downs and write-ups."""
    changes = WriteDown.objects.filter(charge_id=OuterRef("id")).order_by().values("charge_id")
    given_up = Subquery(changes.annotate(total=Sum("amount")).values("total"), output_field=_MONEY)
    return F("amount") - Coalesce(given_up, _ZERO)


def _charges(actor: Actor, asked: Parameters, state: Q, permission_name: str) -> QuerySet[Charge]:
    where = space(actor, asked, permission_name=permission_name)
    return Charge.objects.filter(where, period(asked, "work_on"), state)


def charge_lines(
    actor: Actor, asked: Parameters, state: Q, *, value: Any, currency: str = "currency",
    permission_name: str = VIEW_CHARGES,
) -> QueryLines:  # fmt: skip
    """Charges in a state, valued by an expression."""
    return QueryLines(
        rows=_charges(actor, asked, state, permission_name),
        value=value,
        currency=F(currency),
        on="work_on",
        fields=("kind", "source_id", "project__name", "task__name", "person__name", "note", "minutes", "rate_per_hour"),
        read=_read,
        visible=hidden_below(actor, permission_name),
        grouping=grouping(asked),
    )


def _read(row: Mapping[str, Any]) -> Line:
    label = " · ".join(filter(None, (row["project__name"], row["task__name"], row["note"])))
    is_time = row["kind"] == "time"
    return Line(
        value=Decimal(0), label=label or row["kind"], who=row["person__name"] or "",
        minutes=row["minutes"] if is_time else None, rate=row["rate_per_hour"], source=public_id("chg", row["id"]),
        url=reverse("timesheets:entry", args=[row["source_id"]]) if is_time else "",
    )  # fmt: skip


def charge_months(
    actor: Actor, questions: Sequence[Parameters], state: Q, *, field: str, currency: str, permission_name: str
) -> list[Sums] | None:
    """The same sums from the monthly rollup; None where the rollup does not know what is asked."""
    asked = around(questions)
    if asked.entity_id is not None or asked.contract_id is not None or not all(map(whole_months, questions)):
        return None
    rows = ChargeMonth.objects.filter(period(asked, "month_on"), state, tenant_id=actor.tenant_id)
    if asked.client_id is not None and rows.filter(project_id=_NOBODY, charges__gt=0).exists():
        return None
    space(actor, asked, permission_name=permission_name)
    if limits := within(actor, asked, project=""):
        rows = rows.filter(project_id__in=Project.objects.filter(limits).order_by().values("id"))
    if asked.person_id is not None:
        rows = rows.filter(person_id=asked.person_id)
    if asked.team_id is not None:
        rows = rows.filter(person_id__in=Person.objects.filter(team_id=asked.team_id).order_by().values("id"))
    found = rows.order_by().values("month_on", currency).annotate(total=Sum(field), lines=Sum("charges"))
    return added_by_month(questions, ((row["month_on"], row[currency], row["total"]) for row in found if row["lines"]))


def _declare(
    key: str, state: Callable[[], Q], *, field: str = "amount", currency: str = "currency",
    permission_name: str = VIEW_CHARGES,
    missing: Callable[[Actor, Parameters], list[Missing]] | None = unapproved,
    higher_is_better: bool | None = None, **texts: Any,
) -> None:  # fmt: skip
    def lines(actor: Actor, asked: Parameters) -> QueryLines:
        return charge_lines(actor, asked, state(), value=F(field), currency=currency, permission_name=permission_name)

    by_line = by_days(lines)

    def series(actor: Actor, questions: Sequence[Parameters]) -> Sequence[Sums]:
        found = charge_months(
            actor, questions, state(), field=field, currency=currency, permission_name=permission_name
        )
        return by_line(actor, questions) if found is None else found

    declare(
        key, unit=Unit.MONEY, permission=permission_name, takes=TAKES, lines=lines, series=series, missing=missing,
        higher_is_better=higher_is_better, **texts,
    )  # fmt: skip


def _unbilled_lines(state: Q) -> Callable[[Actor, Parameters], QueryLines]:
    return lambda actor, asked: charge_lines(actor, asked, state, value=net_amount())


def _unbilled(actor: Actor, questions: Sequence[Parameters]) -> Sequence[Sums]:
    priced = charge_months(actor, questions, OPEN, field="amount", currency="currency", permission_name=VIEW_CHARGES)
    if priced is None:
        return by_days(_unbilled_lines(OPEN))(actor, questions)
    asked = around(questions)
    given_up = (
        WriteDown.objects.filter(
            space(actor, asked, permission_name=VIEW_CHARGES, link="charge__"),
            period(asked, "charge__work_on"),
            charge__status__in=("unbilled", "drafted"),
        )
        .order_by()
        .values_list(TruncMonth("charge__work_on"), "charge__currency")
        .annotate(total=Sum("amount"))
    )
    off = added_by_month(questions, given_up)
    return [add_up([(1, whole), (-1, part)]) for whole, part in zip(priced, off, strict=True)]


def _held(actor: Actor) -> Q:
    return OPEN & Q(held_until__gt=actor.today)


def _old(actor: Actor) -> Q:
    return OPEN & Q(work_on__lt=actor.today - timedelta(days=OLD_DAYS))


def _no_rate(actor: Actor, asked: Parameters) -> list[Missing]:
    rows = _charges(actor, asked, OPEN & Q(rate_id=None, kind="time"), VIEW_CHARGES)
    found = rows.aggregate(minutes=Sum("minutes"))
    waiting = [Missing(_("without a rate"), rows.count(), Decimal(found["minutes"]))] if found["minutes"] else []
    return [*unapproved(actor, asked), *waiting]


def _written_down(actor: Actor, asked: Parameters) -> QueryLines:
    rows = WriteDown.objects.annotate(decided_on=TruncDate("decided_at", tzinfo=ZoneInfo(actor.zone)))
    where = space(actor, asked, permission_name=VIEW_CHARGES, link="charge__")
    visible = hidden_below(actor, VIEW_CHARGES)
    if visible is not None:
        seen = Charge.objects.filter(visible).order_by().values("id")
        visible = Q(charge_id__in=seen)
    return QueryLines(
        rows=rows.filter(where, period(asked, "decided_on")),
        value=F("amount"),
        currency=F("charge__currency"),
        on="decided_on",
        fields=("reason", "minutes", "charge__project__name", "charge__person__name"),
        read=lambda row: Line(
            value=Decimal(0), label=" · ".join(filter(None, (row["charge__project__name"], row["reason"]))),
            who=row["charge__person__name"] or "", minutes=row["minutes"], source=public_id("wrd", row["id"]),
        ),
        visible=visible,
    )  # fmt: skip


_declare(
    "work.value",
    lambda: VALUED,
    label=_("Value of work"),
    definition=_(
        "Approved work at its agreed price, before write-downs; also what a fixed price or retainer pays for."
    ),
    formula=_("sum of the prices of the charges"),
    missing=_no_rate,
    higher_is_better=True,
)
_declare(
    "work.budgeted",
    lambda: VALUED & Q(project_id__in=Project.objects.filter(budget_amount__isnull=False).order_by().values("id")),
    label=_("Value of work on a budget"),
    definition=_("Value of the work on projects that have a budgeted price."),
    formula=_("sum of the prices of the charges on projects with a budget"),
    missing=_no_rate,
)
_declare(
    "cost.labour",
    lambda: ~Q(status="void") & Q(kind="time"),
    field="cost_amount",
    currency="cost_currency",
    permission_name=VIEW_COST,
    label=_("Cost of time"),
    definition=_("Approved hours at the cost rate of the person on the day, billable or not."),
    formula=_("sum of hours × cost rate"),
    higher_is_better=False,
)
_declare(
    "cost.expenses",
    lambda: ~Q(status="void") & Q(kind="expense"),
    field="cost_amount",
    currency="cost_currency",
    permission_name=VIEW_COST,
    label=_("Cost of expenses"),
    definition=_("Approved expenses without the VAT that comes back."),
    formula=_("sum of the expenses' cost"),
    missing=None,
    higher_is_better=False,
)
difference(
    "cost.total",
    label=_("Cost"),
    definition=_("What the work cost: approved time at cost rates, and expenses."),
    formula=_("cost of time + cost of expenses"),
    permission=VIEW_COST,
    plus=("cost.labour", "cost.expenses"),
    missing=unapproved,
    higher_is_better=False,
)
declare(
    "billing.unbilled",
    label=_("Unbilled"),
    definition=_("Approved work that is on no issued invoice yet, at its price after write-downs."),
    formula=_("sum of the prices of unbilled charges − write-downs on them"),
    unit=Unit.MONEY,
    permission=VIEW_CHARGES,
    takes=TAKES,
    lines=_unbilled_lines(OPEN),
    series=_unbilled,
    missing=_no_rate,
    higher_is_better=False,
)
declare(
    "billing.held",
    label=_("Held back"),
    definition=_("Unbilled work that billing runs leave out until a later day, or that waits for a rate."),
    formula=_("sum of the prices of held charges"),
    unit=Unit.MONEY,
    permission=VIEW_CHARGES,
    takes=TAKES,
    lines=lambda actor, asked: charge_lines(actor, asked, _held(actor), value=net_amount()),
    higher_is_better=False,
)
declare(
    "billing.unbilled_old",
    label=_("Unbilled for over 60 days"),
    definition=_("Unbilled work that was done more than 60 days ago."),
    formula=_("sum of the prices of unbilled charges older than 60 days"),
    unit=Unit.MONEY,
    permission=VIEW_CHARGES,
    takes=TAKES,
    lines=lambda actor, asked: charge_lines(actor, asked, _old(actor), value=net_amount()),
    higher_is_better=False,
)
declare(
    "billing.written_down",
    label=_("Written down"),
    definition=_("What was given up of the price of work before it was billed; write-ups count against it."),
    formula=_("sum of the write-downs"),
    unit=Unit.MONEY,
    permission=VIEW_CHARGES,
    takes=TAKES,
    lines=_written_down,
    higher_is_better=False,
)

ONE = (Parameter.PROJECT,)
alias("project.value", "work.value", needs=ONE)
alias("project.cost", "cost.total", needs=ONE)
alias("project.unbilled", "billing.unbilled", needs=ONE)
alias("project.written_down", "billing.written_down", needs=ONE)
alias("project.held", "billing.held", needs=ONE)
alias("client.unbilled", "billing.unbilled", needs=(Parameter.CLIENT,))
alias("firm.cost", "cost.total")
alias("firm.unbilled", "billing.unbilled")
