"""The bookkeeper's own copy of the business: minutes and cents in plain Python, with no line of the product in it.

One person at one rate on one project, net of tax. Each entry has a fate; invoices are sets of entries. Amounts are
whole cents, rounded half up once per entry, and a line is the rounded sum of minutes at the rate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

RATE_CENTS = 9500
VAT_PERCENT = 19


def cents(value: Fraction) -> int:
    """Half away from zero, to the cent."""
    sign = -1 if value < 0 else 1
    return sign * int(abs(value) + Fraction(1, 2))


def price(minutes: int) -> int:
    """What so many minutes come to."""
    return cents(Fraction(RATE_CENTS * minutes, 60))


def tax(net: int) -> int:
    return cents(Fraction(net * VAT_PERCENT, 100))


@dataclass
class Work:
    """An approved entry: what is still to bill of it, in minutes and cents."""

    minutes: int
    left_minutes: int
    left_cents: int
    state: str = "unbilled"
    is_held: bool = False
    written_off_minutes: int = 0
    invoice: int | None = None


@dataclass
class Bill:
    """An invoice: the entries on it, net, tax and what is still owed."""

    net: int
    tax: int
    entries: list[int]
    state: str = "draft"
    open: int = 0
    payments: list[int] = field(default_factory=list)


@dataclass
class Books:
    """Everything that happened."""

    entries: dict[int, Work] = field(default_factory=dict)
    bills: dict[int, Bill] = field(default_factory=dict)
    payments: dict[int, tuple[int, int]] = field(default_factory=dict)
    unapplied: int = 0

    def approve(self, number: int, minutes: int) -> None:
        self.entries[number] = Work(minutes, minutes, price(minutes))

    def reopen(self, number: int) -> None:
        del self.entries[number]

    def write_down(self, number: int) -> None:
        """Given up whole."""
        work = self.entries[number]
        work.state, work.written_off_minutes = "written_off", work.left_minutes
        work.left_minutes, work.left_cents = 0, 0

    def billable(self) -> list[int]:
        return [number for number, work in self.entries.items() if work.state == "unbilled" and not work.is_held]

    def bill(self, key: int) -> Bill | None:
        """All that is not held, on one invoice; one line per rate, so the sum of minutes is priced once."""
        numbers = self.billable()
        if not numbers:
            return None
        net = price(sum(self.entries[number].left_minutes for number in numbers))
        bill = Bill(net, tax(net), numbers)
        for number in numbers:
            self.entries[number].state, self.entries[number].invoice = "billed", key
        bill.state, bill.open = "issued", bill.net + bill.tax
        self.bills[key] = bill
        return bill

    def credit(self, key: int) -> None:
        """The whole invoice is taken back: its work is unbilled again and nothing is owed; what was paid is credit."""
        bill = self.bills[key]
        bill.state, bill.open = "credited", 0
        for number in bill.entries:
            self.entries[number].state, self.entries[number].invoice = "unbilled", None

    def pay(self, payment: int, key: int, amount: int) -> None:
        self.bills[key].open -= amount
        self.payments[payment] = (key, amount)

    def take_back(self, payment: int) -> None:
        key, amount = self.payments.pop(payment)
        self.bills[key].open += amount

    def receivable(self) -> int:
        return sum(bill.open for bill in self.bills.values())

    def unbilled_cents(self) -> int:
        return sum(work.left_cents for work in self.entries.values() if work.state == "unbilled")

    def unbilled_minutes(self) -> int:
        return sum(work.left_minutes for work in self.entries.values() if work.state == "unbilled")

    def billed_minutes(self) -> int:
        return sum(work.left_minutes for work in self.entries.values() if work.state == "billed")

    def written_off_minutes(self) -> int:
        return sum(work.written_off_minutes for work in self.entries.values())
