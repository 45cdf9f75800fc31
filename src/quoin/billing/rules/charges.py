"""Approved work and expenses become charges: minutes to bill, rate, and an amount that is rounded once.

The price is minutes x rate / 60, rounded at the end (R1, R2); worked minutes and cost stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from quoin.billing.rules.increments import step
from quoin.billing.rules.net_rates import net_timeline
from quoin.billing.types import ApprovedEntry, ApprovedExpense, BillingInvalid, Charge, ChargeKind
from quoin.catalog.rules.rates import RateBook, RateTimeline
from quoin.catalog.types import RateRow, RateSubject
from quoin.kernel.money import EXACT, Money, for_minutes, zero
from quoin.kernel.words import say
from quoin.sales.types import ContractKind, ContractTerms, IncrementScope

_HUNDRED = Decimal(100)
_UNBILLED = frozenset({ContractKind.FIXED_PRICE, ContractKind.NON_BILLABLE})
"""Kinds of contracts under which no minutes are billed."""


@dataclass(frozen=True, slots=True)
class Unpriced:
    """An entry that has no price, and why. It must not be billed at zero by silence."""

    entry: ApprovedEntry
    words: str


@dataclass(frozen=True, slots=True)
class Pricing:
    """What became of a set of entries: each is a charge or unpriced."""

    charges: tuple[Charge, ...]
    unpriced: tuple[Unpriced, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """How a person's work on a project is priced: the terms, and the rates over time."""

    terms: ContractTerms
    timeline: RateTimeline


@dataclass(frozen=True, slots=True)
class Worth:
    """What work of so many minutes is worth: the minutes to bill, the price, and the rate if it has one of its own."""

    billable_minutes: int
    amount: Money
    row: RateRow | None = None


class Pricer:
    """Prices entry after entry. What it found for a person on a project is kept for the next entry there."""

    def __init__(
        self, *, book: RateBook, terms: Mapping[UUID, ContractTerms], vat_in_rates: Mapping[UUID, Decimal] | None = None
    ) -> None:
        """`vat_in_rates` is the VAT in per cent that the rates of a contract include; the others include none."""
        self._book = book
        self._terms = terms
        self._vat_in_rates = vat_in_rates or {}
        self._ways: dict[tuple[int, int, int, int], Way] = {}
        self._amounts: dict[tuple[int, Decimal, str], Money] = {}

    def charge(self, entry: ApprovedEntry) -> Charge | Unpriced:
        """The charge of the entry, or why it has none."""
        way = self.way(entry)
        if way is None:
            return Unpriced(entry, "The entry has no contract.")
        worth = self.worth(way, minutes=entry.worked_minutes, is_billable=entry.is_billable, on=entry.work_on)
        if worth is None:
            return Unpriced(entry, f"No rate applies on {entry.work_on}.")
        return _charge(entry, worth, cost=self._cost(entry))

    def worth(self, way: Way, *, minutes: int, is_billable: bool, on: date) -> Worth | None:
        """What minutes of work on a day are worth; None if they want a rate and there is none.

        Time that is not billable, and time under a fixed price, has no minutes to bill. Time under a
        retainer has minutes and no amount of its own: the fee and the overage are charged.
        """
        terms = way.terms
        is_billed = is_billable and terms.kind not in _UNBILLED
        billed = _entry_minutes(minutes, terms) if is_billed else 0
        if not is_billed or terms.kind is ContractKind.RETAINER:
            return Worth(billed, zero(terms.currency))
        row = way.timeline.at(on)
        return None if row is None else Worth(billed, self._amount(billed, row.rate_per_hour, terms), row)

    def cost(self, minutes: int, per_hour: Money) -> Money:
        """What minutes of work cost."""
        key = (minutes, per_hour.amount, per_hour.currency)
        known = self._amounts.get(key)
        if known is None:
            known = self._amounts[key] = for_minutes(minutes, per_hour.amount, per_hour.currency)
        return known

    def _amount(self, minutes: int, rate: Money, terms: ContractTerms) -> Money:
        key = (minutes, rate.amount, rate.currency + terms.rounding)
        known = self._amounts.get(key)
        if known is None:
            known = self._amounts[key] = for_minutes(minutes, rate.amount, rate.currency, terms.rounding)
        return known

    def _cost(self, entry: ApprovedEntry) -> Money | None:
        return None if entry.cost_per_hour is None else self.cost(entry.worked_minutes, entry.cost_per_hour)

    def way(self, entry: ApprovedEntry) -> Way | None:
        """How the entry's person is priced on its project; None without a contract."""
        # Plain integers hash several times faster than UUIDs do.
        role = entry.role_id.int if entry.role_id else 0
        key = (entry.contract_id.int, entry.project_id.int, entry.person_id.int, role)
        known = self._ways.get(key)
        if known is None:
            terms = self._terms.get(entry.contract_id)
            if terms is None:
                return None
            subject = RateSubject(
                project_id=entry.project_id,
                contract_id=entry.contract_id,
                client_id=entry.client_id,
                card_id=terms.rate_card_id,
                person_id=entry.person_id,
                role_id=entry.role_id,
            )
            timeline = self._book.timeline(subject)
            vat = self._vat_in_rates.get(entry.contract_id)
            if vat is not None:
                timeline = net_timeline(timeline, vat_percent=vat)
            known = self._ways[key] = Way(terms, timeline)
        return known


def price_entries(entries: Iterable[ApprovedEntry], *, pricer: Pricer) -> Pricing:
    """All entries, in their order."""
    charges, unpriced = [], []
    for entry in entries:
        found = pricer.charge(entry)
        if isinstance(found, Charge):
            charges.append(found)
        else:
            unpriced.append(found)
    return Pricing(tuple(charges), tuple(unpriced))


def price_expense(expense: ApprovedExpense, *, terms: ContractTerms) -> Charge:
    """The charge of an expense: its cost and the mark-up of the contract on it.

    VAT that the firm gets back is no cost, so that it bears no mark-up either.
    """
    if expense.net.currency != terms.currency:
        raise BillingInvalid(
            say(
                "The expense is in %(currency)s; convert it to %(other)s first.",
                currency=expense.net.currency,
                other=terms.currency,
            )
        )
    factor = EXACT.divide(EXACT.add(_HUNDRED, terms.expense_markup_percent), _HUNDRED)
    is_billed = expense.is_billable and terms.kind is not ContractKind.NON_BILLABLE
    return Charge(
        id=expense.charge_id,
        kind=ChargeKind.EXPENSE,
        source_id=expense.id,
        source_version=expense.version,
        contract_id=expense.contract_id,
        client_id=expense.client_id,
        project_id=expense.project_id,
        task_id=None,
        person_id=expense.person_id,
        role_id=None,
        work_on=expense.spent_on,
        worked_minutes=0,
        billable_minutes=0,
        rate_per_hour=None,
        amount=(expense.cost * factor).round(terms.rounding) if is_billed else zero(terms.currency),
        cost=expense.cost,
        note=expense.description,
    )


def _entry_minutes(worked_minutes: int, terms: ContractTerms) -> int:
    increment = terms.increment
    if increment.minutes == 1 or increment.scope is not IncrementScope.ENTRY:
        return worked_minutes
    return step(worked_minutes, increment)


def _charge(entry: ApprovedEntry, worth: Worth, *, cost: Money | None) -> Charge:
    row = worth.row
    return Charge(
        id=entry.charge_id,
        kind=ChargeKind.TIME,
        source_id=entry.id,
        source_version=entry.version,
        contract_id=entry.contract_id,
        client_id=entry.client_id,
        project_id=entry.project_id,
        task_id=entry.task_id,
        person_id=entry.person_id,
        role_id=entry.role_id,
        work_on=entry.work_on,
        worked_minutes=entry.worked_minutes,
        billable_minutes=worth.billable_minutes,
        rate_per_hour=row.rate_per_hour if row else None,
        amount=worth.amount,
        cost=cost,
        rate=row,
        note=entry.note,
    )
