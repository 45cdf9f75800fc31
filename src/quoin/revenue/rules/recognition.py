"""Revenue over time by cumulative rounding: what is posted is round(price x progress) less what was posted (R7).

Recomputing with the same inputs posts nothing, and a completed contract has earned exactly its price.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from quoin.kernel.money import Money, Rounding, from_fraction, total, zero
from quoin.kernel.period import Period
from quoin.revenue.types import NetPosition, Progress, Recognition, RevenueInvalid


def recognise(price: Money, *, progress: Progress, posted: Money, mode: Rounding = Rounding.HALF_UP) -> Recognition:
    """Revenue to date for the progress. A fall of progress or price posts a negative amount."""
    if not 0 <= progress.share <= 1:
        raise RevenueInvalid("Progress lies between 0 and 1.")
    to_date = from_fraction(Fraction(price.amount) * progress.share, price.currency, mode)
    posting = to_date - posted
    return Recognition(to_date, posting, f"{progress.words} of {price} is {to_date}; {posted} was posted before.")


def right_to_invoice(amounts: Iterable[Money], *, posted: Money) -> Recognition:
    """Time and materials earns what may be billed: the approved charges (IFRS 15.B16)."""
    to_date = total(amounts, posted.currency)
    return Recognition(to_date, to_date - posted, f"Approved work is worth {to_date}; {posted} was posted before.")


def as_billed(billed: Money, *, posted: Money) -> Recognition:
    """Earned when it is billed, for firms that keep it simple."""
    return Recognition(billed, billed - posted, f"{billed} was billed; {posted} was posted before.")


def cost_to_cost(*, cost: Money, planned_cost: Money) -> Progress:
    """Cost to date over planned cost, at most all of it."""
    share = _share(Fraction(cost.amount), Fraction(planned_cost.amount))
    return Progress(share, f"Cost of {cost} out of {planned_cost}")


def hours_to_hours(*, minutes: int, planned_minutes: int) -> Progress:
    """Minutes worked over minutes planned, at most all of them."""
    return Progress(_share(Fraction(minutes), Fraction(planned_minutes)), f"{minutes} of {planned_minutes} minutes")


def by_milestones(shares: Sequence[tuple[Fraction, bool]]) -> Progress:
    """Output method: the shares of the milestones that are reached. All shares add up to 1."""
    if sum(share for share, _ in shares) != 1:
        raise RevenueInvalid("The shares of the milestones add up to 1.")
    reached = [share for share, is_reached in shares if is_reached]
    return Progress(sum(reached, Fraction(0)), f"{len(reached)} of {len(shares)} milestones")


def straight_line(service: Period, *, until: date) -> Progress:
    """Days of the service period that are over at the end of the day, out of all its days."""
    if service.end is None or service.end == service.start:
        raise RevenueInvalid("A straight line needs a service period with a first and a last day.")
    days = (service.end - service.start).days
    gone = min(max((until - service.start).days + 1, 0), days)
    return Progress(Fraction(gone, days), f"{gone} of {days} days")


def at_completion(*, is_complete: bool) -> Progress:
    """Point in time: nothing before control passes, everything then."""
    return Progress(Fraction(int(is_complete)), "Complete" if is_complete else "Not complete")


def net_position(*, earned: Money, billed: Money) -> NetPosition:
    """R10: the difference of earned and billed is an asset or a liability of the contract."""
    nothing = zero(earned.currency)
    difference = earned - billed
    if difference.amount >= 0:
        return NetPosition(asset=difference, liability=nothing)
    return NetPosition(asset=nothing, liability=-difference)


def onerous_provision(*, price: Money, progress: Progress, planned_cost: Money, cost: Money) -> Money:
    """The provision that must stand for an expected loss: the whole rest of it at once (R11, IAS 37.66).

    That is what the remaining cost exceeds the remaining revenue by; zero for a contract that still earns.
    """
    remaining_cost = Fraction(planned_cost.amount) - Fraction(cost.amount)
    remaining_revenue = Fraction(price.amount) * (1 - progress.share)
    return from_fraction(max(remaining_cost - remaining_revenue, Fraction(0)), price.currency)


def _share(done: Fraction, planned: Fraction) -> Fraction:
    if planned <= 0 or done < 0:
        raise RevenueInvalid("Progress needs a positive plan and no negative measure.")
    return min(done / planned, Fraction(1))
