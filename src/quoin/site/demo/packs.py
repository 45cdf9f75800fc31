"""Prepaid packs of the demo: one that is nearly used up, one with hours to spare, and one whose price has its VAT."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.db.models import F, Q, Sum

from quoin.base.actor import Actor
from quoin.billing.actions.invoices import issue_invoices
from quoin.billing.actions.packs import bill_pack, sell_pack
from quoin.billing.models import Charge
from quoin.kernel.money import Money
from quoin.kernel.period import add_months
from quoin.sales.actions.contracts import create_contract
from quoin.sales.models import Contract
from quoin.site.demo.engagements import FJORD, VEGA
from quoin.site.demo.work import Portfolio

_SIZES = (Decimal("1.1"), Decimal("2.5"))
"""Hours that are bought, by the hours that wait to be billed: the first pack runs low, the second does not."""
_LEAST_MINUTES = 600
_DISCOUNT = Decimal("0.95")
_TEN_HOURS = 600
_WITH_VAT = Decimal("1449.95")
"""Of which no net amount comes back to the cent at 19 %, so that a cent is rounded off."""


def sell_demo_packs(actor: Actor, portfolio: Portfolio) -> None:
    """Sell packs to clients whose work of the last weeks waits, and invoice them."""
    stories = [portfolio.contracts[key].id for key in (FJORD, VEGA) if key in portfolio.contracts]
    has_room = Q(contract__cap_amount=None) | Q(contract__cap_is_hard=False)
    waiting = Charge.objects.filter(
        has_room, kind="time", status="unbilled", held_until=None, contract__kind="time_and_materials",
        contract__status="active", contract__is_vat_inclusive=False, contract__purchase_order_amount=None,
    ).exclude(contract_id__in=stories)  # fmt: skip
    since = add_months(actor.today.replace(day=1), -1)
    rows = waiting.filter(work_on__gte=since).order_by().values("contract_id", "contract__number", "currency")
    found = rows.annotate(minutes=Sum("billable_minutes"), worth=Sum("amount")).filter(minutes__gte=_LEAST_MINUTES)
    for ratio, row in zip(_SIZES, found.order_by("contract__number"), strict=False):
        hours = _tens(Decimal(row["minutes"]) / 60 * ratio)
        price = _tens(row["worth"] / row["minutes"] * hours * 60 * _DISCOUNT)
        pack = sell_pack(
            actor, contract_id=row["contract_id"], name=f"{hours} hours ahead", minutes=int(hours) * 60, sold_on=since,
            price=Money(price, row["currency"]).round(), expires_on=add_months(since, 12),
        )  # fmt: skip
        issue_invoices(actor, invoice_ids=[bill_pack(actor, pack_id=pack.id).id])
    _sell_with_vat(actor)


def _sell_with_vat(actor: Actor) -> None:
    """A pack of a client whose prices include VAT: the invoice comes to what the price list says."""
    domestic = Contract.objects.filter(
        kind="time_and_materials", status="active", currency="EUR", client__country=F("entity__country"),
        client__is_internal=False,
    )  # fmt: skip
    model = domestic.order_by("number").first()
    if model is None:
        return
    contract = create_contract(
        actor, client_id=model.client_id, entity_id=model.entity_id, name="Help by the hour",
        kind="time_and_materials", currency="EUR", starts_on=actor.today.replace(day=1), is_vat_inclusive=True,
    )  # fmt: skip
    pack = sell_pack(
        actor, contract_id=contract.id, name="10 hours, price with VAT", minutes=_TEN_HOURS, sold_on=actor.today,
        price=Money(_WITH_VAT, "EUR"), expires_on=add_months(actor.today, 12),
    )  # fmt: skip
    issue_invoices(actor, invoice_ids=[bill_pack(actor, pack_id=pack.id).id])


def _tens(value: Decimal) -> Decimal:
    return (value / 10).quantize(Decimal(1), ROUND_HALF_UP) * 10
