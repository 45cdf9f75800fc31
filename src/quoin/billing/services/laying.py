"""The work of a line of a draft: taken off, changed, and laid on the same line again.

The line keeps its id, its place and its text. What it comes to follows from its charges, by the rules of a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from django.db.models import Max

from quoin.base.actor import Actor
from quoin.billing.models import Charge as ChargeRow
from quoin.billing.models import Invoice, InvoiceItem, InvoiceLine
from quoin.billing.queries.run_input import Asked, unbilled_charges
from quoin.billing.rules.document_lines import PricedLine, price_line
from quoin.billing.rules.run import apply_increments
from quoin.billing.services.drafts import free_work, take_charges
from quoin.billing.services.regroup import is_limited
from quoin.billing.types import BilledCharge, Charge, ChargeKind, ContractState, DraftLine
from quoin.kernel.errors import Conflict
from quoin.kernel.money import Money, Rounding, total, zero
from quoin.sales.queries.terms import terms_by_id
from quoin.sales.types import ContractTerms

_BY_TIME = ("HUR", "MIN")


def work_of(line: InvoiceLine) -> list[UUID]:
    """The charges on the line, oldest work first."""
    items = InvoiceItem.objects.filter(line=line, is_live=True).order_by("charge__work_on", "charge_id")
    return list(items.values_list("charge_id", flat=True))


def free_line(actor: Actor, line: InvoiceLine) -> list[UUID]:
    """Take the work off the line and keep the line; returns the charges, which are unbilled now."""
    ids = work_of(line)
    if line.is_manual or not ids:
        raise Conflict("This line was typed; no work stands behind it.")
    free_work(actor, [line.id])
    return ids


def lay_line(
    actor: Actor, draft: Invoice, line: InvoiceLine, charge_ids: Iterable[UUID], *, rate: Decimal | None = None
) -> bool:
    """Lay unbilled charges on a line that is free; a line without work goes, and False is returned.

    The line is priced at `rate`, at the price that it had, or at that of its charges: the first that explains what
    its charges come to.
    """
    ids = set(charge_ids)
    charges, terms = _values(ids)
    if not charges or terms is None:
        InvoiceLine.objects.filter(id=line.id).delete()
        return False
    _require_one(charges)
    nothing = zero(draft.currency)
    state = ContractState(terms=terms, billed=nothing, ordered=nothing)
    items = apply_increments(charges, state=state)
    known = _draft_line(line, items, draft.currency)
    kept = line.unit_price if line.unit in _BY_TIME else None
    priced = _priced(known, [rate, kept], terms, mode=Rounding(draft.rounding))
    line.quantity, line.unit, line.unit_price = priced.quantity, priced.unit, priced.unit_price
    line.net_amount, line.is_edited = priced.net.amount, True
    line.worked_minutes, line.billed_minutes = known.worked_minutes, known.billed_minutes
    line.save()
    _put(actor, line, known.charges, priced)
    _widen(draft, charges)
    return True


def _values(ids: set[UUID]) -> tuple[list[Charge], ContractTerms | None]:
    rows = ChargeRow.objects.filter(id__in=ids, status="unbilled")
    last = rows.aggregate(last=Max("work_on"))["last"]
    contract_ids = set(rows.filter(contract__isnull=False).values_list("contract_id", flat=True))
    if last is None:
        return [], None
    if len(contract_ids) != 1:
        raise Conflict("A line holds work of one contract.")
    found = unbilled_charges(Asked(until=last, contract_ids=tuple(contract_ids)), is_locked=False)
    (terms,) = terms_by_id(contract_ids).values()
    charges = [charge for part in found.values() for charge in part if charge.id in ids]
    return sorted(charges, key=lambda charge: (charge.work_on, charge.id)), terms


def _require_one(charges: Sequence[Charge]) -> None:
    if len({(charge.kind, charge.rate_per_hour) for charge in charges}) > 1:
        raise Conflict("A line holds one kind of work at one rate. Add the other work as a line of its own.")


def _draft_line(line: InvoiceLine, items: Sequence[BilledCharge], currency: str) -> DraftLine:
    first = items[0].charge
    return DraftLine(
        key=line.key,
        kind=ChargeKind(first.kind),
        description=line.description,
        worked_minutes=sum(item.charge.worked_minutes for item in items),
        billed_minutes=sum(item.minutes for item in items),
        rate_per_hour=first.rate_per_hour,
        net=total((item.amount for item in items), currency),
        charges=tuple(items),
    )


def _priced(line: DraftLine, rates: Iterable[Decimal | None], terms: ContractTerms, *, mode: Rounding) -> PricedLine:
    for rate in (rate for rate in rates if rate is not None and line.rate_per_hour is not None):
        tried = replace(line, rate_per_hour=Money(rate, line.net.currency))
        priced = price_line(tried, mode=mode, may_exceed=not is_limited(terms))
        if priced.unit in _BY_TIME:
            return priced
    return price_line(line, mode=mode, may_exceed=not is_limited(terms))


def _put(actor: Actor, line: InvoiceLine, items: Sequence[BilledCharge], priced: PricedLine) -> None:
    take_charges(actor, sorted(item.charge.id for item in items))
    InvoiceItem.objects.bulk_create(
        [
            InvoiceItem(
                line=line, charge_id=item.charge.id, minutes=min(item.minutes, item.charge.billable_minutes),
                amount=share.amount,
            )
            for item, share in zip(items, priced.shares, strict=True)
        ]
    )  # fmt: skip


def _widen(draft: Invoice, charges: Sequence[Charge]) -> None:
    days = [charge.work_on for charge in charges]
    draft.period_from = min([*days, draft.period_from] if draft.period_from else days)
    draft.period_until = max([*days, draft.period_until] if draft.period_until else days)
