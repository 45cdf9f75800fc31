"""Where an approved charge goes: billed, written off, or still unbilled. Each step keeps the sum (I-13)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from quoin.billing.types import BillingInvalid, ChargeFate
from quoin.kernel.money import Money, from_fraction
from quoin.kernel.words import say


def bill(fate: ChargeFate, *, minutes: int, amount: Money) -> ChargeFate:
    """The fate after minutes and money went onto an invoice."""
    _within(fate, minutes, amount)
    return replace(fate, billed_minutes=fate.billed_minutes + minutes, billed=fate.billed + amount)


def release(fate: ChargeFate, *, minutes: int, amount: Money) -> ChargeFate:
    """The fate after a credit gave minutes and money back to unbilled."""
    if minutes > fate.billed_minutes or fate.billed < amount:
        raise BillingInvalid("A credit cannot give back more than was billed.")
    return replace(fate, billed_minutes=fate.billed_minutes - minutes, billed=fate.billed - amount)


def write_down(fate: ChargeFate, *, minutes: int, amount: Money, reason: str) -> ChargeFate:
    """The fate after minutes or money, or both, were given up. Zero minutes lower the price only."""
    _with_reason(reason)
    _within(fate, minutes, amount)
    return replace(fate, written_off_minutes=fate.written_off_minutes + minutes, written_off=fate.written_off + amount)


def write_up(fate: ChargeFate, *, amount: Money, reason: str) -> ChargeFate:
    """The fate after the price was raised. Minutes are what was worked: they cannot be written up."""
    _with_reason(reason)
    if amount.amount <= 0:
        raise BillingInvalid("A write-up is a positive amount.")
    return replace(fate, written_up=fate.written_up + amount)


def worth(fate: ChargeFate, *, minutes: int) -> Money:
    """What some of the unbilled minutes are worth; all of them are worth all that is unbilled."""
    if not 0 <= minutes <= fate.unbilled_minutes or not fate.unbilled_minutes:
        raise BillingInvalid(
            say("%(unbilled_minutes)s minutes of the charge are unbilled.", unbilled_minutes=fate.unbilled_minutes)
        )
    share = Fraction(minutes, fate.unbilled_minutes)
    return from_fraction(Fraction(fate.unbilled.amount) * share, fate.unbilled.currency)


def realisation_ratio(fates: tuple[ChargeFate, ...]) -> Fraction | None:
    """Billed money to approved money; None if nothing was approved."""
    approved = sum((Fraction(fate.approved.amount) for fate in fates), Fraction(0))
    billed = sum((Fraction(fate.billed.amount) for fate in fates), Fraction(0))
    return billed / approved if approved else None


def _within(fate: ChargeFate, minutes: int, amount: Money) -> None:
    if not 0 <= minutes <= fate.unbilled_minutes:
        raise BillingInvalid(
            say("%(unbilled_minutes)s minutes of the charge are unbilled.", unbilled_minutes=fate.unbilled_minutes)
        )
    if amount.amount < 0 or fate.unbilled < amount:
        raise BillingInvalid(say("%(unbilled)s of the charge is unbilled.", unbilled=fate.unbilled))


def _with_reason(reason: str) -> None:
    if not reason.strip():
        raise BillingInvalid("Say why the amount changes.")
