"""Packs on contracts whose prices include VAT: the books are net, the invoice comes to what was agreed."""

from datetime import date
from decimal import Decimal

import pytest

from quoin.billing.actions.drafts import add_line
from quoin.billing.actions.invoices import issue_invoices
from quoin.billing.actions.packs import bill_pack, refund_pack, sell_pack
from quoin.billing.models import Invoice, InvoiceLine, PrepaidPack
from quoin.billing.queries.packs import pack_for, pack_out
from tests.billing.test_packs import SOLD, invoiced, left, work
from tests.billing.test_story import broken
from tests.make import World, billing
from tests.make.cli import quoin


@pytest.fixture
def job(world: World):
    return billing.job(world, rate="119.00", is_vat_inclusive=True)


def sell(world: World, job, price: str, **fields) -> PrepaidPack:
    return sell_pack(
        world.actor, contract_id=job.contract_id, price=billing.eur(price), name="Ahead", sold_on=SOLD, **fields
    )


# By hand at 19 %: 100.03 / 1.19 = 84.06 net and 15.97 VAT, together 100.03.
# 100.05 / 1.19 = 84.08 net and 15.98 VAT, together 100.06: a cent too much, which is rounded off.
@pytest.mark.parametrize(
    ("price", "net", "vat", "rounding"),
    [("1190.00", "1000.00", "190.00", "0"), ("100.03", "84.06", "15.97", "0"), ("100.05", "84.08", "15.98", "-0.01")],
)
def test_the_invoice_of_a_pack_comes_to_the_agreed_price(
    world: World, job, price: str, net: str, vat: str, rounding: str
) -> None:
    pack = sell(world, job, price, minutes=600)
    assert (pack.price_amount, pack.entered_amount) == (Decimal(net), Decimal(price))

    invoice = invoiced(world, pack)

    assert (invoice.net_amount, invoice.tax_amount, invoice.rounding_amount) == (
        Decimal(net), Decimal(vat), Decimal(rounding),
    )  # fmt: skip
    books = billing.balances(world)
    assert (books["1100"], books["2200"], books["2100"]) == (Decimal(price), -Decimal(net), -Decimal(vat))
    assert broken(world) == []


def test_work_earns_the_net_and_the_rest_is_paid_back_with_its_vat(world: World, job) -> None:
    pack = sell(world, job, "1190.00", minutes=600)
    invoiced(world, pack)
    work(world, job, "4", date(2026, 3, 2))

    assert left(world, pack) == (360, 600)
    assert billing.balances(world)["4030"] == -400
    assert broken(world) == []

    note = refund_pack(world.actor, pack_id=pack.id, reason="The client leaves")

    assert (note.net_amount, note.gross_amount) == (600, 714)
    assert "2200" not in billing.balances(world)
    assert broken(world) == []


def test_a_pack_of_money_holds_work_at_its_agreed_prices(world: World, job) -> None:
    pack = sell(world, job, "1000.00", value="1190.00")
    work(world, job, "4", date(2026, 3, 2))

    assert left(world, pack)[0] == 600
    with world.inside():
        told = pack_out(pack_for(world.actor, pack.id))
    assert told["price_with_vat"] == {"amount": "1000.00", "currency": "EUR"}
    assert told["price"] == {"amount": "840.34", "currency": "EUR"}
    assert broken(world) == []


def test_a_draft_that_gets_another_line_is_not_rounded_any_more(world: World, job) -> None:
    draft = bill_pack(world.actor, pack_id=sell(world, job, "100.05", minutes=600).id)
    assert draft.rounding_amount == Decimal("-0.01")

    add_line(world.actor, invoice_id=draft.id, description="Manual", quantity=Decimal(1), unit_price=Decimal(10))

    with world.inside():
        row = Invoice.objects.get(id=draft.id)
        line = InvoiceLine.objects.filter(invoice=draft, is_manual=False).get()
    assert (row.rounding_amount, line.net_amount) == (0, Decimal("84.08"))
    assert not issue_invoices(world.actor, invoice_ids=[draft.id], issue_on=SOLD).refused
    assert broken(world) == []


def test_command_line_sells_with_vat(world: World, job) -> None:
    with world.inside():
        number = job.contract.number

    told = quoin(world, "pack", "sell", "Ten hours", "--contract", number, "--hours", "10", "--price", "1190")

    assert "1190.00" in str(told)
