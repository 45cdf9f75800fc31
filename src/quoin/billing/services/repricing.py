"""Pricing unbilled work again after a rate was corrected: first the plan, then exactly the plan. Billed work never.

Charges that were written down, split or stepped keep their price: somebody decided it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from quoin.base.actions import running_action_id
from quoin.base.actor import Actor
from quoin.billing.models import Charge, WriteDown
from quoin.billing.queries.pricing import Desk, desk
from quoin.billing.rules.charges import Unpriced
from quoin.billing.services.charging import NO_RATE
from quoin.billing.services.drawing import draw_priced
from quoin.billing.services.posting import Group, GroupKey, dimensions_of, group_key, post_groups
from quoin.billing.types import ApprovedEntry, ChargeKind, ChargeStatus
from quoin.billing.types import Charge as Priced
from quoin.kernel.money import Money

_UPDATE = (
    "UPDATE billing_charge c SET rate_id = u.rate_id, rate_per_hour = u.rate, amount = u.amount,"
    " base_amount = c.base_amount + u.base, billable_minutes = u.minutes,"
    " held_until = CASE WHEN c.hold_reason = %s THEN NULL ELSE c.held_until END,"
    " hold_reason = CASE WHEN c.hold_reason = %s THEN '' ELSE c.hold_reason END"
    " FROM unnest(%s::uuid[], %s::uuid[], %s::numeric[], %s::numeric[], %s::numeric[], %s::int[])"
    " AS u (id, rate_id, rate, amount, base, minutes) WHERE c.tenant_id = %s AND c.id = u.id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which unbilled time is priced again. None means any."""

    since: date | None = None
    project_id: UUID | None = None
    contract_id: UUID | None = None
    charge_ids: frozenset[UUID] | None = None

    def rows(self) -> QuerySet[Charge]:
        found = Charge.objects.filter(kind=ChargeKind.TIME, status=ChargeStatus.UNBILLED, is_stepped=False, part=1)
        filters = {
            "work_on__gte": self.since,
            "project_id": self.project_id,
            "contract_id": self.contract_id,
            "id__in": self.charge_ids,
        }
        found = found.filter(**{name: value for name, value in filters.items() if value is not None})
        return found.exclude(id__in=WriteDown.objects.values("charge_id"))


@dataclass(frozen=True, slots=True)
class Repriced:
    """One charge with its new price."""

    charge: Charge
    rate_id: UUID
    rate_per_hour: Decimal
    amount: Money
    minutes: int

    @property
    def difference(self) -> Money:
        return self.amount - Money(self.charge.amount, self.charge.currency)


@dataclass(frozen=True, slots=True)
class RepricePlan:
    """Charges whose price changes, and how many have no rate or keep theirs."""

    changes: tuple[Repriced, ...]
    unpriced: int
    unchanged: int


def reprice_plan(scope: Scope) -> RepricePlan:
    """What pricing again would change now."""
    return _plan(list(scope.rows().order_by("work_on", "id")))


def reprice(actor: Actor, scope: Scope) -> RepricePlan:
    """Write the plan and post the differences."""
    plan = _plan(list(scope.rows().select_for_update().order_by("id")))
    if not plan.changes:
        return plan
    groups: dict[GroupKey, Group] = {}
    for index, change in enumerate(plan.changes):
        charge = change.charge
        key = group_key(charge.entity_id, charge.work_on, ChargeKind.TIME, dimensions_of(charge))
        group = groups.setdefault(key, Group(charge.currency, charge.cost_currency))
        group.add(index, amount=change.difference.amount, cost=Decimal(0), on=charge.work_on)
    prices = _desk([change.charge for change in plan.changes])
    posted = post_groups(
        actor, groups, source_kind="reprice", source_id=running_action_id(), text="Priced again", rates=prices.rates
    )
    bases = [posted.base_amounts.get(index, change.difference.amount) for index, change in enumerate(plan.changes)]
    _write(actor, plan.changes, bases)
    # Work that waited for its rate takes its place in the packs now.
    draw_priced(actor, [change.charge.id for change in plan.changes if change.charge.hold_reason == NO_RATE])
    return plan


def _plan(rows: list[Charge]) -> RepricePlan:
    if not rows:
        return RepricePlan((), 0, 0)
    prices = _desk(rows)
    changes, unpriced = [], 0
    for row in rows:
        found = _price(row, prices)
        if isinstance(found, Unpriced):
            unpriced += 1
        elif found.rate is not None and _differs(row, found):
            rate = found.rate
            changes.append(Repriced(row, rate.id, rate.rate_per_hour.amount, found.amount, found.billable_minutes))
    return RepricePlan(tuple(changes), unpriced, len(rows) - len(changes) - unpriced)


def _differs(row: Charge, found: Priced) -> bool:
    assert found.rate is not None
    return (row.amount, row.rate_per_hour, row.billable_minutes) != (
        found.amount.amount,
        found.rate.rate_per_hour.amount,
        found.billable_minutes,
    ) or row.hold_reason == NO_RATE


def _price(row: Charge, prices: Desk) -> Priced | Unpriced:
    assert row.project_id is not None  # a charge of time has both
    assert row.person_id is not None
    place = prices.places[row.project_id]
    return prices.pricers[place.terms.currency].charge(
        ApprovedEntry(
            id=row.source_id, version=row.source_version, charge_id=row.id, contract_id=place.terms.contract_id,
            client_id=place.client_id, project_id=row.project_id, task_id=row.task_id, person_id=row.person_id,
            role_id=prices.role(row.project_id, row.person_id), work_on=row.work_on, worked_minutes=row.minutes,
            is_billable=True,
        )
    )  # fmt: skip


def _desk(rows: Iterable[Charge]) -> Desk:
    known = list(rows)
    return desk(
        project_ids={row.project_id for row in known if row.project_id},
        person_ids={row.person_id for row in known if row.person_id},
        first=min(row.work_on for row in known),
        last=max(row.work_on for row in known),
    )


def _write(actor: Actor, changes: tuple[Repriced, ...], bases: list[Decimal]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _UPDATE,
            [
                NO_RATE, NO_RATE, [c.charge.id for c in changes], [c.rate_id for c in changes],
                [c.rate_per_hour for c in changes], [c.amount.amount for c in changes], bases,
                [c.minutes for c in changes], actor.tenant_id,
            ],
        )  # fmt: skip
