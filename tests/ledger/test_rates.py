"""Exchange rates come from the bundled ECB history and keep their day and source."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction

from quoin.ledger import services
from quoin.ledger.models import FxRate
from quoin.ledger.queries.rates import latest_day
from quoin.ledger.types import RateMissing


@pytest.fixture(autouse=True)
def _undone():
    """The table is global: what a test loads is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_history_is_loaded_once() -> None:
    FxRate.objects.all().delete()

    added = services.load_reference_rates(since=date(2024, 1, 1))

    assert added > 10_000
    assert services.load_reference_rates(since=date(2024, 1, 1)) == 0
    assert latest_day("ECB") is not None


def test_rate_of_a_weekend_is_fridays() -> None:
    FxRate.objects.all().delete()
    services.load_reference_rates(since=date(2024, 1, 1))

    found = services.fx_rate(currency="USD", base_currency="EUR", on=date(2024, 3, 30))

    # ECB reference rate of Thursday 28 March 2024, before the Easter days: 1 EUR = 1.0811 USD.
    assert (found.rate, found.on, found.source) == (1 / Fraction(Decimal("1.0811")), date(2024, 3, 28), "ECB")


def test_unknown_rate_is_refused() -> None:
    with pytest.raises(RateMissing):
        services.fx_rate(currency="USD", base_currency="EUR", on=date(1990, 1, 1))


def test_table_of_a_batch_answers_as_the_single_question() -> None:
    FxRate.objects.all().delete()
    services.load_reference_rates(since=date(2024, 1, 1))
    table = services.RateTable(["NOK", "EUR", "USD"], first=date(2024, 2, 1), last=date(2024, 3, 31))

    for on in (date(2024, 2, 1), date(2024, 3, 31)):
        for pair in (("NOK", "EUR"), ("USD", "NOK"), ("EUR", "EUR")):
            single = services.fx_rate(currency=pair[0], base_currency=pair[1], on=on)
            assert table.rate(currency=pair[0], base_currency=pair[1], on=on) == single
