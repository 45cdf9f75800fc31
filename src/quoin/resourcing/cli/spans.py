"""Days and weeks as they are typed: 2026-06-01, W23, 2026-W23."""

from __future__ import annotations

import re
from datetime import date, timedelta

from quoin.kernel.errors import invalid

_WEEK = re.compile(r"^(?:(\d{4})-?)?W(\d{1,2})$", re.IGNORECASE)


def first_day(text: str, today: date) -> date:
    """A day, or the Monday of a week; a week without a year is this year's, or next year's when long past."""
    return _monday(text, today) or _day(text)


def last_day(text: str, today: date) -> date:
    """A day, or the Sunday of a week."""
    monday = _monday(text, today)
    return monday + timedelta(days=6) if monday else _day(text)


def _monday(text: str, today: date) -> date | None:
    found = _WEEK.match(text.strip())
    if found is None:
        return None
    year, week = found.groups()
    try:
        monday = date.fromisocalendar(int(year) if year else today.isocalendar().year, int(week), 1)
    except ValueError:
        raise invalid("/week", f"{text} is not a week. Write W23 or 2026-W23.") from None
    is_long_past = not year and today - monday > _HALF_YEAR
    return date.fromisocalendar(monday.isocalendar().year + 1, int(week), 1) if is_long_past else monday


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise invalid("/on", f"{text} is neither a day nor a week. Write 2026-06-01 or W23.") from None


_HALF_YEAR = timedelta(days=183)
