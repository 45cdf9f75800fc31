"""Dates and times of day in the ways that programs write them.

Whether 03/04 is March or April is never guessed from one value: see `evidence`. Dates with dots are day first,
because no country writes them otherwise, unless a value says it is not.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from quoin.imports.rules.values.evidence import Vote
from quoin.imports.types import DateOrder
from quoin.kernel.words import say

_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_TIME = re.compile(
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]{1,9})?)?\s*(?:([aApP])\.?[mM]\.?)?\s*"
    r"(Z|z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_MONTHS = 12
_DAYS = 31
_CENTURY = 2000
_OLDEST = 1970


class Clock(NamedTuple):
    """A time of day, and its zone where an offset is written."""

    at: time
    written: timezone | None


def split_moment(text: str) -> tuple[str, str]:
    """Date part and time part of `2024-03-04T09:23:52Z` or `03/04/2024 9:23 AM`; the second may be ''."""
    typed = text.strip()
    if len(typed) > 10 and typed[10] in "Tt":  # noqa: PLR2004 - length of an ISO date
        return typed[:10], typed[11:]
    day, _, clock = typed.partition(" ")
    return day, clock.strip()


def shape(day: str) -> str:
    """'ymd', the separator of a date with the year last, or '' for no date."""
    if _YEAR_FIRST.fullmatch(day):
        return "ymd"
    found = _YEAR_LAST.fullmatch(day)
    return found[2] if found else ""


def vote(day: str) -> Vote:
    """FIRST: the day comes first; SECOND: the month does; EITHER: both fit and differ."""
    found = _YEAR_LAST.fullmatch(day)
    if found is None:
        return Vote.NONE
    first, second = int(found[1]), int(found[3])
    if first == second or max(first, second) > _DAYS:
        return Vote.NONE
    if first > _MONTHS:
        return Vote.FIRST
    return Vote.SECOND if second > _MONTHS else Vote.EITHER


def parse_date(day: str, order: DateOrder) -> date:
    """The date; ValueError says why not. A date with the year first is read as such in any order."""
    if found := _YEAR_FIRST.fullmatch(day):
        return _date(int(found[1]), int(found[3]), int(found[4]), day)
    found = _YEAR_LAST.fullmatch(day)
    if found is None or order is DateOrder.YMD:
        raise ValueError(say("%(day)s is not a date", day=repr(day)))
    year = int(found[4]) if len(found[4]) > 2 else _CENTURY + int(found[4])  # noqa: PLR2004 - two-digit years
    first, second = int(found[1]), int(found[3])
    return _date(year, second, first, day) if order is DateOrder.DMY else _date(year, first, second, day)


def parse_clock(text: str) -> Clock:
    """Time of day; ValueError says why not."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise ValueError(say("%(text)s is not a time of day", text=repr(text)))
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        if not 1 <= hour <= _MONTHS:
            raise ValueError(say("%(text)s is not a time on a 12-hour clock", text=repr(text)))
        hour = hour % 12 + (12 if found[4] in "pP" else 0)
    if hour > 23 or minute > 59 or second > 59:  # noqa: PLR2004 - the clock's own limits
        raise ValueError(say("%(text)s is not a time of day", text=repr(text)))
    return Clock(time(hour, minute, second), _offset(found[5]))


def is_12_hours(text: str) -> bool:
    """Whether the time is written with AM or PM."""
    found = _TIME.fullmatch(text.strip())
    return bool(found and found[4])


def moment(day: date, clock: Clock, zone: ZoneInfo) -> datetime:
    """The instant, in the zone: an offset in the file is respected, a bare clock time is the zone's own."""
    if clock.written is None:
        return datetime.combine(day, clock.at, zone)
    return datetime.combine(day, clock.at, clock.written).astimezone(zone)


@lru_cache(maxsize=16)
def zone_named(name: str) -> ZoneInfo:
    """The time zone; ValueError for an unknown name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(say("%(name)s is not a time zone; write it as Europe/Vienna", name=repr(name))) from error


def write_date(day: date, order: DateOrder, separator: str = "-") -> str:
    """A date in a style: the inverse of `parse_date`."""
    parts = {
        DateOrder.YMD: f"{day.year:04d}{separator}{day.month:02d}{separator}{day.day:02d}",
        DateOrder.DMY: f"{day.day:02d}{separator}{day.month:02d}{separator}{day.year:04d}",
        DateOrder.MDY: f"{day.month:02d}{separator}{day.day:02d}{separator}{day.year:04d}",
    }
    return parts[order]


def _date(year: int, month: int, day: int, text: str) -> date:
    if not _OLDEST <= year < _CENTURY + 100:
        raise ValueError(say("%(text)s is not a date between 1970 and 2099", text=repr(text)))
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(say("%(text)s is not a day of the calendar", text=repr(text))) from None


@lru_cache(maxsize=64)
def _offset(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text in "Zz":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 15 or minutes > 59:  # noqa: PLR2004 - offsets reach from -12:00 to +14:00
        raise ValueError(say("%(text)s is not an offset to UTC", text=repr(text)))
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)
