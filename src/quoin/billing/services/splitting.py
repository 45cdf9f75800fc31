"""A charge that meets a cap, or the end of a prepaid pack, is split: the rest is a charge of its own.

Worked minutes, price, posted value and cost are shared; their sums stay what they were.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Max, Sum

from quoin.billing.models import Charge, WriteDown
from quoin.billing.queries.run_plan import PlannedDraft
from quoin.billing.types import BilledCharge, HeldCharge
from quoin.kernel.ids import uuid7
from quoin.kernel.money import from_fraction


def split_charges(drafts: Iterable[PlannedDraft], held: Iterable[HeldCharge]) -> int:
    """Split every charge of which a part is on a draft and a part is held; returns how many."""
    rest = {item.charge.id: item for item in held}
    parts = [
        item
        for planned in drafts
        for line in planned.draft.lines
        for item in line.charges
        if item.charge.id in rest
    ]  # fmt: skip
    for part in parts:
        _split(part, rest[part.charge.id])
    return len(parts)


@dataclass(frozen=True, slots=True)
class Given:
    """What was written down of a charge: it stays with the first part."""

    minutes: int = 0
    amount: Decimal = Decimal(0)
    base: Decimal = Decimal(0)


def divide(row: Charge, *, share: Fraction, minutes: int, off: Given | None = None) -> Charge:
    """Keep a share of the charge with so many minutes to bill; the rest becomes a charge of its own, returned."""
    off = off or Given()
    worked = int(row.minutes * share)
    minutes = min(minutes, row.billable_minutes - off.minutes)
    amount = _part(row.amount - off.amount, share, row.currency)
    base = _part(row.base_amount - off.base, share, row.cost_currency)
    cost = _part(row.cost_amount, share, row.cost_currency)
    last = Charge.objects.filter(source_id=row.source_id, kind=row.kind).exclude(status="void").aggregate(n=Max("part"))
    rest = Charge.objects.create(
        id=uuid7(), kind=row.kind, source_id=row.source_id, source_version=row.source_version, part=last["n"] + 1,
        batch_id=row.batch_id, entity_id=row.entity_id, client_id=row.client_id, contract_id=row.contract_id,
        project_id=row.project_id, task_id=row.task_id, person_id=row.person_id, work_on=row.work_on,
        minutes=row.minutes - worked, billable_minutes=row.billable_minutes - off.minutes - minutes,
        rate_id=row.rate_id, rate_per_hour=row.rate_per_hour, currency=row.currency,
        amount=row.amount - off.amount - amount, base_amount=row.base_amount - off.base - base,
        cost_amount=row.cost_amount - cost, cost_currency=row.cost_currency, is_stepped=True, status="unbilled",
        note=row.note, charged_at=row.charged_at,
    )  # fmt: skip
    row.minutes, row.billable_minutes, row.is_stepped = worked, minutes + off.minutes, True
    row.amount, row.base_amount, row.cost_amount = amount + off.amount, base + off.base, cost
    row.save(update_fields=["minutes", "billable_minutes", "is_stepped", "amount", "base_amount", "cost_amount"])
    return rest


def _split(part: BilledCharge, rest: HeldCharge) -> None:
    row = Charge.objects.select_for_update().get(id=part.charge.id)
    down = WriteDown.objects.filter(charge=row).aggregate(
        minutes=Sum("minutes"), amount=Sum("amount"), base=Sum("base_amount")
    )
    off = Given(down["minutes"] or 0, down["amount"] or Decimal(0), down["base"] or Decimal(0))
    share = Fraction(part.amount.amount) / Fraction((part.amount + rest.amount).amount)
    divide(row, share=share, minutes=part.minutes, off=off)


def _part(amount: Decimal, share: Fraction, currency: str) -> Decimal:
    return from_fraction(Fraction(amount) * share, currency).amount
