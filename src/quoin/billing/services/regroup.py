"""Putting chosen unbilled charges on a draft as lines, grouped and priced as a billing run does."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.db.models import Max

from quoin.base.actor import Actor
from quoin.billing.models import Charge as ChargeRow
from quoin.billing.models import Invoice, InvoiceItem, InvoiceLine
from quoin.billing.queries.run_input import Asked, unbilled_charges
from quoin.billing.queries.run_plan import contract_names
from quoin.billing.rules.document_lines import PricedLine, price_line
from quoin.billing.rules.lines import group_lines
from quoin.billing.services.drafts import take_charges
from quoin.billing.types import BilledCharge, DraftLine
from quoin.kernel.ids import uuid7
from quoin.kernel.money import Rounding, zero
from quoin.sales.queries.terms import terms_by_id


def add_charges(actor: Actor, draft: Invoice, charge_ids: Iterable[UUID]) -> list[InvoiceLine]:
    """New lines of the draft for these unbilled charges; returns them."""
    ids = set(charge_ids)
    if not ids:
        return []
    last = ChargeRow.objects.filter(id__in=ids).aggregate(last=Max("work_on"))["last"]
    contracts = set(ChargeRow.objects.filter(id__in=ids, contract__isnull=False).values_list("contract_id", flat=True))
    found = unbilled_charges(Asked(until=last, contract_ids=tuple(contracts)), is_locked=False)
    charges = [charge for part in found.values() for charge in part if charge.id in ids]
    names, made = contract_names(charges), []
    for contract_id, terms in terms_by_id(contracts).items():
        own = [
            BilledCharge(charge, charge.billable_minutes, charge.amount, zero(draft.currency))
            for charge in charges
            if charge.contract_id == contract_id
        ]
        lines = group_lines(own, grouping=terms.grouping, names=names, currency=draft.currency)
        for line in lines:
            priced = price_line(line, mode=Rounding(draft.rounding), may_exceed=terms.cap is None)
            made.append(_write(draft, line, priced))
    take_charges(actor, sorted(charge.id for charge in charges))
    days = [charge.work_on for charge in charges]
    draft.period_from = min([*days, draft.period_from] if draft.period_from else days)
    draft.period_until = max([*days, draft.period_until] if draft.period_until else days)
    return made


def _write(draft: Invoice, line: DraftLine, priced: PricedLine) -> InvoiceLine:
    first = line.charges[0].charge
    last = InvoiceLine.objects.filter(invoice=draft).aggregate(last=Max("position"))["last"] or 0
    row = InvoiceLine.objects.create(
        id=uuid7(), invoice=draft, position=last + 1, kind=line.kind.value, description=line.description,
        quantity=priced.quantity, unit=priced.unit, unit_price=priced.unit_price, net_amount=priced.net.amount,
        worked_minutes=line.worked_minutes, billed_minutes=line.billed_minutes, key=line.key, tax_percent=Decimal(0),
        contract_id=first.contract_id, project_id=first.project_id, task_id=first.task_id,
    )  # fmt: skip
    InvoiceItem.objects.bulk_create(
        [
            InvoiceItem(
                line=row, charge_id=item.charge.id, minutes=min(item.minutes, item.charge.billable_minutes),
                amount=share.amount,
            )
            for item, share in zip(line.charges, priced.shares, strict=True)
        ]
    )  # fmt: skip
    return row
