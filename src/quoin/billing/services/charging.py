"""Approved time becomes charges, in the transaction that approves it; reopened time takes them back.

Set-based: a batch is read, priced and written with a fixed number of statements, however large it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from quoin.base.actions import running_action_id
from quoin.base.actor import Actor
from quoin.billing.queries.pricing import Desk, Place, desk
from quoin.billing.rules.charges import Unpriced
from quoin.billing.services.posting import Group, GroupKey, group_key, post_groups
from quoin.billing.types import ApprovedEntry, Charge, ChargeKind, ChargeStatus, WorkUnpriced
from quoin.kernel.errors import Conflict, Problem
from quoin.kernel.ids import public_id, uuid7
from quoin.kernel.money import Money, for_minutes
from quoin.ledger.rules.fx import convert
from quoin.ledger.types import Dimensions
from quoin.people.models import Person
from quoin.projects.models import Project
from quoin.sales.types import ContractKind

_READ = (
    "SELECT t.id, t.version, t.person_id, t.project_id, t.work_on, t.minutes, t.is_billable"
    " FROM unnest(%s::uuid[]) AS u (id) JOIN timesheets_timeentry t ON t.tenant_id = %s AND t.id = u.id"
    " WHERE t.status = 'approved' ORDER BY t.work_on, t.id"
)
_WRITE = (
    "INSERT INTO billing_charge (tenant_id, id, kind, source_id, source_version, part, batch_id, entity_id, client_id,"
    " contract_id, project_id, task_id, person_id, work_on, minutes, billable_minutes, rate_id, rate_per_hour,"
    " currency, amount, base_amount, cost_amount, cost_currency, is_stepped, status, held_until, hold_reason, note,"
    " charged_at)"
    " SELECT t.tenant_id, u.id, 'time', t.id, t.version, 1, %s, coalesce(c.entity_id, h.entity_id), p.client_id,"
    " p.contract_id, t.project_id, t.task_id, t.person_id, t.work_on, t.minutes, u.billable_minutes, u.rate_id,"
    " u.rate_per_hour, coalesce(c.currency, p.currency), u.amount, u.base_amount, u.cost_amount, e.currency, false,"
    " u.status, u.held_until, u.hold_reason, t.note, %s"
    " FROM unnest(%s::uuid[], %s::uuid[], %s::int[], %s::uuid[], %s::numeric[], %s::numeric[], %s::numeric[],"
    " %s::numeric[], %s::text[], %s::date[], %s::text[])"
    " AS u (id, entry_id, billable_minutes, rate_id, rate_per_hour, amount, base_amount, cost_amount, status,"
    " held_until, hold_reason)"
    " JOIN timesheets_timeentry t ON t.tenant_id = %s AND t.id = u.entry_id"
    " JOIN projects_project p ON p.tenant_id = t.tenant_id AND p.id = t.project_id"
    " JOIN people_person h ON h.tenant_id = t.tenant_id AND h.id = t.person_id"
    " LEFT JOIN sales_contract c ON c.tenant_id = t.tenant_id AND c.id = p.contract_id"
    " JOIN accounts_legalentity e ON e.tenant_id = t.tenant_id AND e.id = coalesce(c.entity_id, h.entity_id)"
)
_FAR = date(9999, 12, 31)
_LISTED = 20
NO_RATE = "No rate"


class OnUnpriced(StrEnum):
    """What becomes of approved work that has no rate: the approval is refused, or the charge waits for a rate."""

    REFUSE = "refuse"
    HOLD = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """What charging did."""

    charges: int
    unpriced: int
    journal_ids: tuple[UUID, ...]


@dataclass(slots=True)
class _Batch:
    """Columns of the rows to write, the groups to post, and the entries without a rate."""

    ids: list[UUID] = field(default_factory=list)
    entry_ids: list[UUID] = field(default_factory=list)
    minutes: list[int] = field(default_factory=list)
    rate_ids: list[UUID | None] = field(default_factory=list)
    rates: list[Decimal | None] = field(default_factory=list)
    amounts: list[Decimal] = field(default_factory=list)
    bases: list[Decimal] = field(default_factory=list)
    costs: list[Decimal] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    held: list[date | None] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    groups: dict[GroupKey, Group] = field(default_factory=dict)
    keys: dict[tuple[UUID, UUID, date], GroupKey] = field(default_factory=dict)
    unpriced: list[Unpriced] = field(default_factory=list)


def on_time_approved(actor: Actor, payload: Mapping[str, Any]) -> None:
    """Handler of `timesheets.time.approved`: entry_ids, and `unpriced` if work without a rate may wait."""
    charge_time(actor, payload["entry_ids"], unpriced=OnUnpriced(payload.get("unpriced", OnUnpriced.REFUSE)))


def charge_time(actor: Actor, entry_ids: Iterable[UUID], *, unpriced: OnUnpriced = OnUnpriced.REFUSE) -> Charged:
    """Price and post approved entries. An entry that has a live charge already is refused by the database."""
    ids = list(entry_ids)
    with connection.cursor() as cursor:
        cursor.execute(_READ, [ids, actor.tenant_id])
        rows = cursor.fetchall()
    if len(rows) != len(ids):
        raise Conflict(f"{len(ids) - len(rows)} of {len(ids)} entries are not approved; only approved time is charged.")
    if not rows:
        return Charged(charges=0, unpriced=0, journal_ids=())
    prices = desk(
        project_ids={row[3] for row in rows}, person_ids={row[2] for row in rows}, first=rows[0][4], last=rows[-1][4]
    )
    batch = _Batch()
    for row in rows:
        _price(row, prices, batch)
    if batch.unpriced and unpriced is OnUnpriced.REFUSE:
        raise _refusal(batch.unpriced)
    source_id = running_action_id()
    posted = post_groups(
        actor, batch.groups, source_kind="approval", source_id=source_id, text="Time approved", rates=prices.rates
    )
    for index, base in posted.base_amounts.items():
        batch.bases[index] = base
    _write(actor, batch, source_id)
    return Charged(charges=len(rows), unpriced=len(batch.unpriced), journal_ids=posted.journal_ids)


def _price(row: tuple[Any, ...], prices: Desk, batch: _Batch) -> None:
    entry_id, version, person_id, project_id, work_on, minutes, is_billable = row
    place = prices.places[project_id]
    terms = place.terms
    entry = ApprovedEntry(
        id=entry_id,
        version=version,
        charge_id=uuid7(),
        contract_id=terms.contract_id,
        client_id=place.client_id,
        project_id=project_id,
        task_id=None,
        person_id=person_id,
        role_id=prices.role(project_id, person_id),
        work_on=work_on,
        worked_minutes=minutes,
        is_billable=is_billable and not place.is_internal,
        cost_per_hour=prices.costs.at(person_id, work_on),
    )
    found = prices.pricers[terms.currency].charge(entry)
    if isinstance(found, Unpriced):
        batch.unpriced.append(found)
        cost = _cost_of_unpriced(entry, prices, place)
        _add(batch, prices, place, entry, amount=Decimal(0), cost=cost, charge=None)
    else:
        cost = _in_books(found.cost, prices, place, entry)
        _add(batch, prices, place, entry, amount=found.amount.amount, cost=cost, charge=found)


def _add(
    batch: _Batch, prices: Desk, place: Place, entry: ApprovedEntry, *, amount: Decimal, cost: Decimal,
    charge: Charge | None,
) -> None:  # fmt: skip
    batch.ids.append(entry.charge_id)
    batch.entry_ids.append(entry.id)
    batch.minutes.append(charge.billable_minutes if charge else entry.worked_minutes)
    row = charge.rate if charge else None
    batch.rate_ids.append(row.id if row else None)
    batch.rates.append(row.rate_per_hour.amount if row else None)
    batch.amounts.append(amount)
    batch.costs.append(cost)
    batch.statuses.append(_status(place, entry))
    batch.held.append(None if charge else _FAR)
    batch.reasons.append("" if charge else NO_RATE)
    group = _group(batch, prices, place, entry)
    batch.bases.append(amount)
    group.add(len(batch.ids) - 1, amount=amount, cost=cost, on=entry.work_on)


def _group(batch: _Batch, prices: Desk, place: Place, entry: ApprovedEntry) -> Group:
    short = (entry.project_id, entry.person_id, entry.work_on.replace(day=1))
    key = batch.keys.get(short)
    if key is None:
        entity_id = prices.entity(place, entry.person_id)
        dimensions = Dimensions(
            client_id=place.client_id,
            contract_id=place.contract_id,
            project_id=entry.project_id,
            person_id=entry.person_id,
        )
        key = batch.keys[short] = group_key(entity_id, entry.work_on, ChargeKind.TIME, dimensions)
        batch.groups[key] = Group(place.terms.currency, prices.entity_currencies[entity_id])
    return batch.groups[key]


def _status(place: Place, entry: ApprovedEntry) -> str:
    if not entry.is_billable or not place.is_billed:
        return ChargeStatus.NON_BILLABLE
    if place.terms.kind in {ContractKind.FIXED_PRICE, ContractKind.RETAINER}:
        return ChargeStatus.INCLUDED
    return ChargeStatus.UNBILLED


def _in_books(cost: Money | None, prices: Desk, place: Place, entry: ApprovedEntry) -> Decimal:
    """The cost in the currency of the books that take it; nothing where no cost rate is known."""
    if cost is None:
        return Decimal(0)
    base_currency = prices.entity_currencies[prices.entity(place, entry.person_id)]
    if cost.currency == base_currency:
        return cost.amount
    rate = prices.rates.rate(currency=cost.currency, base_currency=base_currency, on=entry.work_on)
    return convert(cost, rate).base.amount


def _cost_of_unpriced(entry: ApprovedEntry, prices: Desk, place: Place) -> Decimal:
    return _in_books(None if entry.cost_per_hour is None else cost_of(entry), prices, place, entry)


def cost_of(entry: ApprovedEntry) -> Money:
    """Cost of an entry in the currency of the person's cost rate."""
    assert entry.cost_per_hour is not None
    return for_minutes(entry.worked_minutes, entry.cost_per_hour.amount, entry.cost_per_hour.currency)


def _write(actor: Actor, batch: _Batch, batch_id: UUID) -> None:
    columns: list[Any] = [
        batch.ids, batch.entry_ids, batch.minutes, batch.rate_ids, batch.rates, batch.amounts, batch.bases,
        batch.costs, batch.statuses, batch.held, batch.reasons,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [batch_id, actor.now, *columns, actor.tenant_id])


def _refusal(unpriced: list[Unpriced]) -> WorkUnpriced:
    listed = unpriced[:_LISTED]
    people = dict(Person.objects.filter(id__in={u.entry.person_id for u in listed}).values_list("id", "name"))
    projects = dict(Project.objects.filter(id__in={u.entry.project_id for u in listed}).values_list("id", "name"))
    problems = tuple(
        Problem(
            pointer=f"/entries/{public_id('tim', u.entry.id)}",
            code="rate_missing",
            detail=f"{people[u.entry.person_id]} on {projects[u.entry.project_id]}, {u.entry.work_on}: {u.words}",
            help="Add a rate that starts on or before that day, or mark the time as not billable.",
        )
        for u in listed
    )
    what = "1 entry has" if len(unpriced) == 1 else f"{len(unpriced)} entries have"
    return WorkUnpriced(f"{what} no rate, so nothing was approved. {problems[0].detail}", problems=problems)
