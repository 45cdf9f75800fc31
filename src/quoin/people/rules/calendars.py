"""Stretches of work as they are stored: checked, put in order, added up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from quoin.kernel.errors import invalid
from quoin.kernel.quantity import MINUTES_PER_DAY, MINUTES_PER_HOUR
from quoin.kernel.words import say

_WEEK = 7
_STRETCH = re.compile(r"(\d{1,2})(?::([0-5]\d))?\s*[-–]\s*(\d{1,2})(?::([0-5]\d))?")


def checked_spans(spans: Sequence[Sequence[Any]], *, pointer: str) -> list[list[int]]:
    """Stretches of a day in order; Invalid when one is no stretch or two overlap."""
    found = []
    for span in spans:
        if len(span) != len(("from", "until")) or not all(isinstance(minute, int) for minute in span):
            raise invalid(pointer, "A stretch of work is [from, until] in minutes from midnight, as [480, 720].")
        if not 0 <= span[0] < span[1] <= MINUTES_PER_DAY:
            raise invalid(pointer, "A stretch of work ends after it begins, within one day (0 to 1440).")
        found.append([int(span[0]), int(span[1])])
    found.sort()
    if any(later[0] < earlier[1] for earlier, later in pairwise(found)):
        raise invalid(pointer, "Two stretches of work overlap. Join them or move one.")
    return found


def checked_week(week: Sequence[Sequence[Sequence[Any]]]) -> list[list[list[int]]]:
    """Stretches of the seven weekdays, Monday first."""
    if len(week) != _WEEK:
        raise invalid("/week", "Give the stretches of seven days, Monday first.")
    return [checked_spans(spans, pointer=f"/week/{at}") for at, spans in enumerate(week)]


def minutes_of(spans: Sequence[Sequence[int]]) -> int:
    """Working minutes of the stretches."""
    return sum(end - start for start, end in spans)


def spans_of(text: str, *, pointer: str) -> list[list[int]]:
    """`8-12, 13:00-17:30` as stretches; nothing means that nobody works."""
    found = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        match = _STRETCH.fullmatch(part)
        if match is None:
            raise invalid(
                pointer, say("%(part)s is no stretch of work. Write 8-12, 13:00-17:30, or nothing.", part=repr(part))
            )
        hours, minutes = (match[1], match[3]), (match[2] or "0", match[4] or "0")
        found.append([int(hour) * MINUTES_PER_HOUR + int(rest) for hour, rest in zip(hours, minutes, strict=True)])
    return checked_spans(found, pointer=pointer)


def text_of(spans: Sequence[Sequence[int]]) -> str:
    """Stretches as people write them: `08:00–12:00, 13:00–17:00`."""
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in spans)


def _clock(minute: int) -> str:
    return f"{minute // MINUTES_PER_HOUR:02}:{minute % MINUTES_PER_HOUR:02}"
