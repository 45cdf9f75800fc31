"""What an hour costs the client: the cards of the group, and what a body of work is worth at them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from quoin.site.demo.engagements import Buyer, Engagement
from quoin.site.demo.firm import BY_UNIT, Job
from quoin.site.demo.hours import Worked
from quoin.site.demo.people import Somebody

CURRENCIES = ("EUR", "GBP", "NOK", "USD")
RISE_PERCENT = Decimal(4)
_PER_EURO = {"EUR": Decimal(1), "GBP": Decimal("0.86"), "NOK": Decimal("11.6"), "USD": Decimal("1.12")}
_WHOLE = Decimal(1)


def list_rate(job: Job, currency: str) -> Decimal:
    """The rate of the job on the card of the currency, in whole units."""
    factor = _PER_EURO[currency] / _PER_EURO[BY_UNIT[job.unit].currency]
    return (job.rate * factor).quantize(_WHOLE, ROUND_HALF_UP)


def client_rate(job: Job, buyer: Buyer) -> Decimal:
    """The list rate less the client's discount, in whole units."""
    return (list_rate(job, buyer.currency) * (100 - buyer.discount_percent) / 100).quantize(_WHOLE, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Worth:
    """What work is worth at the client's rates, and what it costs."""

    value: Decimal
    cost: Decimal

    def of_whole(self, percent: int) -> Worth:
        """The same for all of the work, of which so much is done."""
        return Worth(self.value * 100 / percent, self.cost * 100 / percent)


def worth(worked: Iterable[Worked], everybody: list[Somebody], buyer: Buyer, *, raised_on: date) -> Worth:
    """The hours at the client's rates and at their cost, before and after the rise."""
    minutes: Counter[tuple[int, bool]] = Counter()
    for row in worked:
        minutes[row.person, row.day >= raised_on] += row.minutes
    value = cost = Decimal(0)
    for (person, is_raised), taken in minutes.items():
        somebody = everybody[person]
        rate = client_rate(somebody.job, buyer) * ((100 + RISE_PERCENT) / 100 if is_raised else 1)
        value += rate * taken / 60
        cost += (somebody.raised_cost if is_raised else somebody.cost) * taken / 60
    return Worth(value, cost)


def rounded(amount: Decimal, step: int) -> Decimal:
    """The amount as people agree on it, in whole steps and at least one."""
    return max(_WHOLE, (amount / step).quantize(_WHOLE, ROUND_HALF_UP)) * step


def elapsed_percent(engagement: Engagement, today: date) -> int:
    """How much of its time is over."""
    length = max(1, (engagement.ends_on - engagement.starts_on).days)
    return max(5, min(100, (today - engagement.starts_on).days * 100 // length))
