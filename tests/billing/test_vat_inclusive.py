"""Rates that include VAT: revenue is net from the approval on, and the invoice comes to what was agreed."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.billing.models import Charge
from quoin.billing.rules.net_rates import net_rate
from quoin.kernel.errors import Invalid
from quoin.kernel.money import Money
from quoin.sales.actions.contracts import create_contract
from tests.billing.test_story import broken
from tests.make import World, billing, money

MARCH = date(2026, 3, 31)


@given(
    rate=st.decimals(min_value=1, max_value=999, places=2),
    percent=st.decimals(min_value=0, max_value=27, places=1),
    hours=st.integers(1, 2000),
)
def test_a_net_rate_with_its_vat_comes_back_to_the_gross(rate: Decimal, percent: Decimal, hours: int) -> None:
    net = net_rate(Money(rate, "EUR"), vat_percent=percent).amount * hours
    gross = net * (100 + percent) / 100
    assert abs(gross - rate * hours) < Decimal("0.005")


def test_work_earns_net_and_the_invoice_is_gross_as_agreed(world: World) -> None:
    job = billing.job(world, rate="119", is_vat_inclusive=True)
    money.approved_time(world, on=job, by=world.person(cost="0"), minutes=[480, 300, 7], day=MARCH)

    with world.inside():
        assert sorted(Charge.objects.values_list("amount", flat=True)) == [Decimal("11.67"), Decimal(500), Decimal(800)]
    assert billing.balances(world) == {"1150": Decimal("1311.67"), "4000": Decimal("-1311.67")}
    invoice = billing.issued(world)

    assert (invoice.net_amount, invoice.gross_amount) == (Decimal("1311.67"), Decimal("1560.89"))
    assert billing.balances(world) == {
        "1100": Decimal("1560.89"), "4000": Decimal("-1311.67"), "2100": Decimal("-249.22"),
    }  # fmt: skip
    assert broken(world) == []


def test_a_price_or_fee_is_written_without_vat(world: World) -> None:
    with pytest.raises(Invalid, match="Only rates per hour"):
        create_contract(
            world.actor, client_id=money.client(world).id, name="Fixed", kind="fixed_price", fixed_amount=Decimal(1000),
            is_vat_inclusive=True,
        )  # fmt: skip
