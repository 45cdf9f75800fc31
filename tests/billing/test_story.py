"""From approved work to cash and back again, in euros and dollars; every invariant holds after each step."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from quoin.billing.actions.drafts import add_line, create_invoice
from quoin.billing.actions.invoices import correct_invoice, credit_invoice, issue_invoices
from quoin.billing.actions.lines import write_line_down
from quoin.billing.actions.payments import record_payment, take_back_payment
from quoin.billing.actions.runs import build_run
from quoin.billing.models import Charge, Invoice, InvoiceItem, InvoiceLine, InvoiceTax
from quoin.kernel.errors import Conflict
from quoin.kernel.money import Money
from quoin.ledger.models import FxRate
from tests.make import World, billing, money

MARCH = date(2026, 3, 31)


def broken(world: World) -> list[tuple]:
    """Rows of all invariant views for the tenant."""
    found = []
    with world.inside(), connection.cursor() as cursor:
        cursor.execute("SELECT viewname FROM pg_views WHERE schemaname = 'audit_check' AND viewname LIKE 'inv_%'")
        for (view,) in cursor.fetchall():
            cursor.execute(f"SELECT '{view}', subject, detail FROM audit_check.{view} WHERE tenant_id IS NOT NULL")
            found += cursor.fetchall()
    return found


def test_the_life_of_invoices_breaks_no_invariant(world: World) -> None:
    job = billing.job(world, rate="95")
    money.approved_time(world, on=job, by=world.person(), minutes=[100, 100, 100, 440, 7], day=MARCH)
    assert broken(world) == []
    invoice = billing.issued(world)
    assert broken(world) == []
    payment = record_payment(
        world.actor, client_id=invoice.client_id, amount=billing.eur("500.00"), received_on=date(2026, 5, 1)
    )
    take_back_payment(world.actor, payment_id=payment.id, reason="Bounced")
    assert broken(world) == []
    _, draft = correct_invoice(world.actor, invoice_id=invoice.id, reason="Order number")
    assert broken(world) == []
    again = issue_invoices(world.actor, invoice_ids=[draft.id]).invoices[0]
    record_payment(world.actor, client_id=again.client_id, amount=billing.eur("2000.00"), received_on=date(2026, 5, 2))
    assert broken(world) == []


def test_dollars_leave_nothing_on_unbilled_work(world: World) -> None:
    FxRate.objects.bulk_create(
        [
            FxRate(currency="USD", on=on, per_euro=rate, source="test")
            for on, rate in ((MARCH, "1.1"), (date(2026, 5, 1), "1.2"))
        ],
        ignore_conflicts=True,
    )
    money.rate_card(world, rate="97", currency="USD")
    job = billing.job(world, rate="", of=billing.buyer(world, currency="USD"), currency="USD")
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[100, 100, 100], day=MARCH)
    invoice = billing.issued(world)
    record_payment(
        world.actor, client_id=invoice.client_id, amount=Money(invoice.gross_amount, "USD").round(),
        received_on=date(2026, 5, 1),
    )  # fmt: skip

    found = billing.balances(world)
    assert "1150" not in found
    assert "1100" not in found
    assert found["7010"] > 0
    assert broken(world) == []


def test_case_4_write_down_on_a_draft(world: World) -> None:
    job = billing.job(world, rate="100")
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[480] * 6 + [120], day=MARCH)
    draft = billing.draft(world)
    with world.inside():
        line = InvoiceLine.objects.get(invoice=draft)

    write_line_down(world.actor, line_id=line.id, billed_minutes=42 * 60, reason="Agreed with the client")

    found = billing.balances(world)
    assert (found["1150"], found["4900"], found["4000"]) == (Decimal(4200), Decimal(800), Decimal(-5000))
    issue_invoices(world.actor, invoice_ids=[draft.id])
    found = billing.balances(world)
    assert (found.get("1150"), found["1100"]) == (None, Decimal(4998))
    assert broken(world) == []


def test_case_21_vat_is_computed_once_per_category(world: World) -> None:
    draft = create_invoice(world.actor, client_id=billing.buyer(world).id)
    for number in range(3):
        add_line(world.actor, invoice_id=draft.id, description=f"Part {number}", unit_price=Decimal("33.33"))
    issue_invoices(world.actor, invoice_ids=[draft.id])
    assert billing.balances(world) == {"1100": Decimal("118.99"), "4000": Decimal("-99.99"), "2100": Decimal(-19)}


def test_case_22_prices_with_vat_come_to_the_agreed_total(world: World) -> None:
    draft = create_invoice(world.actor, client_id=billing.buyer(world).id, is_vat_inclusive=True)
    for number in range(3):
        add_line(world.actor, invoice_id=draft.id, description=f"Part {number}", unit_price=Decimal("99.99"))
    found = issue_invoices(world.actor, invoice_ids=[draft.id])
    assert found.refused == ()
    (invoice,) = found.invoices
    assert invoice.gross_amount + invoice.rounding_amount == Decimal("299.97")
    assert billing.balances(world) == {
        "1100": Decimal("299.97"), "4000": Decimal("-252.08"), "2100": Decimal("-47.90"), "6900": Decimal("0.01"),
    }  # fmt: skip


def test_a_cap_bills_what_fits_and_keeps_the_rest(world: World) -> None:
    job = billing.job(world, rate="100", cap_amount=Decimal(1000))
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[480, 480], day=MARCH)
    invoice = billing.issued(world)

    assert invoice.net_amount == Decimal(1000)
    with world.inside():
        assert sorted(Charge.objects.values_list("status", "amount")) == [
            ("billed", Decimal(200)), ("billed", Decimal(800)), ("unbilled", Decimal(600)),
        ]  # fmt: skip
    assert build_run(world.actor, work_until=MARCH).drafts == ()
    credit_invoice(world.actor, invoice_id=invoice.id, reason="Again")
    assert broken(world) == []


@pytest.mark.parametrize("table", [Invoice, InvoiceLine, InvoiceTax, InvoiceItem])
def test_no_column_of_an_issued_document_changes(world: World, table) -> None:
    job = billing.job(world, rate="100")
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[60], day=MARCH)
    billing.issued(world)
    for field in table._meta.concrete_fields:
        column = field.column
        if column == "tenant_id":
            continue
        kind = "ForeignKey" if field.is_relation else field.get_internal_type()
        value = {"BooleanField": f"NOT {column}", "JSONField": "'{\"x\": 1}'::jsonb"}.get(kind)
        if value is None:
            value = {"UUIDField": "gen_random_uuid()", "ForeignKey": "gen_random_uuid()", "DateField": "current_date - 9000",
                     "DateTimeField": "now()", "DecimalField": f"coalesce({column}, 0) + 1"}.get(kind)  # fmt: skip
        if value is None:
            value = f"coalesce({column}, 0) + 1" if "Integer" in kind else "'x'"
        if (table, column) == (InvoiceItem, "is_live"):
            continue

        def flip(column: str = column, value: str = value) -> None:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"UPDATE {table._meta.db_table} SET {column} = {value} WHERE tenant_id = %s", [world.tenant_id]
                )

        with pytest.raises(Conflict, match=r"never changes") as refused:
            world.do(flip)
        assert "never changes" in str(refused.value), (column, refused.value)
