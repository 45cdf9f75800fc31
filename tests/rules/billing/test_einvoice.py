"""Completing documents: quantities that explain their amounts, totals that add up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.billing.rules.einvoice import CREDIT_NOTE, InvoiceDocument, InvoiceLine, Price
from quoin.billing.rules.einvoice_totals import line_amount, time_price
from quoin.kernel.money import for_minutes
from tests.billing_documents.samples import credit_note, full, simple
from tests.billing_documents.strategies import documents


def test_time_of_case_1_is_billed_in_minutes_per_60():
    quantity, unit, price = time_price(440, Decimal("95.00"))
    line = InvoiceLine(quantity=quantity, unit=unit, price=price)

    assert (quantity, unit) == (Decimal(440), "MIN")
    assert price == Price(net=Decimal("95.00"), base_quantity=Decimal(60), base_unit="MIN")
    assert line_amount(line, "EUR") == Decimal("696.67")


@pytest.mark.parametrize(("minutes", "hours"), [(450, "7.5"), (3, "0.05"), (0, "0"), (-90, "-1.5")])
def test_time_that_hours_hold_exactly_is_billed_in_hours(minutes, hours):
    assert time_price(minutes, Decimal(80)) == (Decimal(hours), "HUR", Price(net=Decimal(80)))


@given(st.integers(-100000, 100000), st.decimals(min_value=0, max_value=999, places=2))
def test_time_line_is_the_same_amount_as_the_charge(minutes, rate):
    quantity, unit, price = time_price(minutes, rate)
    line = InvoiceLine(quantity=quantity, unit=unit, price=price)

    assert line_amount(line, "EUR") == for_minutes(minutes, rate, "EUR").amount


def test_totals_of_case_21_are_118_99():
    totals = simple().totals

    assert (totals.net, totals.tax, totals.payable) == (Decimal("99.99"), Decimal("19.00"), Decimal("118.99"))


def test_totals_of_case_26_credit_800():
    document = credit_note()

    assert (document.type_code, document.is_credit_note) == (CREDIT_NOTE, True)
    assert (document.totals.net, document.totals.tax, document.totals.payable) == (
        Decimal("800.00"),
        Decimal("152.00"),
        Decimal("952.00"),
    )


def test_totals_of_a_full_invoice_count_every_part():
    totals = full().totals

    # 696.67 + 2,320.50 + (4 x 100 - 40 + 12.50), less 30.17; 19 % of 2,987.00 and 7 % of 372.50.
    assert totals.lines == Decimal("3389.67")
    assert (totals.allowances, totals.charges) == (Decimal("30.17"), None)
    assert (totals.net, totals.tax) == (Decimal("3359.50"), Decimal("593.61"))
    assert (totals.gross, totals.payable) == (Decimal("3953.11"), Decimal("3453.10"))


@given(documents())
def test_totals_are_the_sums_of_their_parts(document: InvoiceDocument):
    totals = document.totals
    signed = [(1 if part.is_charge else -1) * Fraction(part.amount) for part in document.adjustments]

    assert Fraction(totals.net) == sum((Fraction(line.net) for line in document.lines), Fraction(0)) + sum(signed)
    assert totals.gross == totals.net + sum(group.tax for group in document.vat)
    assert totals.payable == totals.gross - (totals.prepaid or 0)
