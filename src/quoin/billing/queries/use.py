"""How much of a contract's cap, order and included hours is used."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Sum

from quoin.base.actor import Actor
from quoin.billing.models import Charge, ContractUse, RetainerPeriod, WriteDown
from quoin.kernel.money import Money
from quoin.sales.queries.contracts import contract_for

_ALERT = Decimal("0.8")


@dataclass(frozen=True, slots=True)
class Use:
    """So much of so much. `meaning` warns from 80 % on."""

    used: Money
    waiting: Money
    limit: Money

    @property
    def left(self) -> Money:
        return self.limit - self.used

    @property
    def meaning(self) -> str:
        reached = (self.used + self.waiting).amount
        if reached > self.limit.amount:
            return "danger"
        return "warning" if reached >= self.limit.amount * _ALERT else "success"


@dataclass(frozen=True, slots=True)
class ContractUsage:
    """Billed, unbilled, and what the limits leave."""

    billed: Money
    unbilled: Money
    cap: Use | None
    order: Use | None
    months: tuple[RetainerPeriod, ...]


def contract_usage(actor: Actor, contract_id: UUID) -> ContractUsage:
    """What was billed on the contract, what waits, and how far its limits are used."""
    row = contract_for(actor, contract_id)
    use = ContractUse.objects.filter(contract=row).first()
    open_charges = Charge.objects.filter(contract=row, status__in=("unbilled", "drafted"))
    worth = open_charges.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    down = WriteDown.objects.filter(charge__in=open_charges).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    waiting = Money(worth - down, row.currency).round()
    billed = Money(use.billed_amount if use else Decimal(0), row.currency).round()
    ordered = Money(use.ordered_amount if use else Decimal(0), row.currency).round()
    cap, order = row.cap_amount, row.purchase_order_amount
    months = (
        RetainerPeriod.objects.filter(contract=row)
        .order_by("-starts_on")
        .annotate(available=F("included_minutes") + F("rolled_in_minutes"))[:6]
    )
    return ContractUsage(
        billed=billed,
        unbilled=waiting,
        cap=None if cap is None else Use(billed, waiting, Money(cap, row.currency).round()),
        order=None if order is None else Use(ordered, waiting, Money(order, row.currency).round()),
        months=tuple(months),
    )
