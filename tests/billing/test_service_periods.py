"""Fees and instalments last to the end of their month: on the draft, in the PDF, in both e-invoices."""

from datetime import date
from decimal import Decimal

import pytest

from quoin.billing.actions.invoices import credit_invoice, issue_invoices
from quoin.billing.actions.pricing import charge_what_is_due
from quoin.billing.adapters.cii_reader import read_cii
from quoin.billing.adapters.ubl_reader import read_ubl
from quoin.billing.models import InvoiceLine, IssuedDocument
from quoin.billing.rules.einvoice import Delivery, InvoicingPeriod
from quoin.sales.actions.contracts import MilestonePlan, plan_milestones
from tests.billing_documents.official import failed_rules
from tests.make import World, billing, money

MAY = InvoicingPeriod(date(2026, 5, 1), date(2026, 5, 31))


def retainer(world: World, *, since: date = MAY.start):
    terms = money.contract(
        world, of=billing.buyer(world, language="de"), kind="retainer", retainer_fee=Decimal(6000),
        retainer_minutes=2400, overage_rate_per_hour=Decimal(160),
    )  # fmt: skip
    world.do(lambda: type(terms).objects.filter(id=terms.id).update(starts_on=since))
    return terms


def read(world: World, invoice):
    with world.inside():
        stored = IssuedDocument.objects.get(invoice=invoice)
    assert failed_rules(bytes(stored.ubl), "ubl") == []
    assert failed_rules(bytes(stored.cii), "cii") == []
    return read_ubl(bytes(stored.ubl)), read_cii(bytes(stored.cii)), stored


def test_a_fee_billed_ahead_says_its_whole_month(world: World) -> None:
    retainer(world)
    charge_what_is_due(world.actor, on=date(2026, 5, 4))

    draft = billing.draft(world, until=date(2026, 5, 4))
    assert (draft.period_from, draft.period_until) == (MAY.start, MAY.end)
    invoice = issue_invoices(world.actor, invoice_ids=[draft.id], issue_on=date(2026, 5, 4)).invoices[0]

    # Taxed when it is billed; nothing was delivered on a day that lies ahead.
    assert (invoice.tax_point_on, invoice.period_until) == (date(2026, 5, 4), MAY.end)
    for document in read(world, invoice)[:2]:
        (line,) = document.lines
        assert (document.period, line.period, document.delivery) == (MAY, MAY, Delivery(name="Kranich Verlag AG"))
        assert line.item.name.endswith(", Mai 2026")

    note = credit_invoice(world.actor, invoice_id=invoice.id, reason="Wrong fee", issue_on=date(2026, 5, 4))
    for document in read(world, note)[:2]:
        assert (document.period, document.lines[0].period) == (MAY, MAY)


def test_a_fee_and_work_of_another_month_say_both(world: World) -> None:
    terms = retainer(world, since=date(2026, 4, 1))
    money.rate_card(world, rate="100")
    job = money.project(world, under=money.contract(world, of=terms.client))
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[60], day=date(2026, 3, 20))
    charge_what_is_due(world.actor, on=date(2026, 4, 30))

    invoice = billing.issued(world, until=date(2026, 4, 30), on=date(2026, 5, 4))

    document, last = read(world, invoice)[0], date(2026, 4, 30)
    assert document.period == InvoicingPeriod(date(2026, 3, 20), last)
    assert (invoice.tax_point_on, document.delivery) == (last, Delivery(on=last))
    assert [line.period for line in document.lines if line.period] == [InvoicingPeriod(date(2026, 4, 1), last)]


@pytest.mark.parametrize(("due", "until"), [(date(2026, 4, 1), date(2026, 4, 30)), (date(2026, 4, 17), None)])
def test_an_instalment_stands_for_its_month_or_its_day(world: World, due: date, until: date | None) -> None:
    terms = money.contract(world, of=billing.buyer(world), kind="fixed_price", fixed_amount=Decimal(300))
    parts = [MilestonePlan(name="Instalment", amount=Decimal(300), due_on=due, bills_on_due_day=True)]
    plan_milestones(world.actor, contract_id=terms.id, milestones=parts)
    charge_what_is_due(world.actor, on=date(2026, 5, 4))

    draft = billing.draft(world, until=date(2026, 5, 4))

    assert (draft.period_from, draft.period_until) == (due, until or due)
    with world.inside():
        assert InvoiceLine.objects.get(invoice=draft).description == "Instalment"
