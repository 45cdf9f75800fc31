"""Proposals for bank lines: what counts, what is exact, and what never matches."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.billing.rules.matching import MatchReason, propose
from quoin.billing.types import BankLine, OpenInvoice
from quoin.kernel.money import Money


def eur(amount):
    return Money(Decimal(amount), "EUR")


def invoice(number, open_, name="Fjord AS", currency="EUR"):
    return OpenInvoice(
        id=UUID(int=int(number.rpartition("-")[2])),
        number=number,
        client_name=name,
        open=Money(Decimal(open_), currency),
        due_on=date(2026, 6, 1),
    )


def bank(amount, text, name="FJORD"):
    return BankLine(id=UUID(int=99), on=date(2026, 6, 2), amount=eur(amount), payer_name=name, text=text)


OPEN = [
    invoice("2026-0412", "119.00"),
    invoice("2026-0413", "238.00"),
    invoice("2026-0414", "119.00", name="Odda Kommune"),
    invoice("2026-0415", "119.00", currency="USD"),
]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            bank("119.00", "Inv. 2026-0412 thanks"),
            [
                ([412], 100, True, "2026-0412: the text names it, the amount is equal, the payer's name fits"),
                ([414], 35, False, "2026-0414: the amount is equal"),
            ],
        ),
        (
            bank("100.00", "RG 20260412", name="Unknown Ltd"),
            [([412], 50, False, "2026-0412: the text names it, EUR 19.00 would stay open")],
        ),
        (
            bank("150.00", "2026 / 0412", name=""),
            [([412], 50, False, "2026-0412: the text names it, EUR 31.00 too much was paid")],
        ),
        (
            bank("357.00", "2026-0413, 2026-0412"),
            [
                (
                    [412, 413],
                    100,
                    True,
                    "2026-0412, 2026-0413: the text names it, the amount is equal, the payer's name fits",
                ),
                (
                    [412],
                    65,
                    False,
                    "2026-0412: the text names it, the payer's name fits, EUR 238.00 too much was paid",
                ),
                (
                    [413],
                    65,
                    False,
                    "2026-0413: the text names it, the payer's name fits, EUR 119.00 too much was paid",
                ),
            ],
        ),
        (
            bank("300.00", "2026-0413 2026-0412", name="x"),
            [
                ([412, 413], 50, False, "2026-0412, 2026-0413: the text names it, EUR 57.00 would stay open"),
                ([412], 50, False, "2026-0412: the text names it, EUR 181.00 too much was paid"),
                ([413], 50, False, "2026-0413: the text names it, EUR 62.00 too much was paid"),
            ],
        ),
        (
            bank("400.00", "2026-0413 2026-0412", name="x"),
            [
                ([412, 413], 50, False, "2026-0412, 2026-0413: the text names it, EUR 43.00 too much was paid"),
                ([412], 50, False, "2026-0412: the text names it, EUR 281.00 too much was paid"),
                ([413], 50, False, "2026-0413: the text names it, EUR 162.00 too much was paid"),
            ],
        ),
        (bank("7.00", "coffee"), []),
        (
            bank("119.00", "x2026-04123", name="Odda"),
            [
                ([414], 50, False, "2026-0414: the amount is equal, the payer's name fits"),
                ([412], 35, False, "2026-0412: the amount is equal"),
            ],
        ),
    ],
)
def test_proposals_best_first_with_words(line, expected):
    found = propose([line], OPEN)

    assert [([known.int for known in p.invoice_ids], p.score, p.is_exact, p.words) for p in found] == expected


@given(
    st.integers(1, 400),
    st.sampled_from(["", "2026-0412", "2026-0413 and 2026-0414", "0412"]),
    st.sampled_from(["", "Fjord", "Odda"]),
)
def test_exact_means_named_and_equal_to_the_cent(amount, text, name):
    for proposal in propose([bank(amount, text, name)], OPEN):
        known = [item for item in OPEN if item.id in proposal.invoice_ids]
        assert all(item.open.currency == "EUR" for item in known)
        is_equal = sum(item.open.amount for item in known) == amount
        assert proposal.is_exact == (all(item.number in text for item in known) and is_equal)
        assert (MatchReason.AMOUNT in proposal.reasons) == is_equal
        assert 30 <= proposal.score <= 100
