"""Packs on contracts whose prices include VAT: the books are net, the invoice comes to what was agreed."""

from datetime import date
from decimal import Decimal

import pytest

from quoin.billing.actions.drafts import add_line
from quoin.billing.actions.invoices import credit_invoice, issue_invoices
from quoin.billing.actions.packs import bill_pack, refund_pack, sell_pack
from quoin.billing.models import Invoice, InvoiceLine, IssuedDocument, PrepaidPack
from quoin.billing.queries.packs import pack_for, pack_out
from quoin.billing.services.totals import refresh_draft
from tests.billing.test_packs import SOLD, invoiced, left, work
from tests.billing.test_story import broken
from tests.billing_documents.official import failed_rules
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


# By hand: 84.08 + 10.00 = 94.08 net, 17.88 VAT (17.8752), together 111.96; agreed are 100.05 + 11.90 = 111.95.
def test_beside_other_lines_the_pack_still_costs_what_was_agreed(world: World, job) -> None:
    pack = sell(world, job, "100.05", minutes=600)
    draft = bill_pack(world.actor, pack_id=pack.id)
    line = add_line(world.actor, invoice_id=draft.id, description="Manual", quantity=Decimal(1), unit_price=Decimal(10))
    with world.inside():
        row = Invoice.objects.get(id=draft.id)
    assert (row.net_amount, row.tax_amount, row.rounding_amount) == (
        Decimal("94.08"), Decimal("17.88"), Decimal("-0.01"),
    )  # fmt: skip

    (invoice,) = issue_invoices(world.actor, invoice_ids=[draft.id], issue_on=SOLD).invoices
    assert billing.balances(world)["1100"] == Decimal("111.95")
    with world.inside():
        document = IssuedDocument.objects.get(invoice=invoice)
    assert failed_rules(bytes(document.ubl), "ubl") == []
    assert failed_rules(bytes(document.cii), "cii") == []

    # The other line goes back at its own gross; the rest with what was rounded, so that nothing stays open.
    part = credit_invoice(world.actor, invoice_id=invoice.id, amounts={str(line.id): Decimal(10)}, reason="Not agreed")
    assert (part.gross_amount, part.rounding_amount) == (Decimal("11.90"), 0)
    rest = refund_pack(world.actor, pack_id=pack.id, reason="The client leaves")
    assert rest.gross_amount + rest.rounding_amount == Decimal("100.05")
    assert "1100" not in billing.balances(world)
    assert broken(world) == []


def test_a_run_bills_packs_with_work_at_their_agreed_price(world: World, job) -> None:
    work(world, job, "1", date(2026, 1, 5))
    for price in ("100.05", "49.99"):
        sell(world, job, price, minutes=60)

    invoice = billing.issued(world)

    # 100 of the hour is net 100.00 and gross 119.00; by hand 100.05 + 49.99 + 119.00 = 269.04.
    assert invoice.gross_amount + invoice.rounding_amount == Decimal("269.04")
    assert broken(world) == []


def test_a_pack_that_is_billed_in_part_is_not_rounded(world: World, job) -> None:
    draft = bill_pack(world.actor, pack_id=sell(world, job, "100.05", minutes=600).id)
    world.do(lambda: InvoiceLine.objects.filter(invoice=draft).update(net_amount=Decimal("50.00")))

    with world.inside():
        row = Invoice.objects.select_related("entity", "client").get(id=draft.id)
    found = world.do(lambda: refresh_draft(row))

    assert found.rounding_amount == 0


def test_command_line_sells_with_vat(world: World, job) -> None:
    with world.inside():
        number = job.contract.number

    told = quoin(world, "pack", "sell", "Ten hours", "--contract", number, "--hours", "10", "--price", "1190")

    assert "1190.00" in str(told)
