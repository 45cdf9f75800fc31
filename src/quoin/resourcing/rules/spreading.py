"""How a booking's amount becomes minutes per day: only days on which the person works take any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from quoin.resourcing.types import Effort

_HUNDRED, _WEEK = 100, 7


def spread(effort: Effort, amount: int, capacity: Sequence[int]) -> list[int]:
    """Minutes of each day. Per cent is cut to whole minutes, so that 50 % and 50 % fit; a total is met exactly."""
    match effort:
        case Effort.PER_DAY:
            return [amount if minutes else 0 for minutes in capacity]
        case Effort.PERCENT:
            return [minutes * amount // _HUNDRED for minutes in capacity]
        case Effort.TOTAL:
            return _shares(amount, capacity)


def _shares(total: int, weights: Sequence[int]) -> list[int]:
    """The total in whole parts by weight: the running sum is rounded, so that parts add up to it."""
    whole = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    shares, weighed, given = [], 0, 0
    for weight in weights:
        weighed += weight
        upto = (2 * total * weighed + whole) // (2 * whole)
        shares.append(upto - given)
        given = upto
    return shares


def wanted_minutes(
    days: Sequence[date],
    capacity: Mapping[date, int],
    *,
    minutes_per_week: int | None,
    percent: int | None,
    curve: Sequence[int] = (),
) -> dict[date, int]:
    """Minutes of each day that a demand takes of a person with this capacity.

    Hours per week spread over the days of the week on which the person works; in a week that the demand covers in
    part, over the part, at the share of its working days (Monday to Friday where the person's week is unknown).
    """
    found: dict[date, int] = {}
    if not days:
        return found
    first_monday = days[0] - timedelta(days=days[0].weekday())
    weeks: dict[int, list[date]] = {}
    for day in days:
        weeks.setdefault((day - first_monday).days // _WEEK, []).append(day)
    for number, week in weeks.items():
        share = curve[min(number, len(curve) - 1)] if curve else _HUNDRED
        weights = [capacity.get(day, 0) for day in week]
        if percent is not None:
            minutes = [weight * percent * share // (_HUNDRED * _HUNDRED) for weight in weights]
        else:
            assert minutes_per_week is not None
            covered = sum(1 for day in week if day.weekday() < _WORKDAYS)
            minutes = _shares(minutes_per_week * share * min(covered, _WORKDAYS) // (_HUNDRED * _WORKDAYS), weights)
        found.update({day: minutes_on for day, minutes_on in zip(week, minutes, strict=True) if minutes_on})
    return found


_WORKDAYS = 5
