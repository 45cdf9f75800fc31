"""Where the cells of a budget come from: lines of its versions, entries and charges, bookings ahead, tasks left.

`summed` adds up by task, role and month for the table; `lines` are the same rows one by one for who opens a cell.
Rows that the reader may not see one by one are added up into one line per place, so that the sum still holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actor import Actor, Scope
from quoin.billing.models import Charge
from quoin.billing.queries.figures import VIEW_CHARGES
from quoin.kernel.money import for_minutes
from quoin.people.models import Person
from quoin.people.queries import VIEW_COST
from quoin.projects.models import BudgetVersion, Project, ProjectMember
from quoin.projects.queries import tasks_of
from quoin.projects.queries.budget_rates import Pricing
from quoin.projects.queries.budgets import baseline_of, cost_currency, current_of, line_name, lines_of
from quoin.projects.types import BudgetKind, TaskStatus
from quoin.resourcing.models import Booking, BookingDay
from quoin.resourcing.queries import visible_bookings
from quoin.timesheets.models import TimeEntry
from quoin.timesheets.queries.access import VIEW_TIME, reach

_VALUED = Q(status__in=("unbilled", "drafted", "billed", "written_off", "included"))
_WORK = Q(kind__in=("time", "expense"))
_DONE = {TaskStatus.DONE, TaskStatus.CLOSED}
_SPENT = {BudgetKind.EXPENSE, BudgetKind.PURCHASE, BudgetKind.DELIVERY}
_KINDS = {"time": BudgetKind.WORK, "expense": BudgetKind.EXPENSE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A line of a cell, or a sum of such lines of one task, role, month and kind."""

    value: Decimal
    currency: str = ""
    kind: str = BudgetKind.WORK
    task_id: UUID | None = None
    role_id: UUID | None = None
    month_on: date | None = None
    label: str = ""
    on: date | None = None
    who: str = ""
    url: str = ""
    line_key: UUID | None = None
    """Of a line of a budget: the same in every version."""
    is_restricted: bool = False


class Reader:
    """The facts of one project in one measure."""

    def __init__(self, actor: Actor, project: Project, measure: str) -> None:
        self._actor, self._project, self._measure = actor, project, measure
        self.currency = {"minutes": "", "amount": project.currency, "cost": cost_currency(project)}[measure]

    def summed(self, column: str) -> Iterable[Fact]:
        """The column's facts, as few as its places need."""
        return self._actual_sums() if column == "actual" else self._read(column)

    def lines(self, column: str) -> Iterable[Fact]:
        """The column's facts one by one."""
        return self._actual_lines() if column == "actual" else self._read(column)

    def _read(self, column: str) -> list[Fact]:
        if column == "baseline":
            return self._budget(baseline_of(self._project.id))
        if column == "budget":
            return self._budget(current_of(self._project.id))
        return self._committed() if column == "committed" else self._left()

    def _budget(self, version: BudgetVersion | None) -> list[Fact]:
        if version is None:
            return self._typed()
        return [
            Fact(
                value=Decimal(getattr(line, self._measure)), currency=self.currency, kind=line.kind,
                task_id=line.task_id, role_id=line.job_role_id, month_on=line.month_on,
                label=line_name(line),
                on=version.valid_on, line_key=line.key,
                url=f"{reverse('projects:budget', args=[version.public_id])}#{line.public_id}",
            )
            for line in lines_of(version)
        ]  # fmt: skip

    def _typed(self) -> list[Fact]:
        """Totals on the project, where no version was kept."""
        project = self._project
        value = {"minutes": Decimal(project.budget_minutes), "amount": project.budget_amount}.get(self._measure)
        if not value:
            return []
        return [
            Fact(
                value=value, currency=self.currency, kind=BudgetKind.ADJUSTMENT, label=_("Typed on the project"),
                line_key=project.id, url=reverse("projects:project", args=[project.number]),
            )
        ]  # fmt: skip

    @cached_property
    def _roles(self) -> dict[UUID, UUID | None]:
        """As what people are sold on the project."""
        roles: dict[UUID, UUID | None] = dict(Person.objects.values_list("id", "job_role_id"))
        sold = ProjectMember.objects.filter(project=self._project, job_role__isnull=False)
        return roles | dict(sold.values_list("person_id", "job_role_id"))

    def _rows(self) -> tuple[QuerySet[Any], str, str, str]:
        """The rows of what was done, their value, their currency, and the right that shows them one by one."""
        if self._measure == "minutes":
            return TimeEntry.objects.filter(project=self._project), "minutes", "", VIEW_TIME
        charges = Charge.objects.filter(_WORK, project=self._project)
        if self._measure == "amount":
            return charges.filter(_VALUED), "amount", "currency", VIEW_CHARGES
        return charges.exclude(status="void"), "cost_amount", "cost_currency", VIEW_COST

    def _actual_sums(self) -> list[Fact]:
        rows, value, currency, _right = self._rows()
        names = ["task_id", "person_id", *([currency, "kind"] if currency else [])]
        found = rows.order_by().annotate(month=TruncMonth("work_on")).values("month", *names)
        return [
            Fact(
                value=Decimal(row["total"]), currency=row[currency] if currency else "",
                kind=_KINDS[row["kind"]] if currency else BudgetKind.WORK, task_id=row["task_id"],
                role_id=self._roles.get(row["person_id"]), month_on=row["month"],
            )
            for row in found.annotate(total=Sum(value))
        ]  # fmt: skip

    def _actual_lines(self) -> list[Fact]:
        rows, value, currency, right = self._rows()
        names = ["id", "task_id", "task__name", "person_id", "person__name", "work_on", "note", value]
        if currency:
            names += [currency, "kind", "source_id"]
        seen = None
        if self._actor.scope(right) is not Scope.ALL:
            seen = set(rows.filter(reach(self._actor, right)).values_list("id", flat=True))
        found: list[Fact] = []
        hidden: list[Fact] = []
        for row in rows.order_by("-work_on", "-id").values(*names):
            is_seen = seen is None or row["id"] in seen
            (found if is_seen else hidden).append(self._actual_line(row, value, currency))
        return [*found, *_restricted(hidden)]

    def _actual_line(self, row: Any, value: str, currency: str) -> Fact:
        is_time = not currency or row["kind"] == "time"
        entry = row["source_id"] if currency else row["id"]
        return Fact(
            value=Decimal(row[value]), currency=row[currency] if currency else "",
            kind=_KINDS[row["kind"]] if currency else BudgetKind.WORK, task_id=row["task_id"],
            role_id=self._roles.get(row["person_id"]), month_on=row["work_on"].replace(day=1),
            label=" · ".join(filter(None, (row["task__name"], row["note"]))) or _("no note"), on=row["work_on"],
            who=row["person__name"] or "", url=reverse("timesheets:entry", args=[entry]) if is_time else "",
        )  # fmt: skip

    def _committed(self) -> list[Fact]:
        """Firm bookings after today, month by month, at the rates of the month's first booked day."""
        bookings = {
            row.id: row
            for row in Booking.objects.select_related("person", "task").filter(
                project=self._project, is_firm=True, ends_on__gt=self._actor.today
            )
        }
        days = BookingDay.objects.filter(
            tenant_id=self._actor.tenant_id, booking_id__in=list(bookings), day_on__gt=self._actor.today
        )
        minutes: defaultdict[tuple[UUID, date], list[Any]] = defaultdict(lambda: [0, None])
        for booking_id, day, one in days.order_by("day_on").values_list("booking_id", "day_on", "minutes"):
            place = minutes[booking_id, day.replace(day=1)]
            place[0] += one
            place[1] = place[1] or day
        seen = set(visible_bookings(self._actor).filter(id__in=list(bookings)).values_list("id", flat=True))
        pricing = Pricing(self._project, {row.person_id for row in bookings.values()}, cost_currency(self._project))
        found: list[Fact] = []
        hidden: list[Fact] = []
        for (booking_id, _month), (total, first) in minutes.items():
            fact = self._booking(bookings[booking_id], total, first, pricing)
            (found if booking_id in seen else hidden).append(fact)
        return [*found, *_restricted(hidden)]

    def _booking(self, row: Booking, minutes: int, first: date, pricing: Pricing) -> Fact:
        role = row.job_role_id or self._roles.get(row.person_id)
        return Fact(
            value=self._worth(pricing, minutes, person_id=row.person_id, role_id=role, on=first),
            currency=self.currency, task_id=row.task_id, role_id=role, month_on=first.replace(day=1),
            label=row.task.name if row.task else _("Booking"), on=first, who=row.person.name,
            url=reverse("resourcing:booking", args=[row.public_id]),
        )  # fmt: skip

    def _left(self) -> list[Fact]:
        """What is to come: work left of tasks, and for price and cost what is still to be spent."""
        if self._measure == "minutes":
            return self._left_work()
        return [*self._left_work(), *self._left_spending()]

    def _left_work(self) -> list[Fact]:
        """What somebody said is left, or what the estimate leaves; nothing once a task is done.

        Price and cost are those of who is on the task, on its last day or today if that is past.
        """
        entries = TimeEntry.objects.filter(project=self._project).order_by()
        logged: dict[Any, int] = dict(entries.values_list("task_id").annotate(total=Sum("minutes")))
        found = []
        tasks = [one for one in tasks_of(self._project) if not one.is_milestone and one.status not in _DONE]
        pricing = Pricing(
            self._project, {one.assignee_id for one in tasks if one.assignee_id}, cost_currency(self._project)
        )
        for task in tasks:
            left = task.left_minutes
            if left is None:
                left = max(task.estimate_minutes - logged.get(task.id, 0), 0)
            if not left:
                continue
            day = task.due_on or task.starts_on
            role = self._roles.get(task.assignee_id) if task.assignee_id else None
            on = max(day or self._actor.today, self._actor.today)
            value = self._worth(pricing, left, person_id=task.assignee_id, role_id=role, on=on)
            # Work without a rate is told as such: the sum is less than what is to come.
            label = task.name if value else _("%(task)s: no rate is known") % {"task": task.name}
            found.append(
                Fact(
                    value=value, currency=self.currency, task_id=task.id,
                    month_on=day.replace(day=1) if day else None, role_id=role, label=label, on=day,
                    who=task.assignee.name if task.assignee else "",
                    url=reverse("projects:tasks", args=[self._project.number]),
                )
            )  # fmt: skip
        return found

    def _left_spending(self) -> list[Fact]:
        """What budgeted expenses, purchases and deliveries leave after what was spent on the same task."""
        spent: defaultdict[Any, Decimal] = defaultdict(Decimal)
        for fact in self._actual_sums():
            if fact.currency == self.currency:
                spent[fact.kind, fact.task_id] += fact.value
        found = []
        for fact in self._read("budget"):
            if fact.kind not in _SPENT:
                continue
            place = fact.kind, fact.task_id
            used = max(min(spent[place], fact.value), Decimal(0))
            spent[place] -= used
            found.append(replace(fact, value=fact.value - used, line_key=None))
        return [fact for fact in found if fact.value]

    def _worth(
        self, pricing: Pricing, minutes: int, *, person_id: UUID | None, role_id: UUID | None, on: date
    ) -> Decimal:
        """Minutes in the measure that is asked for; nothing where no rate is known."""
        if self._measure == "minutes":
            return Decimal(minutes)
        is_price = self._measure == "amount"
        rate = pricing.price(person_id, role_id, on) if is_price else pricing.cost(person_id, on)
        return for_minutes(minutes, rate, self.currency).amount if rate is not None else Decimal(0)


def _restricted(hidden: Iterable[Fact]) -> list[Fact]:
    """One line for each place, of what may not be read line by line."""
    sums: defaultdict[Any, Decimal] = defaultdict(Decimal)
    for fact in hidden:
        place = replace(
            fact, value=Decimal(0), label=_("not shown one by one"), on=None, who="", url="", is_restricted=True
        )
        sums[place] += fact.value
    return [replace(place, value=value) for place, value in sums.items()]
