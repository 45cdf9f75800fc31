"""What is left of a year's leave, counted in working days and halves of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from quoin.people.rules.capacity import workable_minutes
from quoin.people.types import Away, Balance, Entitlement, WorkTime

_HALF, _TWO, _MONTHS = Decimal("0.5"), Decimal(2), Decimal(12)


def days_of(away: Away, time: WorkTime, *, from_on: date | None = None, until_on: date | None = None) -> Decimal:
    """Working days that the absence takes, of those from a day until a day (both included)."""
    first = max(away.starts_on, from_on or away.starts_on)
    last = min(away.ends_on, until_on or away.ends_on)
    if last < first:
        return Decimal(0)
    whole = workable_minutes(time, first, (last - first).days + 1)
    taken = Decimal(0)
    for at, minutes in enumerate(whole):
        if minutes:
            day = first + timedelta(days=at)
            is_half = (away.starts_half and day == away.starts_on) or (away.ends_half and day == away.ends_on)
            taken += _HALF if is_half else 1
    return taken


def earned_by(entitlement: Entitlement, on: date) -> Decimal:
    """Days of the year that are earned by a day: all at once, or a twelfth with each month begun, to half days."""
    if on.year < entitlement.year:
        return Decimal(0)
    if not entitlement.accrues_monthly or on.year > entitlement.year:
        return entitlement.days
    return (entitlement.days * on.month / _MONTHS * _TWO).quantize(Decimal(1), ROUND_HALF_UP) / _TWO


def balance(
    entitlement: Entitlement, time: WorkTime, taken: Iterable[Away], asked: Iterable[Away], *, on: date
) -> Balance:
    """The balance of the entitlement's year on a day."""
    first, last = date(entitlement.year, 1, 1), date(entitlement.year, 12, 31)
    approved = list(taken)
    carried_until = entitlement.carried_until or last
    in_time = sum((days_of(away, time, from_on=first, until_on=carried_until) for away in approved), Decimal(0))
    has_lapsed = on > carried_until
    return Balance(
        year=entitlement.year,
        earned=earned_by(entitlement, on),
        carried=entitlement.carried_days,
        lapsed=max(entitlement.carried_days - in_time, Decimal(0)) if has_lapsed else Decimal(0),
        taken=sum((days_of(away, time, from_on=first, until_on=last) for away in approved), Decimal(0)),
        asked=sum((days_of(away, time, from_on=first, until_on=last) for away in asked), Decimal(0)),
    )
