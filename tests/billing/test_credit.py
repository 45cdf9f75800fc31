"""Credit notes and corrections: mirrored documents, released work, and accounts as they were."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from quoin.billing.actions.invoices import correct_invoice, credit_invoice, issue_invoices
from quoin.billing.models import Charge, Invoice, InvoiceItem, InvoiceLine, IssuedDocument
from quoin.billing.queries.receivables import unpaid
from quoin.kernel.ids import uuid7
from quoin.timesheets.models import TimeEntry
from tests.billing_documents.official import failed_rules
from tests.make import World, billing, money

MARCH = date(2026, 3, 31)


def test_full_credit_returns_the_work_and_leaves_the_books_as_before(world: World) -> None:
    job = billing.job(world, rate="95")
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[100, 100, 100], day=MARCH)
    before = billing.balances(world)
    invoice = billing.issued(world)

    note = credit_invoice(world.actor, invoice_id=invoice.id, reason="Wrong client")

    assert (note.number, note.gross_amount) == ("HD-CN-2026-0001", invoice.gross_amount)
    assert billing.balances(world) == before
    with world.inside():
        assert set(Charge.objects.values_list("status", flat=True)) == {"unbilled"}
        assert not InvoiceItem.objects.filter(is_live=True).exists()
        assert not unpaid().exists()
        document = IssuedDocument.objects.get(invoice=note)
    assert failed_rules(bytes(document.ubl), "ubl") == []
    assert failed_rules(bytes(document.cii), "cii") == []
    assert document.position == 2


def test_case_26_part_is_credited_and_billed_again(world: World) -> None:
    job = billing.job(world, rate="100")
    ana = world.person(cost="0")
    ids = money.approved_time(world, on=job, by=ana, minutes=[540, 480, 420], day=MARCH)
    invoice = billing.issued(world, on=date(2026, 4, 5))
    with world.inside():
        wrong = Charge.objects.get(source_id=ids[1])

    note = credit_invoice(
        world.actor, invoice_id=invoice.id, charge_ids=[wrong.id], reason="8 h were 5 h", issue_on=date(2026, 4, 20)
    )
    money.reopen(world, [ids[1]])
    for change in ({"status": "open"}, {"minutes": 300, "version": 2}, {"status": "submitted"}, {"status": "approved"}):
        world.do(lambda change=change: TimeEntry.objects.filter(id=ids[1]).update(**change))
    money.approve(world, [ids[1]])
    again = billing.issued(world, on=date(2026, 4, 20))

    assert (note.net_amount, note.tax_amount, note.gross_amount) == (Decimal(800), Decimal(152), Decimal(952))
    assert (again.gross_amount, again.number) == (Decimal(595), "HD-2026-0002")
    assert billing.balances(world) == {"1100": Decimal(2499), "4000": Decimal(-2100), "2100": Decimal(-399)}


def test_correct_makes_a_credit_and_a_draft_with_the_same_work(world: World) -> None:
    job = billing.job(world, rate="95")
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[440], day=MARCH)
    invoice = billing.issued(world)

    note, draft = correct_invoice(world.actor, invoice_id=invoice.id, reason="Order number was missing")

    with world.inside():
        assert [(line.quantity, line.net_amount) for line in InvoiceLine.objects.filter(invoice=draft)] == [
            (Decimal(440), Decimal("696.67"))
        ]
        assert Charge.objects.get().status == "drafted"
        assert Invoice.objects.get(id=draft.id).gross_amount == invoice.gross_amount
    found = issue_invoices(world.actor, invoice_ids=[draft.id])
    assert found.invoices[0].number == "HD-2026-0002"
    assert note.corrects_id == invoice.id


def test_no_more_is_credited_than_was_billed(world: World) -> None:
    job = billing.job(world, rate="100")
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[60], day=MARCH)
    invoice = billing.issued(world)
    with world.inside():
        line = InvoiceLine.objects.get(invoice=invoice)
    credit_invoice(world.actor, invoice_id=invoice.id, amounts={str(line.id): Decimal(60)}, reason="Goodwill")

    with pytest.raises(Exception, match="cannot be credited"):
        credit_invoice(world.actor, invoice_id=invoice.id, amounts={str(line.id): Decimal(41)}, reason="More goodwill")

    with world.inside():
        assert Charge.objects.get().status == "billed"
        assert Invoice.objects.filter(kind="credit_note").count() == 1


def test_the_database_issues_no_credit_of_more_than_a_line_was_billed_for(world: World) -> None:
    """Whoever writes past the services is refused by the judge itself (I-22)."""
    job = billing.job(world, rate="100")
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[600], day=date(2026, 3, 31))
    invoice = billing.issued(world, on=date(2026, 4, 1))

    def issue(of: Invoice, refusal: str) -> Invoice:
        draft = Invoice.objects.create(
            kind="credit_note", corrects=of, entity=invoice.entity, client=invoice.client, currency="EUR",
            rounding=invoice.rounding, created_at=world.actor.now, payment_days=0,
        )  # fmt: skip
        line = InvoiceLine.objects.get(invoice=invoice)
        line.corrects_line_id, line.id, line.invoice, line.net_amount = line.id, uuid7(), draft, Decimal("1000.01")
        InvoiceLine.objects.bulk_create([line])
        with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
            Invoice.objects.filter(id=draft.id).update(status="issued")
        return draft

    draft = world.do(lambda: issue(invoice, "billed for less than is credited"))
    world.do(lambda: issue(draft, "is about an issued invoice"))
