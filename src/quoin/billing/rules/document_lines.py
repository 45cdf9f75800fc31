"""From charges to what a document line says: quantity, unit, price and an amount that is rounded once (R1).

Time is priced from the minutes of the whole line. A sum of charges that were rounded one by one may differ by
cents: the line's charges share the line's amount, and the books get the difference at issue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from quoin.billing.rules.einvoice import LUMP_SUM, MINUTE, PIECE
from quoin.billing.rules.einvoice_totals import time_price
from quoin.billing.types import ChargeKind, DraftLine
from quoin.kernel.currency import minor_unit
from quoin.kernel.money import Money, Rounding, for_minutes, from_fraction

_TIMED = frozenset({ChargeKind.TIME, ChargeKind.OVERAGE})
MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """What the document says, and how much of it each charge is, in the order of the charges."""

    quantity: Decimal
    unit: str
    unit_price: Decimal
    net: Money
    shares: tuple[Money, ...]


def price_line(line: DraftLine, *, mode: Rounding, may_exceed: bool) -> PricedLine:
    """Quantity x price = net, exactly.

    Where the charges were priced otherwise (a price given up, a part under a cap), and where rounding would exceed
    a limit (`may_exceed` is False), the line is one unit at the sum of its charges.
    """
    amounts = [item.amount for item in line.charges]
    if line.kind in _TIMED and line.rate_per_hour is not None and line.billed_minutes > 0:
        rate = line.rate_per_hour
        net = for_minutes(line.billed_minutes, rate.amount, rate.currency, mode)
        if _is_near(net, line.net, len(amounts)) and (may_exceed or not line.net < net):
            quantity, unit, price = time_price(line.billed_minutes, rate.amount)
            return PricedLine(
                quantity=quantity, unit=unit, unit_price=price.net or rate.amount, net=net, shares=share(net, amounts)
            )
    is_time = line.kind in _TIMED
    sign = -1 if line.net.amount < 0 else 1
    return PricedLine(
        quantity=Decimal(sign),
        unit=LUMP_SUM if is_time else PIECE,
        unit_price=abs(line.net.amount),
        net=line.net,
        shares=tuple(amounts),
    )


def price_base(unit: str) -> Decimal | None:
    """How many units the price is for: minutes are priced per hour."""
    return Decimal(MINUTES_PER_HOUR) if unit == MINUTE else None


def entered_net(
    quantity: Decimal, *, unit: str, unit_price: Decimal, currency: str, mode: Rounding = Rounding.HALF_UP
) -> Money:
    """Amount of a line that was typed, rounded once."""
    exact = Fraction(quantity) * Fraction(unit_price) / Fraction(price_base(unit) or 1)
    return from_fraction(exact, currency, mode)


def share(net: Money, amounts: Sequence[Money]) -> tuple[Money, ...]:
    """The line's amount over its charges, by what each came to alone."""
    difference = net - _sum(amounts, net.currency)
    if not difference:
        return tuple(amounts)
    if min(amount.amount for amount in amounts) >= 0 and any(amounts):
        return net.allocate([amount.amount for amount in amounts])
    largest = max(range(len(amounts)), key=lambda i: abs(amounts[i].amount))
    return tuple(amount + difference if i == largest else amount for i, amount in enumerate(amounts))


def _is_near(left: Money, right: Money, count: int) -> bool:
    """Whether amounts differ by no more than rounding each charge alone explains."""
    return abs((left - right).amount) * 2 <= minor_unit(left.currency) * count


def _sum(amounts: Sequence[Money], currency: str) -> Money:
    return Money(sum((amount.amount for amount in amounts), Decimal(0)), currency)
