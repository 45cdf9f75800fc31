"""Issuing: numbers, documents that the official rules accept, journals of the worked cases, and what never changes."""

import io
from datetime import date
from decimal import Decimal

import pikepdf
import pytest

from quoin.billing.actions.invoices import issue_invoices
from quoin.billing.models import Charge, Invoice, IssuedDocument
from quoin.billing.services.issuing import FIRST_HASH, chain_hash
from quoin.kernel.errors import DomainError
from tests.billing_documents.official import failed_rules, schema_errors
from tests.make import World, billing, money

MARCH = date(2026, 3, 31)


def test_case_2_invoice_clears_unbilled_work(world: World) -> None:
    job = billing.job(world, rate="100")
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[540, 480, 420], day=MARCH)

    invoice = billing.issued(world, on=date(2026, 4, 5))

    assert (invoice.number, invoice.gross_amount) == ("HD-2026-0001", Decimal("2856.00"))
    assert billing.balances(world) == {"4000": Decimal(-2400), "1100": Decimal(2856), "2100": Decimal(-456)}
    with world.inside():
        assert set(Charge.objects.values_list("status", flat=True)) == {"billed"}


def test_rounding_of_a_line_leaves_nothing_unbilled(world: World) -> None:
    job = billing.job(world, rate="95")
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[100, 100, 100], day=MARCH)
    money.approved_time(world, on=job, by=world.person(name="Bo", cost="0"), minutes=[50, 50, 50, 50], day=MARCH)

    billing.issued(world)

    found = billing.balances(world)
    assert "1150" not in found
    assert found["4000"] == -billing.eur("791.67").amount


def test_documents_pass_the_official_rules_and_the_chain_holds(world: World) -> None:
    job = billing.job(world, rate="95")
    for month in (2, 3):
        money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[440], day=date(2026, month, 28))
    first = billing.issued(world, until=date(2026, 2, 28), on=date(2026, 3, 1))
    billing.issued(world, until=MARCH, on=date(2026, 4, 1))

    with world.inside():
        one, two = IssuedDocument.objects.order_by("position")
    for document in (one, two):
        assert failed_rules(bytes(document.ubl), "ubl") == []
        assert failed_rules(bytes(document.cii), "cii") == []
        assert schema_errors(bytes(document.ubl)) == []
    assert one.content["document"]["number"] == first.number
    assert (one.previous_hash, two.previous_hash) == (FIRST_HASH, one.hash)
    assert one.hash == chain_hash(FIRST_HASH, one.content)
    assert two.hash == chain_hash(one.hash, two.content)


@pytest.mark.parametrize(("wish", "pages"), [(True, 2), (False, 1)])
def test_hours_are_printed_where_the_contract_lists_them(world: World, wish, pages) -> None:
    job = billing.job(world, shows_hours=wish)
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[440], day=MARCH)

    billing.issued(world)

    with world.inside(), pikepdf.open(io.BytesIO(bytes(IssuedDocument.objects.get().pdf))) as printed:
        assert len(printed.pages) == pages


def test_a_client_without_an_address_is_refused_with_the_reason(world: World) -> None:
    job = billing.job(world, of=money.client(world, name="Nameless", country=""))
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[60], day=MARCH)
    draft = billing.draft(world)

    found = issue_invoices(world.actor, invoice_ids=[draft.id])

    assert not found.invoices
    assert "BR-11" in {problem.code for problem in found.refused[0].problems}
    with world.inside():
        assert Invoice.objects.get().status == "draft"
        assert Invoice.objects.get().number is None


def test_dates_never_go_back_in_a_series(world: World) -> None:
    job = billing.job(world)
    ana = world.person(cost="0")
    money.approved_time(world, on=job, by=ana, minutes=[60], day=date(2026, 2, 10))
    money.approved_time(world, on=job, by=ana, minutes=[60], day=MARCH)
    billing.issued(world, until=date(2026, 2, 28), on=date(2026, 4, 5))

    with pytest.raises(DomainError, match="earlier date"):
        billing.issued(world, on=date(2026, 4, 1))

    assert billing.issued(world, on=date(2026, 4, 6)).number == "HD-2026-0002"
