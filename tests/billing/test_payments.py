"""Payments, cash discount, overpayment, reversal, exchange differences, retention, and bank files."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quoin.base.events.models import Event
from quoin.billing.actions.bank import import_statement, match_exact
from quoin.billing.actions.payments import apply_payment, record_payment, release_retention, take_back_payment
from quoin.billing.adapters.bank_files import BankFileUnreadable
from quoin.billing.models import BankLine, Payment, PaymentApplication
from quoin.billing.queries.receivables import ageing, proposals, unpaid
from quoin.billing.services.paying import Receipt, record_all
from quoin.billing.types import Share
from quoin.kernel.errors import Conflict
from tests.make import World, billing, money

MARCH = date(2026, 3, 31)


@pytest.fixture
def invoice(world: World):
    job = billing.job(world, rate="100")
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[600], day=MARCH)
    return billing.issued(world, on=date(2026, 4, 1))


def pay(world: World, invoice, amount: str, **fields) -> Payment:
    fields.setdefault("received_on", date(2026, 4, 9))
    return record_payment(world.actor, client_id=invoice.client_id, amount=billing.eur(amount), **fields)


def test_part_payment_then_the_rest_closes_the_invoice(world: World, invoice) -> None:
    pay(world, invoice, "1000.00")
    with world.inside():
        assert [(row.number, row.open_amount) for row in unpaid()] == [(invoice.number, Decimal("190.00"))]

    pay(world, invoice, "190.00")

    with world.inside():
        assert not unpaid().exists()
    assert billing.balances(world) == {"1000": Decimal(1190), "4000": Decimal(-1000), "2100": Decimal(-190)}


def test_the_database_applies_no_more_than_is_open_or_was_paid(world: World, invoice) -> None:
    """Whoever writes past the services is refused by the judge itself (I-21)."""
    payment = pay(world, invoice, "100.00", shares=[])

    def apply(**fields) -> PaymentApplication:
        told = {"payment": payment, "invoice": invoice, "base_amount": 0, "applied_on": MARCH}
        return PaymentApplication.objects.create(**told, applied_at=world.actor.now, **fields)

    for fields in ({"amount": "100.01"}, {"amount": "-1.00"}, {"amount": "100.00", "discount_amount": "1090.01"}):
        with pytest.raises(Exception, match=r"less than that"):
            world.do(lambda fields=fields: apply(**fields))

    with world.inside():
        assert not PaymentApplication.objects.exists()


def test_two_receipts_for_one_invoice_are_recorded_one_after_the_other(world: World, invoice) -> None:
    receipts = [
        Receipt(
            entity=invoice.entity, client_id=invoice.client_id, received=billing.eur(amount),
            received_on=date(2026, 4, day),
        )
        for amount, day in (("1000.00", 9), ("200.00", 10))
    ]  # fmt: skip
    shares = [Share(invoice_id=invoice.id)]

    payments = world.do(lambda: record_all(world.actor, [(receipt, shares) for receipt in receipts]))

    assert [payment.amount for payment in payments] == [Decimal(1000), Decimal(200)]
    assert billing.balances(world) == {
        "1000": Decimal(1200), "4000": Decimal(-1000), "2100": Decimal(-190), "2700": Decimal(-10),
    }  # fmt: skip
    with world.inside():
        assert not unpaid().exists()


def test_case_39_cash_discount_reduces_revenue_and_vat(world: World, invoice) -> None:
    share = Share(invoice_id=invoice.id, discount_percent=Decimal(2))
    pay(world, invoice, "1166.20", shares=[share])

    assert billing.balances(world) == {
        "1000": Decimal("1166.20"), "6200": Decimal(20), "2100": Decimal("-186.20"), "4000": Decimal(-1000),
    }  # fmt: skip
    with world.inside():
        assert not unpaid().exists()


def test_overpayment_waits_as_credit_and_pays_the_next_invoice(world: World, invoice) -> None:
    payment = pay(world, invoice, "1200.00")
    assert billing.balances(world)["2700"] == Decimal(-10)
    with pytest.raises(Conflict, match="Nothing is left"):
        apply_payment(world.actor, payment_id=payment.id)


def test_taking_back_opens_the_invoice_again(world: World, invoice) -> None:
    before = billing.balances(world)
    payment = pay(world, invoice, "1200.00")

    take_back_payment(world.actor, payment_id=payment.id, reason="Bounced")

    assert billing.balances(world) == before
    with world.inside():
        assert unpaid().get().open_amount == Decimal(1190)
    with pytest.raises(Conflict, match="taken back already"):
        take_back_payment(world.actor, payment_id=payment.id, reason="Again")


def test_case_13_retention_is_due_after_acceptance(world: World) -> None:
    job = billing.job(world, rate="100", retention_ratio=Decimal("0.1"))
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[480] * 50, day=MARCH)
    held = billing.issued(world, on=date(2026, 4, 1))
    assert billing.balances(world) == {
        "1100": Decimal(43600), "1110": Decimal(4000), "4000": Decimal(-40000), "2100": Decimal(-7600),
    }  # fmt: skip

    pay(world, held, "43600.00")
    with world.inside():
        (aged,) = ageing(world.actor)
    assert {band.value: amount.amount for band, amount in aged.bands if amount} == {"not_due": Decimal(4000)}
    release_retention(world.actor, invoice_id=held.id, accepted_on=date(2026, 5, 1))

    found = billing.balances(world)
    assert (found["1100"], found.get("1110")) == (Decimal(4000), None)


CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Ntry><Amt Ccy="EUR">1190.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-04-20</Dt></BookgDt>
<AcctSvcrRef>B-1</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RltdPties><Dbtr>
<Nm>Kranich Verlag AG</Nm></Dbtr><DbtrAcct><Id><IBAN>DE75512108001245126199</IBAN></Id></DbtrAcct></RltdPties>
<RmtInf><Ustrd>Invoice {number}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">55.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><BookgDt><Dt>2026-04-20</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>"""


def test_bank_file_is_imported_once_and_matched(world: World, invoice) -> None:
    content = CAMT.format(number=invoice.number).encode()
    found = import_statement(world.actor, entity_id=world.entity.id, file_name="a.xml", content=content)
    with world.inside():
        (own,) = proposals(world.actor).values()
    assert (found.new, own[0].score, own[0].is_exact) == (1, 100, True)

    assert match_exact(world.actor) == 1

    with world.inside():
        assert BankLine.objects.get().payment is not None
        assert not unpaid().exists()
    with pytest.raises(Conflict, match="imported already"):
        import_statement(world.actor, entity_id=world.entity.id, file_name="b.xml", content=content)


def test_a_bank_file_with_a_document_type_is_refused(world: World) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><Document>&x;</Document>'
    with pytest.raises(BankFileUnreadable, match="document type"):
        import_statement(world.actor, entity_id=world.entity.id, file_name="a.xml", content=bomb)


def test_csv_of_a_german_bank_is_read(world: World) -> None:
    content = "Buchungstag;Name;Verwendungszweck;Betrag;Währung\n20.04.2026;Kranich;HD-2026-0001;1.190,00;EUR\n"
    import_statement(world.actor, entity_id=world.entity.id, file_name="a.csv", content=content.encode("cp1252"))
    with world.inside():
        line = BankLine.objects.get()
    assert (line.amount, line.booked_on, line.text) == (Decimal(1190), date(2026, 4, 20), "HD-2026-0001")


def test_exact_lines_are_recorded_together(world: World) -> None:
    job = billing.job(world, rate="100")
    invoices = []
    for day in (28, 29, 30, 31):
        money.approved_time(
            world, on=job, by=world.person(cost="0", name=f"P{day}"), minutes=[60], day=date(2026, 3, day)
        )
        invoices.append(billing.issued(world, on=date(2026, 4, 1)))

    def matched(own) -> int:
        rows = "".join(f"20.04.2026;Kranich;{one.number};119,00;EUR\n" for one in own)
        content = f"Buchungstag;Name;Verwendungszweck;Betrag;Währung\n{rows}".encode("cp1252")
        import_statement(world.actor, entity_id=world.entity.id, file_name="a.csv", content=content)
        with CaptureQueriesContext(connection) as queries:
            assert match_exact(world.actor) == len(own)
        return len(queries)

    assert matched(invoices[1:]) == matched(invoices[:1])

    with world.inside():
        assert not unpaid().exists()
        assert BankLine.objects.filter(payment__isnull=False).count() == len(invoices)
        assert Event.objects.filter(name="billing.payment.recorded").count() == len(invoices)
    assert billing.balances(world)["1000"] == Decimal(476)


def test_a_line_that_names_invoices_of_two_clients_is_left_for_a_person(world: World) -> None:
    ana, numbers = world.person(cost="0"), []
    for name, vat_id in (("Kranich Verlag AG", "DE811569869"), ("Reiher GmbH", "DE136695976")):
        job = billing.job(world, rate="" if numbers else "100", of=billing.buyer(world, name=name, vat_id=vat_id))
        money.approved_time(world, on=job, by=ana, minutes=[60], day=date(2026, 3, 30 + len(numbers)))
        numbers.append(billing.issued(world, on=date(2026, 4, 1)).number)
    rows = f"20.04.2026;Kranich;{' '.join(numbers)};238,00;EUR\n"
    content = f"Buchungstag;Name;Verwendungszweck;Betrag;Währung\n{rows}".encode("cp1252")
    import_statement(world.actor, entity_id=world.entity.id, file_name="a.csv", content=content)

    assert match_exact(world.actor) == 0
