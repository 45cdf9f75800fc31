"""Approved time becomes charges, in the transaction that approves it; reopened time takes them back.

Set-based: a batch is read, priced and written with a fixed number of statements, however large it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from quoin.base.actions import running_action_id
from quoin.base.actor import Actor
from quoin.base.db.bulk import execute_arrays, fetch_arrays
from quoin.base.db.statistics import MANY, refresh_statistics
from quoin.billing.queries.pricing import Desk, Place, desk
from quoin.billing.rules.charges import Unpriced
from quoin.billing.services.posting import Group, GroupKey, post_groups
from quoin.billing.types import ApprovedEntry, Charge, ChargeKind, ChargeStatus, WorkUnpriced
from quoin.kernel.errors import Conflict, Problem
from quoin.kernel.ids import public_id, uuid7
from quoin.kernel.money import Money, for_minutes
from quoin.ledger.rules.fx import convert
from quoin.ledger.types import Dimensions
from quoin.people.models import Person
from quoin.projects.models import Project
from quoin.sales.types import ContractKind

# By project and person, so that what is the same for all their entries is looked up once.
_READ = (
    "SELECT t.id, t.version, t.person_id, t.project_id, t.work_on, t.minutes, t.is_billable"
    # OFFSET 0 keeps the look-up by key: statistics of the moment say that next to nothing is approved.
    " FROM unnest(%b::uuid[]) AS u (id) CROSS JOIN LATERAL"
    " (SELECT * FROM timesheets_timeentry e WHERE e.tenant_id = %b AND e.id = u.id OFFSET 0) t"
    " WHERE t.status = 'approved' ORDER BY t.project_id, t.person_id, t.work_on, t.id"
)
# What groups share comes as short arrays that are read by position: joins would depend on statistics that a table
# does not have right after an import.
_WRITE = (
    "INSERT INTO billing_charge (tenant_id, id, kind, source_id, source_version, part, batch_id, entity_id, client_id,"
    " contract_id, project_id, task_id, person_id, work_on, minutes, billable_minutes, rate_id, rate_per_hour,"
    " currency, amount, base_amount, cost_amount, cost_currency, is_stepped, status, held_until, hold_reason, note,"
    " charged_at)"
    " SELECT t.tenant_id, u.id, 'time', t.id, t.version, 1, %b, (%b::uuid[])[u.place], (%b::uuid[])[u.place],"
    " (%b::uuid[])[u.place], t.project_id, t.task_id, t.person_id, t.work_on, t.minutes, u.billable_minutes, u.rate_id,"
    " u.rate_per_hour, (%b::text[])[(%b::int[])[u.place]], u.amount, u.base_amount, u.cost_amount,"
    " (%b::text[])[(%b::int[])[u.place]], false, u.status, u.held_until, u.hold_reason, t.note, %b"
    " FROM unnest(%b::uuid[], %b::uuid[], %b::int[], %b::int[], %b::uuid[], %b::numeric[], %b::numeric[],"
    " %b::numeric[], %b::numeric[], %b::text[], %b::date[], %b::text[])"
    " AS u (id, entry_id, place, billable_minutes, rate_id, rate_per_hour, amount, base_amount, cost_amount, status,"
    " held_until, hold_reason)"
    " CROSS JOIN LATERAL (SELECT * FROM timesheets_timeentry e WHERE e.tenant_id = %b AND e.id = u.entry_id OFFSET 0) t"
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
    places: list[int] = field(default_factory=list)
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
    desks: list[_Pair] = field(default_factory=list)
    unpriced: list[Unpriced] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A person on a project: what is the same for all their entries."""

    place: Place
    person_id: UUID
    role_id: UUID | None
    entity_id: UUID
    base_currency: str
    dimensions: Dimensions


def on_time_approved(actor: Actor, payload: Mapping[str, Any]) -> None:
    """Handler of `timesheets.time.approved`: entry_ids, and `unpriced` if work without a rate may wait."""
    charge_time(actor, payload["entry_ids"], unpriced=OnUnpriced(payload.get("unpriced", OnUnpriced.REFUSE)))


def charge_time(actor: Actor, entry_ids: Iterable[UUID], *, unpriced: OnUnpriced = OnUnpriced.REFUSE) -> Charged:
    """Price and post approved entries. An entry that has a live charge already is refused by the database."""
    ids = list(entry_ids)
    rows = fetch_arrays(_READ, [ids, actor.tenant_id])
    if len(rows) != len(ids):
        raise Conflict(f"{len(ids) - len(rows)} of {len(ids)} entries are not approved; only approved time is charged.")
    if not rows:
        return Charged(charges=0, unpriced=0, journal_ids=())
    days = {row[4] for row in rows}
    prices = desk(
        project_ids={row[3] for row in rows}, person_ids={row[2] for row in rows}, first=min(days), last=max(days)
    )
    batch = _Batch()
    for (project_id, person_id), own in groupby(rows, key=itemgetter(3, 2)):
        pair = _pair(prices, project_id, person_id)
        batch.desks.append(pair)
        for (year, month), entries in groupby(own, key=lambda row: (row[4].year, row[4].month)):
            key = GroupKey(pair.entity_id, date(year, month, 1), pair.dimensions, ChargeKind.TIME)
            batch.groups[key] = Group(pair.place.terms.currency, pair.base_currency)
            for row in entries:
                _price(row, pair, prices, batch=batch, group=batch.groups[key])
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


def _pair(prices: Desk, project_id: UUID, person_id: UUID) -> _Pair:
    place = prices.places[project_id]
    entity_id = prices.entity(place, person_id)
    return _Pair(
        place=place,
        person_id=person_id,
        role_id=prices.role(project_id, person_id),
        entity_id=entity_id,
        base_currency=prices.entity_currencies[entity_id],
        dimensions=Dimensions(
            client_id=place.client_id, contract_id=place.contract_id, project_id=project_id, person_id=person_id
        ),
    )


def _price(row: tuple[Any, ...], pair: _Pair, prices: Desk, *, batch: _Batch, group: Group) -> None:
    entry_id, version, person_id, project_id, work_on, minutes, is_billable = row
    place = pair.place
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
        role_id=pair.role_id,
        work_on=work_on,
        worked_minutes=minutes,
        is_billable=is_billable and not place.is_internal,
        cost_per_hour=prices.costs.at(person_id, work_on),
    )
    found = prices.pricers[terms.currency].charge(entry)
    if isinstance(found, Unpriced):
        batch.unpriced.append(found)
        cost, amount = _in_books(cost_of(entry), prices, pair, work_on), Decimal(0)
        _add(batch, pair, entry, None, amount=amount, cost=cost)
    else:
        cost, amount = _in_books(found.cost, prices, pair, work_on), found.amount.amount
        _add(batch, pair, entry, found, amount=amount, cost=cost)
    group.add(len(batch.ids) - 1, amount=amount, cost=cost, on=work_on)


def _add(
    batch: _Batch, pair: _Pair, entry: ApprovedEntry, charge: Charge | None, *, amount: Decimal, cost: Decimal
) -> None:
    row = charge.rate if charge else None
    batch.ids.append(entry.charge_id)
    batch.entry_ids.append(entry.id)
    batch.places.append(len(batch.desks))
    batch.minutes.append(charge.billable_minutes if charge else entry.worked_minutes)
    batch.rate_ids.append(row.id if row else None)
    batch.rates.append(row.rate_per_hour.amount if row else None)
    batch.amounts.append(amount)
    batch.bases.append(amount)
    batch.costs.append(cost)
    batch.statuses.append(_status(pair.place, entry))
    batch.held.append(None if charge else _FAR)
    batch.reasons.append("" if charge else NO_RATE)


def _status(place: Place, entry: ApprovedEntry) -> str:
    if not entry.is_billable or not place.is_billed:
        return ChargeStatus.NON_BILLABLE
    if place.terms.kind in {ContractKind.FIXED_PRICE, ContractKind.RETAINER}:
        return ChargeStatus.INCLUDED
    return ChargeStatus.UNBILLED


def _in_books(cost: Money | None, prices: Desk, pair: _Pair, on: date) -> Decimal:
    """The cost in the currency of the books that take it; nothing where no cost rate is known."""
    if cost is None:
        return Decimal(0)
    if cost.currency == pair.base_currency:
        return cost.amount
    rate = prices.rates.rate(currency=cost.currency, base_currency=pair.base_currency, on=on)
    return convert(cost, rate).base.amount


def cost_of(entry: ApprovedEntry) -> Money | None:
    """Cost of an entry in the currency of the person's cost rate."""
    rate = entry.cost_per_hour
    return None if rate is None else for_minutes(entry.worked_minutes, rate.amount, rate.currency)


def _write(actor: Actor, batch: _Batch, batch_id: UUID) -> None:
    pairs = batch.desks
    shared: list[Any] = [
        [pair.entity_id for pair in pairs],
        [pair.place.client_id for pair in pairs],
        [pair.place.contract_id for pair in pairs],
        *_indexed([pair.place.terms.currency for pair in pairs]),
        *_indexed([pair.base_currency for pair in pairs]),
    ]
    columns: list[Any] = [
        batch.ids, batch.entry_ids, batch.places, batch.minutes, batch.rate_ids, batch.rates, batch.amounts,
        batch.bases, batch.costs, batch.statuses, batch.held, batch.reasons,
    ]  # fmt: skip
    execute_arrays(_WRITE, [batch_id, *shared, actor.now, *columns, actor.tenant_id])
    if len(batch.ids) >= MANY:
        refresh_statistics("billing_charge")


def _indexed(texts: list[str]) -> tuple[list[str], list[int]]:
    """The distinct texts, and the place of each among them: PostgreSQL finds no text quickly in a long array."""
    known = list(dict.fromkeys(texts))
    places = {text: place for place, text in enumerate(known, 1)}
    return known, [places[text] for text in texts]


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
