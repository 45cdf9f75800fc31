"""What a change of the plan costs and earns: planned work at the rates of its days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from quoin.base.actor import Actor
from quoin.catalog.queries.books import rate_book
from quoin.catalog.types import RateSubject
from quoin.kernel.money import Money, for_minutes
from quoin.kernel.quantity import MINUTES_PER_DAY
from quoin.people.models import Person
from quoin.people.queries import VIEW_COST, cost_book
from quoin.projects.models import Project, ProjectMember
from quoin.projects.rules.effect import Effect
from quoin.projects.rules.plan import Plan, duration_of
from quoin.projects.rules.schedule import Schedule

Calculated = tuple[Plan, Schedule]


class Work(NamedTuple):
    """Planned work of somebody, priced as of the day it begins. A tuple, because plans hold thousands."""

    person_id: UUID
    project_id: UUID
    minutes: int
    on: date


Rate = Callable[[Work], "tuple[Decimal, str] | None"]


def with_money(
    actor: Actor, effect: Effect, before: Calculated, after: Calculated, *, seen: Collection[UUID]
) -> Effect:
    """The effect with the change of revenue, and of cost for those who may see costs, of the projects seen."""
    was, becomes = _differing(planned_work(*before, seen=seen), planned_work(*after, seen=seen))
    if not was and not becomes:
        return effect
    revenue = _difference(was, becomes, _revenue_rate([*was, *becomes]))
    if not actor.may(VIEW_COST):
        return replace(effect, revenue=revenue)
    return replace(effect, revenue=revenue, cost=_difference(was, becomes, _cost_rate([*was, *becomes])))


def planned_work(plan: Plan, dates: Schedule, *, seen: Collection[UUID]) -> Iterable[Work]:
    """Who works how long, from when: by assignment, or the estimate by the one whom the task is given to."""
    given = [task for task in plan.tasks.values() if task.assignee_id]
    if not given and not plan.assignments:
        return
    parents = {task.parent_id for task in plan.tasks.values()}
    assigned: set[UUID] = set()
    for held in plan.assignments.values():
        assigned.add(held.task_id)
        task = plan.tasks[held.task_id]
        if task.id in parents or task.project_id not in seen:
            continue
        whole = duration_of(task) * held.units_percent // 100
        minutes = whole if held.effort_minutes is None else held.effort_minutes
        yield Work(held.person_id, task.project_id, minutes, day_of(dates[task.id].start))
    for task in given:
        if task.assignee_id and task.id not in assigned and task.id not in parents and task.project_id in seen:
            yield Work(task.assignee_id, task.project_id, task.estimate_minutes, day_of(dates[task.id].start))


def day_of(minute: int) -> date:
    """The day of an instant."""
    return date.fromordinal(minute // MINUTES_PER_DAY)


def _differing(was: Iterable[Work], becomes: Iterable[Work]) -> tuple[list[Work], list[Work]]:
    """Work that is only in the one, and only in the other: what is the same on both sides costs the same."""
    first, second = Counter(was), Counter(becomes)
    return list((first - second).elements()), list((second - first).elements())


def _cost_rate(work: Iterable[Work]) -> Rate:
    book = cost_book({one.person_id for one in work})

    def rate(one: Work) -> tuple[Decimal, str] | None:
        row = book.on(one.person_id, one.on)
        return (row.per_hour.amount, row.per_hour.currency) if row else None

    return rate


def _revenue_rate(work: Iterable[Work]) -> Rate:
    wanted = list(work)
    projects = {
        row.id: row
        for row in Project.objects.select_related("contract").filter(
            id__in={one.project_id for one in wanted}, contract__isnull=False
        )
    }
    roles = dict(Person.objects.filter(id__in={one.person_id for one in wanted}).values_list("id", "job_role_id"))
    sold = {
        (row.project_id, row.person_id): row.job_role_id
        for row in ProjectMember.objects.filter(project_id__in=list(projects), job_role__isnull=False)
    }
    cards = [row.contract.rate_card_id for row in projects.values() if row.contract.rate_card_id]
    books = {
        currency: rate_book(
            currency=currency, project_ids=list(projects), card_ids=cards,
            contract_ids=[row.contract_id for row in projects.values() if row.contract_id],
            client_ids=[row.client_id for row in projects.values()],
        )
        for currency in {row.contract.currency for row in projects.values()}
    }  # fmt: skip

    def rate(one: Work) -> tuple[Decimal, str] | None:
        row = projects.get(one.project_id)
        if row is None:
            return None
        subject = RateSubject(
            project_id=row.id, contract_id=row.contract_id, client_id=row.client_id,
            card_id=row.contract.rate_card_id, person_id=one.person_id,
            role_id=sold.get((row.id, one.person_id)) or roles.get(one.person_id),
        )  # fmt: skip
        found = books[row.contract.currency].price(subject=subject, on=one.on)
        return (found.rate_per_hour.amount, found.rate_per_hour.currency) if found else None

    return rate


def _difference(was: Iterable[Work], becomes: Iterable[Work], rate: Rate) -> tuple[Money, ...]:
    sums: dict[str, Money] = {}
    for sign, work in ((-1, was), (1, becomes)):
        for one in work:
            found = rate(one)
            if found is None:
                continue
            worth = for_minutes(one.minutes, found[0], found[1]) * sign
            sums[found[1]] = sums[found[1]] + worth if found[1] in sums else worth
    return tuple(sums[currency] for currency in sorted(sums) if sums[currency])
