"""Open items in foreign currency at the rate of a period's end, with automatic reversal (R14, IAS 21.23)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from quoin.kernel.money import Money, zero
from quoin.ledger.rules.fx import convert
from quoin.ledger.rules.posting import checked, reversal
from quoin.ledger.types import AccountRole, Dimensions, FxRate, Journal, JournalLine, OpenItem


@dataclass(frozen=True, slots=True)
class Revalued:
    """One item, its value at the new rate, and the difference to what it was carried at."""

    item: OpenItem
    base: Money
    difference: Money


@dataclass(frozen=True, slots=True)
class Revaluation:
    """What is to be posted at the end and taken back on the next day; no journal if nothing changed."""

    items: tuple[Revalued, ...]
    journal: Journal | None
    reversal: Journal | None


def revalue(items: Iterable[OpenItem], *, rates: Mapping[str, FxRate], on: date) -> Revaluation:
    """Monetary items at the rates of the day. VAT, contract liabilities and base currency stay as they are.

    An item that is carried at its new value already posts nothing, so a second run is empty.
    """
    found = []
    for item in items:
        rate = rates.get(item.open.amount.currency)
        if rate is not None and item.account.is_monetary and rate.currency != rate.base_currency:
            base = convert(item.open.amount, rate).base
            found.append(Revalued(item, base, base - item.open.base))
    lines = tuple(line for revalued in found for line in _lines(revalued))
    if not lines:
        return Revaluation(tuple(found), None, None)
    text = f"Revaluation {on}"
    journal = checked(Journal(kind="revaluation", posting_on=on, text=text, lines=lines))
    back = reversal(journal, posting_on=on + timedelta(days=1), text=f"{text}, reversed")
    return Revaluation(tuple(found), journal, back)


def fx_line(difference: Money, *, currency: str, dimensions: Dimensions) -> JournalLine:
    """The exchange result that balances a difference in base: a loss is debited, a gain credited."""
    account = AccountRole.FX_LOSS if difference.amount > 0 else AccountRole.FX_GAIN
    return JournalLine(account, zero(currency), difference, dimensions)


def _lines(revalued: Revalued) -> tuple[JournalLine, ...]:
    if not revalued.difference:
        return ()
    item = revalued.item
    currency = item.open.amount.currency
    return (
        JournalLine(item.account, zero(currency), revalued.difference, item.dimensions),
        fx_line(-revalued.difference, currency=currency, dimensions=item.dimensions),
    )
