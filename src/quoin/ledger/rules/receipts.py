"""Money that came in otherwise than it was claimed: in another currency, or less the charges of banks.

The claims are paid at what the money was worth on its day; what they are carried at beyond that is an exchange result.
Two currencies meet on the clearing account, which returns to zero in each journal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from quoin.kernel.money import Money
from quoin.ledger.rules.fx import convert
from quoin.ledger.rules.journals import journal_of, line_of
from quoin.ledger.rules.settlements import Receipt, Settlement, receive
from quoin.ledger.types import AccountRole, Dimensions, FxRate, JournalInvalid, Valued


@dataclass(frozen=True, slots=True, kw_only=True)
class Banked:
    """What the bank account got, what banks kept of it, and the rate of the day from that currency to the books'."""

    amount: Money
    charges: Money
    rate: FxRate

    @property
    def worth(self) -> Money:
        """Both, in the currency of the books."""
        return convert(self.amount, self.rate).base + convert(self.charges, self.rate).base

    def rate_of(self, settled: Money) -> FxRate:
        """The rate at which the claims are paid: what came in for them, by what they are paid for."""
        if settled.amount <= 0 or self.worth.amount <= 0:
            raise JournalInvalid("Money that came in pays a positive amount.")
        rate = Fraction(self.worth.amount) / Fraction(settled.amount)
        return FxRate(settled.currency, self.rate.base_currency, rate, self.rate.on, self.rate.source)


def receive_banked(
    settlements: Sequence[Settlement],
    *,
    settled: Money,
    banked: Banked,
    bank: AccountRole,
    posting_on: date,
    text: str,
    dimensions: Dimensions,
) -> Receipt:
    """As `receive`: `settled` is what the client paid of the claims, in their currency."""
    if settled.currency == banked.amount.currency and settled != banked.amount + banked.charges:
        raise JournalInvalid("In one currency, what is paid is what came in and what banks kept.")
    found = receive(
        settlements, received=settled, rate=banked.rate_of(settled), bank=bank, posting_on=posting_on, text=text,
        dimensions=dimensions,
    )  # fmt: skip
    paid = found.journal.lines[0]
    amount, charges = convert(banked.amount, banked.rate), convert(banked.charges, banked.rate)
    lines = [
        line_of(bank, amount, dimensions),
        line_of(AccountRole.BANK_CHARGES, charges, dimensions),
    ]
    if settled.currency != banked.amount.currency:
        gross = Valued(amount.amount + charges.amount, amount.base + charges.base)
        lines.append(line_of(AccountRole.CURRENCY_CLEARING, gross, dimensions, -1))
        lines.append(line_of(AccountRole.CURRENCY_CLEARING, Valued(paid.amount, paid.base), dimensions))
    return Receipt(journal_of("payment", posting_on, text, [*lines, *found.journal.lines[1:]]), found.items)
