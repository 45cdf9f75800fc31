"""VAT amounts against exact fractions, the worked cases 21, 22, 24 and 25, and the table of treatments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.billing.rules.tax import (
    Exemption,
    Taxable,
    VatBreakdown,
    VatCategory,
    document_unit,
    line_tax_shares,
    round_for_document,
    split_inclusive,
    tax_of,
    vat_breakdown,
)
from quoin.billing.rules.tax_rates import EU_COUNTRIES, STANDARD_RATES, StandardRate, standard_rate
from quoin.billing.rules.tax_treatment import TaxSubject, TaxTreatment, exemption_text, tax_treatment
from quoin.kernel.errors import Invalid
from quoin.kernel.money import Rounding

amounts = st.decimals(min_value=-99999, max_value=99999, places=2)
positive_amounts = st.decimals(min_value=Decimal("0.01"), max_value=99999, places=2)
rates = st.sampled_from([Decimal(text) for text in ("0", "3", "5.5", "7", "8.1", "19", "20", "25", "25.5", "27")])
ON = date(2026, 5, 1)


def test_vat_of_case_21_is_computed_once_per_category():
    lines = [Taxable(VatCategory.STANDARD, Decimal(19), Decimal("33.33"))] * 3

    assert vat_breakdown(lines, currency="EUR") == (
        VatBreakdown(VatCategory.STANDARD, Decimal(19), Decimal("99.99"), Decimal("19.00")),
    )
    assert line_tax_shares([Decimal("33.33")] * 3, Decimal(19), "EUR") == (
        Decimal("6.34"),
        Decimal("6.33"),
        Decimal("6.33"),
    )


def test_prices_of_case_22_are_taken_apart_to_the_cent():
    split = split_inclusive([Decimal("99.99")] * 3, Decimal(19), "EUR")

    assert (split.net, split.tax) == (Decimal("252.08"), Decimal("47.89"))
    assert split.line_nets == (Decimal("84.03"), Decimal("84.03"), Decimal("84.02"))
    assert (split.forward_tax, split.rounding) == (Decimal("47.90"), Decimal("-0.01"))


@pytest.mark.parametrize(
    ("exact", "half_up", "half_even"),
    [
        ("0.125", "0.13", "0.12"),
        ("-0.125", "-0.13", "-0.12"),
        ("2.675", "2.68", "2.68"),
        ("10.005", "10.01", "10.00"),
        ("0.015", "0.02", "0.02"),
        ("0.025", "0.03", "0.02"),
    ],
)
def test_rounding_of_case_24_has_both_modes(exact, half_up, half_even):
    assert round_for_document(Fraction(exact), "EUR") == Decimal(half_up)
    assert round_for_document(Fraction(exact), "EUR", Rounding.HALF_EVEN) == Decimal(half_even)


@pytest.mark.parametrize(
    ("currency", "unit", "tax"), [("JPY", "1", "19"), ("KWD", "0.01", "18.98"), ("EUR", "0.01", "18.98")]
)
def test_document_unit_is_never_finer_than_the_e_invoice_allows(currency, unit, tax):
    assert document_unit(currency) == Decimal(unit)
    assert tax_of(Decimal("99.90"), Decimal(19), currency) == Decimal(tax)


@given(st.lists(st.tuples(st.sampled_from(VatCategory), rates, amounts), min_size=1, max_size=12))
def test_breakdown_holds_every_amount_once_and_the_nearest_tax(items):
    breakdown = vat_breakdown((Taxable(*item) for item in items), currency="EUR")

    assert sum(Fraction(group.taxable) for group in breakdown) == sum(Fraction(amount) for _, _, amount in items)
    assert len({(group.category, group.rate) for group in breakdown}) == len(breakdown)
    for group in breakdown:
        exact = Fraction(group.taxable) * Fraction(group.rate) / 100
        assert abs(Fraction(group.tax) - exact) <= Fraction(1, 200)


def test_breakdown_carries_the_reason_of_its_category():
    reason = Exemption("VATEX-EU-AE", "Reverse charge")
    item = Taxable(VatCategory.REVERSE_CHARGE, Decimal(0), Decimal("7500.00"))

    breakdown = vat_breakdown([item], currency="EUR", exemptions={VatCategory.REVERSE_CHARGE: reason})

    assert breakdown == (
        VatBreakdown(VatCategory.REVERSE_CHARGE, Decimal(0), Decimal("7500.00"), Decimal("0.00"), reason),
    )


@given(st.lists(amounts, min_size=1, max_size=20), rates)
def test_line_shares_add_up_and_stay_within_a_cent_of_their_exact_share(nets, rate):
    shares = line_tax_shares(nets, rate, "EUR")

    assert sum(shares) == tax_of(sum(nets), rate, "EUR")
    for net, share in zip(nets, shares, strict=True):
        assert abs(Fraction(share) - Fraction(net) * Fraction(rate) / 100) < Fraction(1, 100)


@given(st.lists(amounts, min_size=1, max_size=20), rates)
def test_line_shares_of_a_credit_mirror_those_of_the_invoice(nets, rate):
    mirrored = line_tax_shares([-net for net in nets], rate, "EUR")

    if tax_of(sum(nets), rate, "EUR"):
        assert mirrored == tuple(-share for share in line_tax_shares(nets, rate, "EUR"))
    assert sum(mirrored) == -tax_of(sum(nets), rate, "EUR")


@given(st.lists(positive_amounts, min_size=1, max_size=20), rates, st.sampled_from(["EUR", "KWD"]))
def test_inclusive_prices_come_back_to_the_gross(gross_lines, rate, currency):
    split = split_inclusive(gross_lines, rate, "EUR")
    gross = sum(gross_lines)

    assert split.net + split.tax == gross
    assert sum(split.line_nets) == split.net
    assert split.net + split.forward_tax + split.rounding == gross
    assert abs(split.rounding) <= Decimal("0.01")
    assert abs(Fraction(split.net) * (100 + Fraction(rate)) / 100 - Fraction(gross)) <= Fraction(1, 100)


@pytest.mark.parametrize(
    ("country", "on", "percent"),
    [
        ("DE", date(2020, 6, 30), "19"),
        ("DE", date(2020, 7, 1), "16"),
        ("DE", date(2021, 1, 1), "19"),
        ("FI", date(2024, 8, 31), "24"),
        ("FI", date(2024, 9, 1), "25.5"),
        ("CH", date(2023, 12, 31), "7.7"),
        ("CH", date(2024, 1, 1), "8.1"),
        ("EE", date(2025, 7, 1), "24"),
        ("NO", ON, "25"),
        ("GB", ON, "20"),
    ],
)
def test_standard_rate_is_the_one_of_the_day(country, on, percent):
    row = standard_rate(country, on=on)

    assert row is not None
    assert row.percent == Decimal(percent)


def test_standard_rate_is_known_for_every_country_of_the_eu():
    assert {country for country in EU_COUNTRIES if standard_rate(country, on=ON) is None} == set()
    assert len(EU_COUNTRIES) == 27
    assert standard_rate("DE", on=date(2019, 12, 31)) is None
    assert standard_rate("US", on=ON) is None


DE = TaxSubject("DE", "DE136695976")
CASES = [
    ("both at home", DE, TaxSubject("DE"), "S", "19", ""),
    ("EU business", DE, TaxSubject("IE", "IE6388047V"), "AE", "0", "VATEX-EU-AE"),
    ("EU private", DE, TaxSubject("FR"), "S", "19", ""),
    ("outside the EU", DE, TaxSubject("US"), "G", "0", "VATEX-EU-G"),
    ("after Brexit", DE, TaxSubject("GB", "GB980780684"), "G", "0", "VATEX-EU-G"),
    ("Norwegian at home", TaxSubject("NO", "NO995525828MVA"), TaxSubject("NO"), "S", "25", ""),
    ("Norwegian to EU", TaxSubject("NO", "NO995525828MVA"), DE, "G", "0", "VATEX-EU-G"),
    ("small business", TaxSubject("DE", "", "29/815/08152"), TaxSubject("DE"), "E", "0", ""),
    ("not registered", TaxSubject("DE"), TaxSubject("DE"), "O", None, "VATEX-EU-O"),
]


@pytest.mark.parametrize(
    ("seller", "buyer", "category", "rate", "code"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_treatment_follows_the_parties(seller, buyer, category, rate, code):
    treatment = tax_treatment(seller=seller, buyer=buyer, on=ON, language="de")

    assert treatment.category == category
    assert treatment.rate == (None if rate is None else Decimal(rate))
    assert treatment.exemption.code == code
    assert bool(treatment.exemption.text) is (category != "S")
    assert treatment.why.endswith(".")


def test_treatment_of_an_unknown_country_is_refused_with_the_remedy():
    with pytest.raises(Invalid) as refused:
        tax_treatment(seller=TaxSubject("US", "US1"), buyer=TaxSubject("US"), on=ON)

    assert [(problem.pointer, problem.code) for problem in refused.value.problems] == [
        ("/seller/country", "tax.rate_unknown")
    ]


def test_treatment_takes_the_rates_of_the_tenant():
    own = (*STANDARD_RATES, StandardRate("DE", date(2026, 4, 1), Decimal("20.5")))

    treatment = tax_treatment(seller=DE, buyer=TaxSubject("DE"), on=ON, rates=own)

    assert treatment == TaxTreatment(
        VatCategory.STANDARD,
        Decimal("20.5"),
        Exemption(),
        "Both parties are in DE, so its standard rate applies. 20.5 % since 2026-04-01.",
    )


def test_exemption_text_falls_back_to_english():
    assert exemption_text(VatCategory.REVERSE_CHARGE, "fi") == "Reverse charge"
    assert exemption_text(VatCategory.REVERSE_CHARGE, "nl") == "Btw verlegd (Reverse charge)"
    assert exemption_text(VatCategory.STANDARD, "en") == ""
