"""Reports from the monthly rollups: rows of plain tuples, so that a million entries cost what a few thousand rows cost.

Each number is the value of a figure for the same project or person and month; tests hold them against each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection

from quoin.base.actor import Actor, Scope
from quoin.base.figures import Parameters
from quoin.insights.queries.figures import VIEW_REVENUE, capacity_of
from quoin.kernel.errors import invalid
from quoin.kernel.period import add_months
from quoin.projects.models import Project
from quoin.projects.queries import VIEW as VIEW_PROJECTS
from quoin.projects.queries.figures import visible_ids
from quoin.timesheets.models import TimeMonth
from quoin.timesheets.queries.access import VIEW_TIME, reachable_people
from quoin.timesheets.queries.figures import billed_projects

T = TypeVar("T")
_MOST_MONTHS = 120
# Each row carries all its months as two lists: a report of two years is a few hundred rows to read, not thousands.
_HOURS = (
    "SELECT project_id, array_agg(month_on), array_agg(minutes) FROM ("
    "SELECT project_id, month_on, sum(minutes)::bigint AS minutes FROM timesheets_timemonth"
    " WHERE tenant_id = %s AND month_on >= %s AND month_on <= %s AND minutes <> 0{limit} GROUP BY 1, 2"
    ") AS by_month GROUP BY 1"
)
_EARNED = (
    "SELECT project_id, currency, array_agg(month_on), array_agg(amount) FROM ("
    "SELECT project_id, currency, month_on, sum(amount) AS amount FROM insights_earnedmonth"
    " WHERE tenant_id = %s AND month_on >= %s AND month_on <= %s{limit} GROUP BY 1, 2, 3"
    ") AS by_month GROUP BY 1, 2"
)
_PEOPLE = (
    "SELECT person_id, array_agg(month_on), array_agg(minutes), array_agg(billable) FROM ("
    "SELECT person_id, month_on, sum(minutes)::bigint AS minutes,"
    " coalesce(sum(minutes) FILTER (WHERE is_billable AND project_id = ANY(%s)), 0)::bigint AS billable"
    " FROM timesheets_timemonth"
    " WHERE tenant_id = %s AND month_on >= %s AND month_on <= %s AND minutes <> 0{limit} GROUP BY 1, 2"
    ") AS by_month GROUP BY 1"
)


@dataclass(frozen=True, slots=True)
class Months:
    """The months of a report, first to last; each named by its first day."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise invalid("/until", "The report ends before it begins.")
        if len(self.all) > _MOST_MONTHS:
            raise invalid("/from", "A report covers ten years at most.")

    @property
    def all(self) -> tuple[date, ...]:
        length = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        return tuple(add_months(self.first, step) for step in range(length))

    @property
    def until_on(self) -> date:
        """The last day of the last month."""
        return add_months(self.last, 1) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project's months; `amounts` are in one currency, zero where nothing was earned."""

    id: UUID
    number: str
    name: str
    client: str
    currency: str
    minutes: tuple[int, ...]
    amounts: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person's months, in minutes."""

    id: UUID
    name: str
    team: str
    worked: tuple[int, ...]
    billable: tuple[int, ...]
    capacity: tuple[int, ...]


def known_months(actor: Actor, *, most: int = 12) -> Months:
    """The last months with time, up to the actor's own; at most so many."""
    rows = TimeMonth.objects.filter(tenant_id=actor.tenant_id, entries__gt=0).values_list("month_on", flat=True)
    # The key begins with tenant and month, so either end is one step in the index.
    first, last = rows.order_by("month_on").first(), rows.order_by("-month_on").first()
    this = actor.today.replace(day=1)
    if first is None or last is None or first > this:
        return Months(this, this)
    end = min(last, this)
    return Months(max(first, add_months(end, 1 - most)), end)


def hours_and_revenue(actor: Actor, months: Months) -> list[ProjectRow]:
    """Worked hours and revenue by project and month, of the projects that the actor may see."""
    actor.require(VIEW_TIME)
    limit, more = _limit(actor)
    span = [actor.tenant_id, months.first, months.last, *more]
    position = {month: index for index, month in enumerate(months.all)}
    width = len(position)
    minutes: defaultdict[UUID, list[int]] = defaultdict(lambda: [0] * width)
    amounts: defaultdict[tuple[UUID, str], list[Decimal]] = defaultdict(lambda: [_NOTHING] * width)
    with connection.cursor() as cursor:
        cursor.execute(_HOURS.format(limit=limit), span)
        for project_id, found_months, totals_found in cursor.fetchall():
            _put(minutes[project_id], position, found_months, totals_found)
        if actor.may(VIEW_REVENUE):
            cursor.execute(_EARNED.format(limit=limit), span)
            for project_id, currency, found_months, amounts_found in cursor.fetchall():
                _put(amounts[project_id, currency], position, found_months, amounts_found)
    return _project_rows(minutes, amounts, width)


_NOTHING = Decimal(0)


def _put(row: list[T], position: Mapping[date, int], months: Sequence[date], values: Sequence[T]) -> None:
    for month, value in zip(months, values, strict=True):
        row[position[month]] = value


def _project_rows(
    minutes: dict[UUID, list[int]], amounts: dict[tuple[UUID, str], list[Decimal]], width: int
) -> list[ProjectRow]:
    names = _names({*minutes, *(project_id for project_id, _ in amounts)})
    rows = []
    earned = set()
    for (project_id, currency), found in amounts.items():
        # Hours stand in the project's first row only, so that they add up.
        own = minutes.get(project_id) if project_id not in earned else None
        earned.add(project_id)
        rows.append(ProjectRow(project_id, *names[project_id][:3], currency, tuple(own or [0] * width), tuple(found)))
    for project_id in minutes.keys() - earned:
        number, name, client, currency = names[project_id]
        rows.append(
            ProjectRow(project_id, number, name, client, currency, tuple(minutes[project_id]), (_NOTHING,) * width)
        )
    rows.sort(key=lambda row: (-sum(row.amounts), -sum(row.minutes), row.number))
    return rows


def _names(ids: Iterable[UUID]) -> dict[UUID, tuple[str, str, str, str]]:
    found = {
        row[0]: row[1:]
        for row in Project.objects.filter(id__in=ids)
        .order_by()
        .values_list("id", "number", "name", "client__name", "currency")
    }
    return defaultdict(lambda: ("", "–", "", ""), found)


def utilisation(actor: Actor, months: Months) -> list[PersonRow]:
    """Billable and all worked minutes against capacity by person and month."""
    actor.require(VIEW_TIME)
    asked = Parameters(from_on=months.first, until_on=months.until_on)
    position = {month: index for index, month in enumerate(months.all)}
    width = len(position)
    worked: defaultdict[UUID, list[int]] = defaultdict(lambda: [0] * width)
    billable: defaultdict[UUID, list[int]] = defaultdict(lambda: [0] * width)
    limit, more = "", []
    if actor.scope(VIEW_TIME) is not Scope.ALL:
        limit, more = (
            " AND person_id = ANY(%s)",
            [list(reachable_people(actor, VIEW_TIME).values_list("id", flat=True))],
        )
    with connection.cursor() as cursor:
        billed = list(billed_projects())
        cursor.execute(_PEOPLE.format(limit=limit), [billed, actor.tenant_id, months.first, months.last, *more])
        for person_id, found_months, totals_found, chargeable in cursor.fetchall():
            _put(worked[person_id], position, found_months, totals_found)
            _put(billable[person_id], position, found_months, chargeable)
    rows = []
    for person, stretches in capacity_of(actor, asked):
        capacity = [0] * width
        for stretch in stretches:
            capacity[position[stretch.from_on.replace(day=1)]] += stretch.minutes
        if any(capacity) or person.id in worked:
            rows.append(
                PersonRow(
                    person.id, person.name, "", tuple(worked[person.id]), tuple(billable[person.id]), tuple(capacity)
                )
            )
    return rows


def _limit(actor: Actor) -> tuple[str, list[Any]]:
    if actor.scope(VIEW_PROJECTS) is Scope.ALL:
        return "", []
    return " AND project_id = ANY(%s)", [list(visible_ids(actor))]


def totals(rows: Sequence[Sequence[int]] | Sequence[Sequence[Decimal]], width: int) -> list[Any]:
    """Column sums."""
    return [sum(column) for column in zip(*rows, strict=True)] if rows else [0] * width
