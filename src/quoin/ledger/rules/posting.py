"""Double entry: a journal has at least two lines and adds up to zero in each currency and in base."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from quoin.kernel.errors import Problem
from quoin.kernel.money import EXACT, Money
from quoin.kernel.words import say
from quoin.ledger.types import AccountRole, Journal, JournalInvalid, JournalLine, Side

_FEWEST_LINES = 2


def imbalance(lines: Iterable[JournalLine]) -> tuple[Money, ...]:
    """Sums that are not zero: per document currency, then in base currency; empty means balanced."""
    known = tuple(lines)
    return (*_rest(line.amount for line in known), *_rest(line.base for line in known))


def problems_of(journal: Journal) -> tuple[Problem, ...]:
    """Everything that keeps a journal from being posted."""
    found = []
    if len(journal.lines) < _FEWEST_LINES:
        found.append(Problem("/lines", "too_few_lines", "A journal has at least two lines."))
    if len({line.base.currency for line in journal.lines}) > 1:
        found.append(Problem("/lines", "mixed_base", "All lines of a journal have one base currency."))
    for number, line in enumerate(journal.lines):
        if not line.amount and not line.base:
            found.append(Problem(f"/lines/{number}", "empty_line", "A line has an amount."))
        if line.amount.amount * line.base.amount < 0:
            found.append(Problem(f"/lines/{number}", "mixed_sign", "Amount and base value are on one side."))
    found += [
        Problem("/lines", "unbalanced", say("The lines do not add up: %(rest)s is left.", rest=rest))
        for rest in imbalance(journal.lines)
    ]
    if _clearing(journal.lines):
        found.append(Problem("/lines", "clearing_open", "The currency clearing account returns to zero."))
    return tuple(found)


def checked(journal: Journal) -> Journal:
    """The journal itself; JournalInvalid with every problem if it may not be posted."""
    problems = problems_of(journal)
    if problems:
        raise JournalInvalid(problems[0].detail, problems=problems)
    return journal


def reversal(journal: Journal, *, posting_on: date, text: str) -> Journal:
    """The journal with debit and credit exchanged: how a posted journal is corrected (I-02)."""
    lines = tuple(replace(line, amount=-line.amount, base=-line.base) for line in journal.lines)
    return replace(journal, kind=f"{journal.kind}_reversal", posting_on=posting_on, text=text, lines=lines)


def balances(journals: Iterable[Journal]) -> dict[AccountRole, Money]:
    """Base balance of each account that was touched; debit positive."""
    sums: dict[AccountRole, Money] = {}
    for journal in journals:
        for line in journal.lines:
            known = sums.get(line.account)
            sums[line.account] = line.base if known is None else known + line.base
    return sums


def unusual(accounts: Mapping[AccountRole, Money]) -> tuple[AccountRole, ...]:
    """Accounts whose balance stands on the side where it does not belong, sorted; something to look at."""
    return tuple(
        sorted(
            role for role, money in accounts.items() if money.amount * (1 if role.usual_side is Side.DEBIT else -1) < 0
        )
    )


def _rest(amounts: Iterable[Money]) -> tuple[Money, ...]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for money in amounts:
        sums[money.currency] = EXACT.add(sums[money.currency], money.amount)
    return tuple(Money(amount, currency) for currency, amount in sorted(sums.items()) if amount)


def _clearing(lines: Iterable[JournalLine]) -> tuple[Money, ...]:
    return _rest(line.base for line in lines if line.account is AccountRole.CURRENCY_CLEARING)
