"""What an hour costs the client: the cards of the group, and what a body of work is worth at them."""

from __future__ import annotations

from collections.abc import Iterable
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


def worth(worked: Iterable[Worked], everybody: list[Somebody], buyer: Buyer, *, raised_on: date) -> Decimal:
    """The hours at the client's rates, before and after the rise."""
    total = Decimal(0)
    for row in worked:
        rate = client_rate(everybody[row.person].job, buyer)
        total += rate * row.minutes * ((100 + RISE_PERCENT) / 100 if row.day >= raised_on else 1) / 60
    return total


def rounded(amount: Decimal, step: int) -> Decimal:
    """The amount as people agree on it, in whole steps and at least one."""
    return max(_WHOLE, (amount / step).quantize(_WHOLE, ROUND_HALF_UP)) * step


def elapsed_percent(engagement: Engagement, today: date) -> int:
    """How much of its time is over."""
    length = max(1, (engagement.ends_on - engagement.starts_on).days)
    return max(5, min(100, (today - engagement.starts_on).days * 100 // length))
