"""A month's end with work and claims in dollars, from the approved hours to the money on the bank, told in order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from quoin.billing.actions.payments import record_payment
from quoin.billing.types import Share
from quoin.kernel.money import Money
from quoin.ledger.actions.periods import close_period, revalue_period
from quoin.ledger.models import FxRate
from tests.billing.test_story import broken
from tests.make import World, billing, money

BILLED, MARCH, NEXT = date(2026, 3, 10), date(2026, 3, 31), date(2026, 4, 1)
PAID, APRIL = date(2026, 4, 15), date(2026, 4, 30)
SOURCE = "test in dollars"


@pytest.fixture(autouse=True)
def _dollars() -> Iterator[None]:
    quotes = {BILLED: "1.25", MARCH: "1.60", PAID: "1.28", APRIL: "1.28"}
    FxRate.objects.bulk_create(
        FxRate(currency="USD", on=on, per_euro=Decimal(rate), source=SOURCE) for on, rate in quotes.items()
    )
    yield
    FxRate.objects.filter(source=SOURCE).delete()


def test_a_claim_in_dollars_over_a_month_end(world: World) -> None:
    # Ten hours at 100 dollars are approved and invoiced on 10 March at 0.80, with 19 % VAT.
    job = billing.job(world, of=billing.buyer(world, currency="USD"), rate="", currency="USD")
    money.rate_card(world, rate="100", currency="USD")
    ana = world.person(cost="0")
    money.approved_time(world, on=job, by=ana, minutes=[600], day=BILLED)
    invoice = billing.issued(world, on=BILLED)
    # Five more hours stay unbilled.
    money.approved_time(world, on=job, by=ana, minutes=[300], day=BILLED)
    plain = {"1100": Decimal("952.00"), "1150": Decimal(400), "2100": Decimal(-152), "4000": Decimal(-1200)}
    assert billing.balances(world) == plain

    # On 31 March a dollar is 0.625: the claim of 1,190 is worth 743.75, the work of 500 is worth 312.50. VAT stays.
    assert len(revalue_period(world.actor, entity_id=world.entity.id, month="2026-03")) == 2
    assert billing.balances(world, MARCH) == {
        "1100": Decimal("743.75"), "1150": Decimal("312.50"), "2100": Decimal(-152), "4000": Decimal(-1200),
        "7010": Decimal("295.75"),
    }  # fmt: skip
    assert billing.balances(world, NEXT) == plain
    assert broken(world) == []
    close_period(world.actor, entity_id=world.entity.id, month="2026-03")

    # On 15 April the client pays at 0.78125: 929.69 for a claim that stands at 952 again. The loss is what it always was.
    record_payment(
        world.actor, client_id=invoice.client_id, amount=Money(Decimal("1190.00"), "USD"),
        shares=[Share(invoice_id=invoice.id)], entity_id=invoice.entity_id, received_on=PAID,
    )  # fmt: skip
    assert billing.balances(world) == {
        "1010": Decimal("929.69"), "1150": Decimal(400), "2100": Decimal(-152), "4000": Decimal(-1200),
        "7010": Decimal("22.31"),
    }  # fmt: skip

    # At April's end only the work is worth less than it is carried at: the money came in at this rate.
    revalue_period(world.actor, entity_id=world.entity.id, month="2026-04")
    assert billing.balances(world, APRIL) == {
        "1010": Decimal("929.69"), "1150": Decimal("390.63"), "2100": Decimal(-152), "4000": Decimal(-1200),
        "7010": Decimal("31.68"),
    }  # fmt: skip
    assert broken(world) == []
