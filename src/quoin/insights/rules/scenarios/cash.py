"""Cash by month: work by the hour is billed when its month is over and paid when it is due; people are paid monthly.

The balance starts at nothing: it says how much money the plan itself needs or brings, not what the bank holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from quoin.insights.rules.scenarios.facts import Facts
from quoin.insights.rules.scenarios.pricing import Planned, revenue_of
from quoin.kernel.money import Money, for_minutes
from quoin.kernel.period import next_month


@dataclass(frozen=True, slots=True)
class CashMonth:
    """What comes in and goes out in a month, and the balance at its end."""

    month_on: date
    money_in: Decimal
    money_out: Decimal
    balance: Decimal


def cash_months(facts: Facts, work: Iterable[Planned]) -> tuple[CashMonth, ...]:
    """Each month of the horizon."""
    comes, goes = _comes(facts, work), _goes(facts)
    months, balance, month = [], Decimal(0), facts.from_on.replace(day=1)
    while month <= facts.until_on:
        balance += comes[month] - goes[month]
        months.append(CashMonth(month, comes[month], goes[month], balance))
        month = next_month(month)
    return tuple(months)


def low_point(months: Iterable[CashMonth]) -> CashMonth | None:
    """The month that ends with the least; the first of several."""
    return min(months, key=lambda month: (month.balance, month.month_on), default=None)


def _comes(facts: Facts, work: Iterable[Planned]) -> defaultdict[date, Decimal]:
    """Open invoices when they are due (late ones now), planned work and dues after the days that clients take."""
    found: defaultdict[date, Decimal] = defaultdict(Decimal)
    for invoice in facts.open:
        _add(facts, found, max(invoice.due_on, facts.from_on), invoice.open)
    for one in work:
        worth = revenue_of(facts, one)
        if worth is not None:
            days = facts.projects[one.project_id].payment_days
            _add(facts, found, next_month(one.month_on) + timedelta(days=days), worth)
    for due in facts.due.values():
        if due.due_on >= facts.from_on:
            _add(facts, found, due.due_on + timedelta(days=due.payment_days), due.price)
    return found


def _add(facts: Facts, found: defaultdict[date, Decimal], day: date, value: Money) -> None:
    worth = facts.worth(value)
    if worth is not None:
        found[day.replace(day=1)] += worth.amount


def _goes(facts: Facts) -> defaultdict[date, Decimal]:
    """Everybody's working time at cost, booked or not: whoever is employed is paid."""
    found: defaultdict[date, Decimal] = defaultdict(Decimal)
    for person in facts.people.values():
        minutes: defaultdict[tuple[date, Money], int] = defaultdict(int)
        for at, capacity in enumerate(facts.capacity(person.id)):
            day = facts.from_on + timedelta(days=at)
            rate = person.cost_on(day) if capacity else None
            if rate is not None:
                minutes[day.replace(day=1), rate] += capacity
        for (month, rate), one in minutes.items():
            _add(facts, found, month, for_minutes(one, rate.amount, rate.currency))
    return found
