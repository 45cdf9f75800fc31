"""The time that a fee or an instalment stands for; days worked out by hand."""

from datetime import date

import pytest

from quoin.billing.rules.einvoice import InvoicingPeriod
from quoin.billing.rules.service_period import service_period
from quoin.billing.types import ChargeKind


@pytest.mark.parametrize(
    ("kind", "on", "is_scheduled", "ends_on", "expected"),
    [
        ("fee", (2026, 7, 1), False, None, ((2026, 7, 1), (2026, 7, 31))),
        ("fee", (2028, 2, 1), False, None, ((2028, 2, 1), (2028, 2, 29))),
        # The contract begins or ends inside the month.
        ("fee", (2026, 3, 15), False, None, ((2026, 3, 15), (2026, 3, 31))),
        ("fee", (2026, 12, 1), False, (2026, 12, 10), ((2026, 12, 1), (2026, 12, 10))),
        # An instalment in advance, one in arrears, and one that is agreed for a day.
        ("milestone", (2026, 4, 1), True, None, ((2026, 4, 1), (2026, 4, 30))),
        ("milestone", (2026, 4, 30), True, None, ((2026, 4, 1), (2026, 4, 30))),
        ("milestone", (2026, 4, 17), True, None, None),
        # What was reached was reached on a day; work and packs have days of their own.
        ("milestone", (2026, 4, 1), False, None, None),
        ("time", (2026, 4, 1), False, None, None),
        ("prepaid", (2026, 4, 1), False, None, None),
    ],
)
def test_period(kind, on, is_scheduled, ends_on, expected) -> None:
    found = service_period(
        ChargeKind(kind), on=date(*on), is_scheduled=is_scheduled, ends_on=date(*ends_on) if ends_on else None
    )

    assert found == (None if expected is None else InvoicingPeriod(date(*expected[0]), date(*expected[1])))
