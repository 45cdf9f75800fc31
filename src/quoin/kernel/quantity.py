"""Effort in integer minutes: parsing what people type, and writing it back.

A bare number is always hours (`7`, `7.5`, `7,5`, `.5`); `7:30`, `7h30`, `7h` and `450m` say it outright; a
range `9-12:30` is its length. A sign makes it relative (`+1`, `-0:15`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from quoin.kernel.words import say

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR
_HOURS = re.compile(r"(\d{1,4})?(?:[.,](\d{1,4}))?\s*h?")
_CLOCK = re.compile(r"(\d{1,3})(?::|h)(\d{1,2})")
_MINUTES = re.compile(r"(\d{1,5})\s*m(?:in)?")
_RANGE = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*[-–]\s*(\d{1,2})(?::(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed: minutes, and whether they are to be added to what is there."""

    minutes: int
    is_relative: bool = False


def parse_duration(text: str) -> Typed:
    """Minutes that the text means; ValueError says what is wrong and how to write it."""
    typed = text.strip().lower()
    if not typed:
        raise ValueError(say("Type hours, for example 7:30 or 7.5."))
    if typed[0] in "+-−":
        sign = 1 if typed[0] == "+" else -1
        return Typed(sign * _absolute(typed[1:].strip(), text), is_relative=True)
    return Typed(_absolute(typed, text))


def _absolute(typed: str, original: str) -> int:
    if found := _RANGE.fullmatch(typed):
        return _range(found, original)
    if found := _CLOCK.fullmatch(typed):
        if int(found[2]) >= MINUTES_PER_HOUR:
            raise ValueError(
                say(
                    "%(original)s has %(found)s minutes; an hour has 60.",
                    original=repr(original.strip()),
                    found=found[2],
                )
            )
        return int(found[1]) * 60 + int(found[2])
    if found := _MINUTES.fullmatch(typed):
        return int(found[1])
    found = _HOURS.fullmatch(typed)
    if found is None or not (found[1] or found[2]):
        raise ValueError(
            say("%(original)s is not a duration. Write hours as 7:30, 7.5 or 450m.", original=repr(original.strip()))
        )
    minutes = (Decimal(found[1] or 0) + Decimal(f"0.{found[2] or 0}")) * 60
    return int(minutes.to_integral_value(ROUND_HALF_UP))


def _range(found: re.Match[str], original: str) -> int:
    start = int(found[1]) * 60 + int(found[2] or 0)
    end = int(found[3]) * 60 + int(found[4] or 0)
    if not (
        start < MINUTES_PER_DAY
        and end <= MINUTES_PER_DAY
        and max(int(found[2] or 0), int(found[4] or 0)) < MINUTES_PER_HOUR
    ):
        raise ValueError(
            say("%(original)s is not a range of clock times. Write it as 9-12:30.", original=repr(original.strip()))
        )
    return end - start if end >= start else end + MINUTES_PER_DAY - start


def clock(minutes: int) -> str:
    """`7:30`; negative minutes get a minus sign (U+2212)."""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'−' if minutes < 0 else ''}{hours}:{rest:02d}"


def hours(minutes: int) -> Decimal:
    """Hours as an exact-as-possible decimal with four places, for documents (Peppol R120 needs them)."""
    return (Decimal(minutes) / 60).quantize(Decimal("0.0001"))
