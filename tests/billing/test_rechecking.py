"""`quoin invoice validate` reads the issued files back and checks them again."""

from datetime import date
from decimal import Decimal

import pytest

from quoin.billing.actions.invoices import credit_invoice
from quoin.billing.adapters.rechecking import issued_findings
from quoin.billing.models import IssuedDocument
from tests.make import World, billing, money
from tests.make.api import api
from tests.make.cli import quoin


@pytest.fixture
def invoice(world: World):
    job = billing.job(world, rate="97.50")
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[440, 7], day=date(2026, 3, 31))
    return billing.issued(world)


def test_what_was_issued_is_valid_when_it_is_read_again(world: World, invoice) -> None:
    note = credit_invoice(world.actor, invoice_id=invoice.id, reason="Wrong")
    for row in (invoice, note):
        assert quoin(world, "invoice", "validate", row.number) == {
            "number": row.number, "is_valid": True, "findings": [],
        }  # fmt: skip
    assert api(world).get(f"/invoices/{invoice.public_id}/findings").body == {"is_valid": True, "findings": []}


def test_another_file_and_other_sums_are_found(world: World, invoice) -> None:
    with world.inside():
        stored = IssuedDocument.objects.get(invoice=invoice)
        stored.ubl = bytes(stored.ubl).replace(b">97.5", b">97.4")
        invoice.net_amount += Decimal("0.01")
        found = issued_findings(invoice, stored)

    assert {"QUOIN-HASH", "QUOIN-BOOKS"} <= {problem.code for problem in found}
    assert [p.detail for p in found if p.code == "QUOIN-HASH"] == ["The UBL file is not the one that was issued."]
