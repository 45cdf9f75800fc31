"""Change orders (R8): which treatment the standard asks for, and what it does to revenue."""

from __future__ import annotations

from fractions import Fraction

from quoin.kernel.money import Money, from_fraction
from quoin.revenue.rules.recognition import recognise
from quoin.revenue.types import ChangeOrder, ChangeTreatment, Progress, Recognition, RevenueInvalid, Treatment


def treat(change: ChangeOrder) -> Treatment:
    """The treatment of an approved change and why."""
    if change.price is None:
        words = "The change has no price yet: it is variable consideration and counts once a reversal is unlikely."
        return Treatment(ChangeTreatment.CONSTRAINED, f"{words} (IFRS 15.56)")
    if not change.is_distinct:
        words = "The added work is part of the same obligation: revenue to date is caught up now."
        return Treatment(ChangeTreatment.CATCH_UP, f"{words} (IFRS 15.21(b))")
    if change.price == change.stand_alone_price:
        words = "The added work is distinct and at its stand-alone price: it is a contract of its own."
        return Treatment(ChangeTreatment.SEPARATE_CONTRACT, f"{words} (IFRS 15.20)")
    words = "The added work is distinct and at another price: the rest of the contract is priced anew."
    return Treatment(ChangeTreatment.PROSPECTIVE, f"{words} (IFRS 15.21(a))")


def catch_up(*, new_price: Money, progress: Progress, posted: Money) -> Recognition:
    """Revenue to date under the changed price and plan. The posting may be negative and is never clipped."""
    return recognise(new_price, progress=progress, posted=posted)


def prospective_price(*, remaining_price: Money, added_price: Money) -> Money:
    """What is left to be earned over the rest of the contract: the re-priced rest and what was added."""
    return remaining_price + added_price


def per_part(price: Money, *, parts: int, number: int) -> Money:
    """Revenue of the part `number` (from 1) of equal parts; all parts add up to the price."""
    if not 1 <= number <= parts:
        raise RevenueInvalid("Parts are counted from 1 up to their number.")
    exact = Fraction(price.amount)
    after = from_fraction(exact * Fraction(number, parts), price.currency)
    return after - from_fraction(exact * Fraction(number - 1, parts), price.currency)


def constrained_price(price: Money, *, estimate: Money, likely: Money) -> Money:
    """The price with so much of an uncertain amount as will most likely not be taken back (R9).

    A penalty is a negative estimate; all of it counts, since leaving it out would be the reversal.
    """
    if estimate.amount <= 0:
        return price + estimate
    return price + min(estimate, likely, key=lambda money: money.amount)
