"""The time that a line of a document stands for, where it is no day of work: fees and instalments (BG-26)."""

from __future__ import annotations

from datetime import date

from quoin.billing.rules.einvoice import InvoicingPeriod
from quoin.billing.types import ChargeKind
from quoin.kernel.period import month_of


def service_period(
    kind: ChargeKind, *, on: date, is_scheduled: bool, ends_on: date | None = None
) -> InvoicingPeriod | None:
    """Both days included; None where the line stands for its day alone. `ends_on` is the contract's last day.

    A fee is charged at the start of its month and stands for the rest of it. An instalment of a payment schedule
    that is due on the first or the last of a month stands for that month, in advance or in arrears.
    """
    month = month_of(on)
    last = month.last_day
    assert last is not None
    if kind is ChargeKind.FEE:
        start = on
    elif kind is ChargeKind.MILESTONE and is_scheduled and on in {month.start, last}:
        start = month.start
    else:
        return None
    return InvoicingPeriod(start, last if ends_on is None else min(last, max(ends_on, on)))
