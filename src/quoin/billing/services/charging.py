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
from typing import Any, NamedTuple
from uuid import UUID

from quoin.base.actions import running_action_id
from quoin.base.actor import Actor
from quoin.base.db.bulk import execute_arrays, fetch_arrays
from quoin.base.db.statistics import refresh_grown
from quoin.billing.queries.pricing import Desk, Place, desk
from quoin.billing.rules.charges import Unpriced, Way
from quoin.billing.services.drawing import draw_approved
from quoin.billing.services.posting import Group, GroupKey, post_groups
from quoin.billing.types import ApprovedEntry, ChargeKind, ChargeStatus, WorkUnpriced
from quoin.kernel.errors import Conflict, Problem
from quoin.kernel.ids import public_id, uuid7s
from quoin.kernel.money import Money
from quoin.kernel.words import say
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
# What many entries share comes once, by its place: a price, and the person on the project. Both are joined without
# a look at a table, so that nothing depends on statistics, which lag behind an import.
_WRITE = (
    "INSERT INTO billing_charge (tenant_id, id, kind, source_id, source_version, part, batch_id, entity_id, client_id,"
    " contract_id, project_id, task_id, person_id, work_on, minutes, billable_minutes, rate_id, rate_per_hour,"
    " currency, amount, base_amount, cost_amount, cost_currency, is_stepped, status, held_until, hold_reason, note,"
    " charged_at)"
    " SELECT t.tenant_id, u.id, 'time', t.id, t.version, 1, %b, (%b::uuid[])[u.pair], (%b::uuid[])[u.pair],"
    " (%b::uuid[])[u.pair], t.project_id, t.task_id, t.person_id, t.work_on, t.minutes, p.billable_minutes, p.rate_id,"
    " p.rate_per_hour, (%b::text[])[(%b::int[])[u.pair]], p.amount, coalesce(u.base_amount, p.amount), p.cost_amount,"
    " (%b::text[])[(%b::int[])[u.pair]], false, p.status, p.held_until, p.hold_reason, t.note, %b"
    " FROM unnest(%b::uuid[], %b::uuid[], %b::int[], %b::int[], %b::numeric[])"
    " AS u (id, entry_id, pair, price, base_amount)"
    " JOIN unnest(%b::int[], %b::uuid[], %b::numeric[], %b::numeric[], %b::numeric[], %b::text[],"
    " %b::date[], %b::text[]) WITH ORDINALITY AS p (billable_minutes, rate_id, rate_per_hour, amount,"
    " cost_amount, status, held_until, hold_reason, place) ON p.place = u.price"
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


class _Price(NamedTuple):
    """What entries have in common that are equally long and billable, at one rate and cost: whosever they are."""

    billable_minutes: int
    rate_id: UUID | None
    rate_per_hour: Decimal | None
    amount: Decimal
    cost: Decimal
    status: str
    held_until: date | None = None
    hold_reason: str = ""


@dataclass(slots=True)
class _Batch:
    """Entries with the places of their pair and price, the groups to post, and the entries without a rate."""

    entry_ids: list[UUID] = field(default_factory=list)
    pair_places: list[int] = field(default_factory=list)
    price_places: list[int] = field(default_factory=list)
    pairs: list[_Pair] = field(default_factory=list)
    prices: list[_Price] = field(default_factory=list)
    groups: dict[GroupKey, Group] = field(default_factory=dict)
    unpriced: list[Unpriced] = field(default_factory=list)
    known: dict[tuple[object, ...], int] = field(default_factory=dict)
    """Places of the prices, from 1 on, by what makes them."""

    def place(self, price: _Price) -> int:
        self.prices.append(price)
        return len(self.prices)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A person on a project: what is the same for all their entries."""

    place: Place
    person_id: UUID
    role_id: UUID | None
    entity_id: UUID
    base_currency: str
    dimensions: Dimensions


class _Pricing:
    """Prices the entries of one pair. What is priced alike is priced once."""

    def __init__(self, pair: _Pair, desk: Desk, batch: _Batch) -> None:
        self._pair, self._desk, self._batch = pair, desk, batch
        self._pricer = desk.pricers[pair.place.terms.currency]
        self._cost_at = desk.costs.timeline(pair.person_id).at
        self._way: Way | None = None
        self._known: dict[tuple[object, ...], int] = {}

    def place(self, row: tuple[Any, ...]) -> int:
        """The place of the entry's price in the batch, from 1 on."""
        _, _, _, _, work_on, minutes, is_billable = row
        cost = self._cost_at(work_on)
        if self._way is None:
            self._way = self._pricer.way(self._entry(row, cost))
        rate = self._way.timeline.at(work_on) if self._way else None
        # Cost of another currency is worth something else each day.
        day = None if cost is None or cost.currency == self._pair.base_currency else work_on
        key = (minutes, is_billable, id(rate), id(cost), day)
        known = self._known.get(key)
        if known is None:
            known = self._new_place(row, cost, day)
            # Each entry without a rate is told of.
            if not self._batch.prices[known - 1].hold_reason:
                self._known[key] = known
        return known

    def _new_place(self, row: tuple[Any, ...], cost: Money | None, day: date | None) -> int:
        _, _, _, _, work_on, minutes, is_billable = row
        pair, batch = self._pair, self._batch
        is_billable = is_billable and not pair.place.is_internal
        way = self._way
        worth = self._pricer.worth(way, minutes=minutes, is_billable=is_billable, on=work_on) if way else None
        status = _status(pair.place, is_billable=is_billable)
        if worth is None:
            return self._held(row, cost, status)
        rate = worth.row
        key = (
            minutes, worth.billable_minutes, status, id(rate), pair.place.terms.rounding, id(cost), pair.base_currency,
            day,
        )  # fmt: skip
        known = batch.known.get(key)
        if known is None:
            known = batch.known[key] = batch.place(
                _Price(
                    billable_minutes=worth.billable_minutes,
                    rate_id=rate.id if rate else None,
                    rate_per_hour=rate.rate_per_hour.amount if rate else None,
                    amount=worth.amount.amount,
                    cost=self._cost(minutes, cost, work_on),
                    status=status,
                )
            )
        return known

    def _held(self, row: tuple[Any, ...], cost: Money | None, status: str) -> int:
        entry = self._entry(row, cost)
        found = self._pricer.charge(entry)
        if isinstance(found, Unpriced):
            self._batch.unpriced.append(found)
        return self._batch.place(
            _Price(
                billable_minutes=entry.worked_minutes, rate_id=None, rate_per_hour=None, amount=Decimal(0),
                cost=self._cost(entry.worked_minutes, cost, entry.work_on), status=status, held_until=_FAR,
                hold_reason=NO_RATE,
            )
        )  # fmt: skip

    def _cost(self, minutes: int, per_hour: Money | None, on: date) -> Decimal:
        cost = None if per_hour is None else self._pricer.cost(minutes, per_hour)
        return _in_books(cost, self._desk, self._pair, on)

    def _entry(self, row: tuple[Any, ...], cost: Money | None) -> ApprovedEntry:
        entry_id, version, person_id, project_id, work_on, minutes, is_billable = row
        place = self._pair.place
        return ApprovedEntry(
            id=entry_id, version=version, charge_id=entry_id, contract_id=place.terms.contract_id,
            client_id=place.client_id, project_id=project_id, task_id=None, person_id=person_id,
            role_id=self._pair.role_id, work_on=work_on, worked_minutes=minutes,
            is_billable=is_billable and not place.is_internal, cost_per_hour=cost,
        )  # fmt: skip


def on_time_approved(actor: Actor, payload: Mapping[str, Any]) -> None:
    """Handler of `timesheets.time.approved`: entry_ids, and `unpriced` if work without a rate may wait."""
    charge_time(actor, payload["entry_ids"], unpriced=OnUnpriced(payload.get("unpriced", OnUnpriced.REFUSE)))


def charge_time(actor: Actor, entry_ids: Iterable[UUID], *, unpriced: OnUnpriced = OnUnpriced.REFUSE) -> Charged:
    """Price and post approved entries. An entry that has a live charge already is refused by the database."""
    ids = list(entry_ids)
    rows = fetch_arrays(_READ, [ids, actor.tenant_id])
    if len(rows) != len(ids):
        raise Conflict(
            say(
                "%(count)s of %(of)s entries are not approved; only approved time is charged.",
                count=len(ids) - len(rows),
                of=len(ids),
            )
        )
    if not rows:
        return Charged(charges=0, unpriced=0, journal_ids=())
    days = {row[4] for row in rows}
    prices = desk(
        project_ids={row[3] for row in rows}, person_ids={row[2] for row in rows}, first=min(days), last=max(days)
    )
    batch = _Batch()
    for (project_id, person_id), own in groupby(rows, key=itemgetter(3, 2)):
        _price_pair(own, _pair(prices, project_id, person_id), prices, batch)
    if batch.unpriced and unpriced is OnUnpriced.REFUSE:
        raise _refusal(batch.unpriced)
    source_id = running_action_id()
    posted = post_groups(
        actor, batch.groups, source_kind="approval", source_id=source_id, text="Time approved", rates=prices.rates
    )
    _write(actor, batch, source_id, posted.base_amounts)
    draw_approved(
        actor, ids, (pair.place.contract_id for pair in batch.pairs if pair.place.contract_id),
        may_refuse=unpriced is OnUnpriced.REFUSE,
    )  # fmt: skip
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


def _price_pair(own: Iterable[tuple[Any, ...]], pair: _Pair, prices: Desk, batch: _Batch) -> None:
    pricing = _Pricing(pair, prices, batch)
    batch.pairs.append(pair)
    for (year, month), entries in groupby(own, key=_month):
        members: dict[int, list[int]] = {}
        rows = list(entries)
        for number, row in enumerate(rows, len(batch.entry_ids)):
            place = pricing.place(row)
            batch.price_places.append(place)
            members.setdefault(place, []).append(number)
        batch.entry_ids += [row[0] for row in rows]
        batch.pair_places += [len(batch.pairs)] * len(rows)
        group = Group(pair.place.terms.currency, pair.base_currency)
        for place, alike in members.items():
            price = batch.prices[place - 1]
            # They are in the order of their days.
            group.add_alike(alike, amount=price.amount, cost=price.cost, on=rows[-1][4])
        batch.groups[GroupKey(pair.entity_id, date(year, month, 1), pair.dimensions, ChargeKind.TIME)] = group


def _month(row: tuple[Any, ...]) -> tuple[int, int]:
    return row[4].year, row[4].month


def _status(place: Place, *, is_billable: bool) -> str:
    if not is_billable or not place.is_billed:
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


def _write(actor: Actor, batch: _Batch, batch_id: UUID, base_amounts: Mapping[int, Decimal]) -> None:
    pairs, count = batch.pairs, len(batch.entry_ids)
    shared: list[Any] = [
        [pair.entity_id for pair in pairs],
        [pair.place.client_id for pair in pairs],
        [pair.place.contract_id for pair in pairs],
        *_indexed([pair.place.terms.currency for pair in pairs]),
        *_indexed([pair.base_currency for pair in pairs]),
    ]
    bases = [base_amounts.get(index) for index in range(count)] if base_amounts else [None] * count
    entries: list[Any] = [uuid7s(count), batch.entry_ids, batch.pair_places, batch.price_places, bases]
    prices = [list(column) for column in zip(*batch.prices, strict=True)]
    execute_arrays(_WRITE, [batch_id, *shared, actor.now, *entries, *prices, actor.tenant_id])
    refresh_grown("billing_charge", count)


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
            detail=say(
                "%(people)s on %(projects)s, %(work_on)s: %(words)s",
                people=people[u.entry.person_id],
                projects=projects[u.entry.project_id],
                work_on=u.entry.work_on,
                words=u.words,
            ),
            help="Add a rate that starts on or before that day, or mark the time as not billable.",
        )
        for u in listed
    )
    what = say("1 entry has") if len(unpriced) == 1 else say("%(count)s entries have", count=len(unpriced))
    return WorkUnpriced(
        say("%(what)s no rate, so nothing was approved. %(detail)s", what=what, detail=problems[0].detail),
        problems=problems,
    )
