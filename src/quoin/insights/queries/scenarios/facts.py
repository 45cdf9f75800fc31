"""The live plan as values for scenarios, in a handful of queries; no more than the actor may look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Q

from quoin.accounts.models import Tenant
from quoin.base.actor import Actor
from quoin.billing.queries import receivables
from quoin.catalog.models import Rate, RateCard
from quoin.catalog.queries.books import all_rows
from quoin.insights.queries.scenarios.plans import plans_for
from quoin.insights.rules.scenarios.changes import LOSE, PLAN, SHIFT, Change
from quoin.insights.rules.scenarios.dating import last_day
from quoin.insights.rules.scenarios.facts import (
    BookingFact,
    CardFact,
    DemandFact,
    DueFact,
    Facts,
    OpenFact,
    PersonFact,
    PriceFact,
    ProjectFact,
    span,
)
from quoin.kernel.errors import DomainError
from quoin.kernel.money import Money
from quoin.kernel.period import add_months
from quoin.ledger.queries.rates import rate
from quoin.people.models import CostRate, JobRole
from quoin.people.queries import VIEW_COST
from quoin.people.queries.capacity import usual_calendar, work_times
from quoin.people.queries.within import people_within
from quoin.people.types import FULL_WEEK, CostRow
from quoin.projects.models import ProjectMember
from quoin.projects.queries import visible_projects
from quoin.resourcing.models import Booking, BookingDay
from quoin.resourcing.queries import VIEW as VIEW_BOOKINGS
from quoin.resourcing.queries.demands import visible_demands
from quoin.resourcing.rules.spreading import wanted_minutes
from quoin.sales.models import Contract, Milestone

_HALF_YEAR = 6
_LIVE_DEMAND = ("draft", "open", "proposed", "part")
_LIVE_PROJECT = ("planned", "active", "on_hold")


def usual_span(actor: Actor) -> tuple[date, date]:
    """From today to the end of the sixth month from now."""
    return actor.today, add_months(actor.today.replace(day=1), _HALF_YEAR + 1) - timedelta(days=1)


def live_facts(actor: Actor, *, from_on: date, until_on: date, changes: Iterable[Change] = ()) -> Facts:
    """The plan of record. The plans of projects that the changes move are loaded with it."""
    wanted = list(changes)
    projects = _projects(actor)
    contracts = _contracts(projects)
    people = _people(actor, from_on, until_on)
    bookings = _bookings(actor, people, projects)
    demands = _demands(actor, projects)
    currency = Tenant.objects.values_list("currency", flat=True).get(id=actor.tenant_id)
    facts = Facts(
        today=actor.today, from_on=from_on, until_on=until_on, currency=currency, people=people, projects=projects,
        bookings=bookings, demands=demands, due=_due(contracts, projects, until_on), open=_open(actor),
        prices=_prices(contracts),
        roles=dict(JobRole.objects.values_list("id", "name")), usual=usual_calendar(*_beyond(from_on, until_on)),
        plans=plans_for(
            {UUID(one.data["project_id"]) for one in wanted if one.kind in {PLAN, SHIFT, LOSE}} & set(projects),
            today=actor.today,
        ),
    )  # fmt: skip
    return _priced(facts, wanted)


def _projects(actor: Actor) -> dict[UUID, ProjectFact]:
    rows = list(visible_projects(actor).filter(status__in=_LIVE_PROJECT))
    roles: defaultdict[UUID, dict[UUID, UUID]] = defaultdict(dict)
    for project, person, role in ProjectMember.objects.filter(
        project__in=rows, job_role__isnull=False
    ).values_list("project_id", "person_id", "job_role_id"):  # fmt: skip
        roles[project][person] = role
    return {row.id: _project(row, roles[row.id]) for row in rows}


def _project(row: Any, roles: Mapping[UUID, UUID]) -> ProjectFact:
    contract = row.contract
    days = row.client.payment_days if contract is None or contract.payment_days is None else contract.payment_days
    is_dated = row.schedule != "by_hand" and row.finish_at is not None
    return ProjectFact(
        id=row.id, number=row.number, name=row.name, client_id=row.client_id, client=row.client.name,
        status=row.status, kind="" if contract is None or row.client.is_internal else contract.kind,
        contract_id=row.contract_id, card_id=contract.rate_card_id if contract else None,
        currency=contract.currency if contract else row.currency, payment_days=days, starts_on=row.starts_on,
        ends_on=row.ends_on, finish_on=last_day(row.finish_at) if is_dated else None, roles=roles,
    )  # fmt: skip


def _people(actor: Actor, from_on: date, until_on: date) -> dict[UUID, PersonFact]:
    rows = list(
        people_within(actor, VIEW_BOOKINGS)
        .exclude(kind="placeholder")
        .filter(Q(left_on=None) | Q(left_on__gt=from_on))
        .select_related("job_role")
    )
    times = work_times([row.id for row in rows], *_beyond(from_on, until_on))
    costs: defaultdict[UUID, list[CostRow]] = defaultdict(list)
    if actor.may(VIEW_COST):
        for one in CostRate.objects.filter(person__in=rows).order_by("valid_from"):
            costs[one.person_id].append(
                CostRow(one.person_id, one.valid_from, Money(one.amount_per_hour, one.currency))
            )
    return {
        row.id: PersonFact(
            id=row.id, name=row.name, role_id=row.job_role_id, role=row.job_role.name if row.job_role else "",
            entity_id=row.entity_id, time=times[row.id], costs=tuple(costs[row.id]),
        )
        for row in rows
    }  # fmt: skip


def _beyond(from_on: date, until_on: date) -> tuple[date, date]:
    """Bookings reach beyond the horizon: what people work is asked for a while longer."""
    return from_on - timedelta(days=400), until_on + timedelta(days=800)


def _bookings(
    actor: Actor, people: Mapping[UUID, PersonFact], projects: Mapping[UUID, ProjectFact]
) -> dict[UUID, BookingFact]:
    """All that is not over: a scenario moves whole bookings."""
    rows = list(
        Booking.objects.filter(person_id__in=list(people), project_id__in=list(projects), ends_on__gte=actor.today)
    )
    days: defaultdict[UUID, dict[date, int]] = defaultdict(dict)
    for booking, day, minutes in BookingDay.objects.filter(
        tenant_id=actor.tenant_id, booking_id__in=[row.id for row in rows]
    ).values_list("booking_id", "day_on", "minutes"):
        days[booking][day] = minutes
    return {
        row.id: BookingFact(
            id=row.id, person_id=row.person_id, project_id=row.project_id, starts_on=row.starts_on,
            ends_on=row.ends_on, effort=row.effort, amount=row.amount, is_firm=row.is_firm, days=days[row.id],
            demand_id=row.demand_id, job_role_id=row.job_role_id,
        )
        for row in rows
    }  # fmt: skip


def _demands(actor: Actor, projects: Mapping[UUID, ProjectFact]) -> dict[UUID, DemandFact]:
    found = {}
    for row in visible_demands(actor).filter(status__in=_LIVE_DEMAND, project_id__in=list(projects)):
        days = span(row.starts_on, row.ends_on)
        wanted = wanted_minutes(
            days, {day: FULL_WEEK[day.weekday()] for day in days}, minutes_per_week=row.minutes_per_week,
            percent=row.percent, curve=row.curve,
        )  # fmt: skip
        found[row.id] = DemandFact(
            id=row.id, number=row.number, title=row.title, project_id=row.project_id, role_id=row.job_role_id,
            role=row.job_role.name if row.job_role else "", wanted=wanted,
        )  # fmt: skip
    return found


def _contracts(projects: Mapping[UUID, ProjectFact]) -> dict[UUID, Contract]:
    ids = {one.contract_id for one in projects.values() if one.contract_id}
    return {row.id: row for row in Contract.objects.filter(id__in=ids, status="active").select_related("client")}


def _due(
    contracts: Mapping[UUID, Contract], projects: Mapping[UUID, ProjectFact], until_on: date
) -> dict[UUID, DueFact]:
    """Milestones that are not reached, and the fees of the months to come."""
    project_of = {one.contract_id: one.id for one in projects.values()}
    found = [
        DueFact(
            id=row.id, kind="milestone", label=f"{contracts[row.contract_id].name}: {row.name}",
            contract_id=row.contract_id, project_id=project_of.get(row.contract_id),
            price=Money(row.amount, contracts[row.contract_id].currency), due_on=row.due_on,
            payment_days=_payment_days(contracts[row.contract_id]),
        )
        for row in Milestone.objects.filter(contract__in=list(contracts), reached_on=None)
        if row.due_on is not None
    ]  # fmt: skip
    found += [fee for row in contracts.values() for fee in _fees(row, project_of.get(row.id), until_on)]
    return {one.id: one for one in found}


def _prices(contracts: Mapping[UUID, Contract]) -> dict[UUID, PriceFact]:
    """Fixed prices with their open parts, in their order."""
    parts: defaultdict[UUID, dict[UUID, Money]] = defaultdict(dict)
    rows = Milestone.objects.filter(contract__in=list(contracts), reached_on=None).order_by("position", "id")
    for row in rows:
        parts[row.contract_id][row.id] = Money(row.amount, contracts[row.contract_id].currency)
    return {
        key: PriceFact(
            contract_id=key, name=row.name, price=Money(row.fixed_amount, row.currency), parts=parts[key]
        )
        for key, row in contracts.items()
        if row.fixed_amount is not None
    }  # fmt: skip


def _fees(row: Contract, project_id: UUID | None, until_on: date) -> list[DueFact]:
    if row.kind != "retainer" or not row.retainer_fee:
        return []
    last = min(until_on, row.ends_on or until_on)
    month, found = row.starts_on.replace(day=1), []
    while month <= last:
        found.append(
            DueFact(
                id=uuid5(row.id, month.isoformat()), kind="fee", label=row.name, contract_id=row.id,
                project_id=project_id, price=Money(row.retainer_fee, row.currency), due_on=month,
                payment_days=_payment_days(row),
            )
        )  # fmt: skip
        month = add_months(month, 1)
    return found


def _payment_days(row: Contract) -> int:
    return row.client.payment_days if row.payment_days is None else row.payment_days


def _open(actor: Actor) -> tuple[OpenFact, ...]:
    if not actor.may(receivables.VIEW):
        return ()
    return tuple(
        OpenFact(
            id=row.id, number=row.number or "", client=row.client.name,
            open=Money(row.open_amount, row.currency).round(), due_on=row.due_on,
        )
        for row in receivables.open_invoices(actor)
        if row.due_on is not None
    )  # fmt: skip


def _priced(facts: Facts, changes: Iterable[Change]) -> Facts:
    """With rates, cards and what currencies are worth today."""
    given = {str(one.data[name]) for one in changes for name in ("currency",) if one.data.get(name)}
    cards = {row.id: row for row in RateCard.objects.all()}
    used = {one.currency for one in facts.projects.values()} | {row.currency for row in cards.values()}
    held: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for row_id, card_id in Rate.objects.values_list("id", "card_id"):
        held[card_id].add(row_id)
    costs = {row.per_hour.currency for one in facts.people.values() for row in one.costs}
    others = {one.price.currency for one in facts.due.values()} | {one.open.currency for one in facts.open}
    return replace(
        facts,
        rates={currency: all_rows(currency) for currency in sorted(used)},
        cards={
            key: CardFact(id=key, name=row.name, currency=row.currency, row_ids=frozenset(held[key]))
            for key, row in cards.items()
        },
        exchange=_exchange(used | costs | others | given, facts),
    )


def _exchange(currencies: Iterable[str], facts: Facts) -> dict[str, Fraction]:
    found = {}
    for currency in sorted(currencies):
        try:
            found[currency] = rate(currency=currency, base_currency=facts.currency, on=facts.today).rate
        except DomainError:
            # Said beside the figures: work in that currency is left out of them.
            continue
    return found
