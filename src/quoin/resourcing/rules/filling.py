"""A request as bookings, and how much of it bookings fill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from quoin.resourcing.types import DemandStatus

_HUNDRED, _WEEK, _WORKDAYS, _FULL_DAY = 100, 7, 5, 480


@dataclass(frozen=True, slots=True)
class Part:
    """A booking to be made for a request."""

    first: date
    last: date
    effort: str
    amount: int


def parts_of(
    first: date,
    last: date,
    *,
    minutes_per_week: int | None,
    percent: int | None,
    curve: Sequence[int] = (),
    starts_on: date,
) -> list[Part]:
    """Bookings from the first day to the last: one, or one for each stretch of weeks with the same effort.

    The weeks of the curve count from the week of `starts_on`. Hours per week become a total for each week.
    """
    monday = starts_on - timedelta(days=starts_on.weekday())
    parts: list[Part] = []
    at = first
    while at <= last:
        ends_on = min(at + timedelta(days=_WEEK - 1 - at.weekday()), last)
        number = (at - monday).days // _WEEK
        share = curve[min(number, len(curve) - 1)] if curve else _HUNDRED
        part = _week(at, ends_on, share, minutes_per_week=minutes_per_week, percent=percent)
        if part is not None:
            before = parts[-1] if parts else None
            is_more = (
                before is not None
                and part.effort == "percent"
                and (before.effort, before.amount) == ("percent", part.amount)
                and before.last == at - timedelta(days=1)
            )
            if is_more and before is not None:
                parts[-1] = Part(before.first, part.last, part.effort, part.amount)
            else:
                parts.append(part)
        at = ends_on + timedelta(days=1)
    return parts


def _week(first: date, last: date, share: int, *, minutes_per_week: int | None, percent: int | None) -> Part | None:
    if percent is not None:
        amount, effort = percent * share // _HUNDRED, "percent"
    else:
        assert minutes_per_week is not None
        covered = sum(1 for at in range((last - first).days + 1) if (first + timedelta(days=at)).weekday() < _WORKDAYS)
        amount, effort = minutes_per_week * share * covered // (_HUNDRED * _WORKDAYS), "total"
    return Part(first, last, effort, amount) if amount else None


def status_after(wanted: Sequence[Part], booked: Sequence[Part]) -> DemandStatus:
    """Filled from nineteen parts of twenty on. Per cent counts working days, whatever each person's hours are."""
    in_percent = any(part.effort == "percent" for part in wanted)
    there = sum(_units(part, in_percent=in_percent) for part in booked)
    if not there:
        return DemandStatus.OPEN
    whole = sum(_units(part, in_percent=in_percent) for part in wanted)
    return DemandStatus.FILLED if there * 20 >= whole * 19 else DemandStatus.PART


def _units(part: Part, *, in_percent: bool) -> int:
    """Per cent times days, or minutes."""
    days = sum(1 for at in range((part.last - part.first).days + 1) if _is_workday(part.first + timedelta(days=at)))
    match part.effort:
        case "percent":
            return part.amount * days if in_percent else part.amount * days * _FULL_DAY // _HUNDRED
        case "per_day":
            return part.amount * days * _HUNDRED // _FULL_DAY if in_percent else part.amount * days
        case _:
            return part.amount * _HUNDRED // _FULL_DAY if in_percent else part.amount


def _is_workday(day: date) -> bool:
    return day.weekday() < _WORKDAYS
