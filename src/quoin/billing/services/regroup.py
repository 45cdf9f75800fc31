"""Putting chosen unbilled charges on a draft as lines, grouped and priced as a billing run does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from django.db.models import Max

from quoin.base.actor import Actor
from quoin.billing.models import Charge as ChargeRow
from quoin.billing.models import Invoice, InvoiceItem, InvoiceLine
from quoin.billing.queries.run_input import Asked, roles_of, unbilled_charges
from quoin.billing.queries.run_plan import contract_names
from quoin.billing.rules.document_lines import PricedLine, price_line
from quoin.billing.rules.lines import group_lines
from quoin.billing.rules.run import apply_increments
from quoin.billing.services.drafts import take_charges
from quoin.billing.types import Charge, ContractState, DraftLine
from quoin.kernel.ids import uuid7
from quoin.kernel.money import Rounding, zero
from quoin.sales.queries.terms import terms_by_id
from quoin.sales.types import ContractTerms, LineGrouping


def add_charges(
    actor: Actor, draft: Invoice, charge_ids: Iterable[UUID], *, grouping: LineGrouping | None = None
) -> list[InvoiceLine]:
    """New lines of the draft for these unbilled charges, by the grouping or by each contract's own; returns them."""
    ids = set(charge_ids)
    if not ids:
        return []
    charges, terms_of = _chosen(ids, refreshed=())
    names, made = contract_names(charges), []
    nothing = zero(draft.currency)
    for contract_id, terms in terms_of.items():
        own = [charge for charge in charges if charge.contract_id == contract_id]
        items = apply_increments(own, state=ContractState(terms=terms, billed=nothing, ordered=nothing))
        lines = group_lines(items, grouping=grouping or terms.grouping, names=names, currency=draft.currency)
        for line in lines:
            priced = price_line(line, mode=Rounding(draft.rounding), may_exceed=not is_limited(terms))
            made.append(_write(draft, line, priced))
    take_charges(actor, sorted(charge.id for charge in charges))
    days = [charge.work_on for charge in charges]
    draft.period_from = min([*days, draft.period_from] if draft.period_from else days)
    draft.period_until = max([*days, draft.period_until] if draft.period_until else days)
    return made


def charges_of_lines(line_ids: Sequence[UUID]) -> tuple[ContractTerms | None, list[Charge], dict[UUID, str]]:
    """The charges on lines of one contract as values, its terms, and words for them."""
    found = InvoiceItem.objects.filter(line_id__in=line_ids, is_live=True).values_list("charge_id", flat=True)
    ids = set(found)
    charges, terms_of = _chosen(ids, refreshed=tuple(ids)) if ids else ([], {})
    return next(iter(terms_of.values()), None), charges, contract_names(charges)


def is_limited(terms: ContractTerms) -> bool:
    """Whether rounding must not bill more than the charges: a hard cap or an order with an amount stands over them."""
    order = terms.purchase_order
    return (terms.cap is not None and terms.cap.is_hard) or (order is not None and order.amount is not None)


def _chosen(ids: set[UUID], *, refreshed: tuple[UUID, ...]) -> tuple[list[Charge], dict[UUID, ContractTerms]]:
    rows = ChargeRow.objects.filter(id__in=ids)
    last = rows.aggregate(last=Max("work_on"))["last"]
    contracts = set(rows.filter(contract__isnull=False).values_list("contract_id", flat=True))
    asked = Asked(until=last, contract_ids=tuple(contracts), refreshed=refreshed)
    found = unbilled_charges(asked, is_locked=False)
    charges = [charge for part in found.values() for charge in part if charge.id in ids]
    charges.sort(key=lambda charge: (charge.work_on, charge.id))
    roles = roles_of(charges)
    sold_as = [
        replace(charge, role_id=roles.get((charge.project_id, charge.person_id)))
        if charge.project_id and charge.person_id
        else charge
        for charge in charges
    ]
    return sold_as, terms_by_id(contracts)


def _write(draft: Invoice, line: DraftLine, priced: PricedLine) -> InvoiceLine:
    first = line.charges[0].charge
    is_one_project = len({item.charge.project_id for item in line.charges}) == 1
    is_one_task = len({item.charge.task_id for item in line.charges}) == 1
    last = InvoiceLine.objects.filter(invoice=draft).aggregate(last=Max("position"))["last"] or 0
    row = InvoiceLine.objects.create(
        id=uuid7(), invoice=draft, position=last + 1, kind=line.kind.value, description=line.description,
        quantity=priced.quantity, unit=priced.unit, unit_price=priced.unit_price, net_amount=priced.net.amount,
        worked_minutes=line.worked_minutes, billed_minutes=line.billed_minutes, key=line.key, tax_percent=Decimal(0),
        contract_id=first.contract_id, project_id=first.project_id if is_one_project else None,
        task_id=first.task_id if is_one_task else None,
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
