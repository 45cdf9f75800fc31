"""Durations in exact seconds: `1:30`, `01:30:00`, `1.5`, `1,5`, `1h 30m`, `90 min`, `PT1H30M`.

A bare number is hours. Nothing here rounds: 0.01 h is 36 s, and whole minutes are made later, by rule.
"""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from quoin.imports.rules.values.decimals import POINT, parse_decimal
from quoin.imports.types import MinuteRounding
from quoin.kernel.words import say

_CLOCK = re.compile(r"([0-9]{1,5}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,6}))?)?")
_ISO = re.compile(
    r"P(?:([0-9]{1,4})D)?(?:T(?:([0-9]{1,5}(?:[.,][0-9]{1,6})?)H)?(?:([0-9]{1,6}(?:[.,][0-9]{1,6})?)M)?"
    r"(?:([0-9]{1,7}(?:[.,][0-9]{1,6})?)S)?)?"
)
_UNITS = re.compile(
    r"(?:([0-9]{1,5})\s*(?:h|hrs?|hours?|std\.?|stunden?)\s*)?"
    r"(?:([0-9]{1,6})\s*(?:m|min\.?|mins?|minutes?|minuten?)?\s*)?(?:([0-9]{1,7})\s*s(?:ec)?)?"
)
_MODES = {
    MinuteRounding.NEAREST: ROUND_HALF_UP,
    MinuteRounding.UP: ROUND_CEILING,
    MinuteRounding.DOWN: ROUND_FLOOR,
}
_SIXTY = Decimal(60)
_HOUR = Decimal(3600)
_DAY = 24 * _HOUR
_HOUR_PLACES = 18
_MOST_HOURS = 100_000


def parse_seconds(text: str, point: str = POINT) -> Decimal:
    """Exact seconds of a duration; ValueError names what is wrong."""
    typed = text.strip()
    if typed[:1] in {"-", "−"}:
        raise ValueError(say("%(text)s is negative; time cannot be", text=repr(text)))
    if found := _CLOCK.fullmatch(typed):
        return _clock(found, text)
    if typed[:1] in {"P", "p"}:
        return _iso(typed.upper(), text)
    if any(letter in typed for letter in "hHmMsS"):
        return _units(typed.casefold(), text)
    return parse_hours(typed, point)


def parse_hours(text: str, point: str = POINT) -> Decimal:
    """Exact seconds of a decimal number of hours."""
    hours = parse_decimal(text, point, places=_HOUR_PLACES)
    if hours < 0:
        raise ValueError(say("%(text)s is negative; time cannot be", text=repr(text)))
    if hours >= _MOST_HOURS:
        raise ValueError(say("%(text)s is more hours than anybody works", text=repr(text)))
    return _tidy(hours * _HOUR)


def parse_count(text: str, unit_seconds: int) -> Decimal:
    """Exact seconds of a whole number of units (minutes, seconds)."""
    typed = text.strip()
    if not typed.isascii() or not typed.isdigit() or len(typed) > 9:  # noqa: PLR2004 - a billion seconds is 31 years
        raise ValueError(say("%(text)s is not a whole number", text=repr(text)))
    return Decimal(int(typed) * unit_seconds)


def to_minutes(seconds: Decimal, rounding: MinuteRounding) -> int:
    """Whole minutes; half a minute goes up when rounding to the nearest."""
    return int((seconds / _SIXTY).to_integral_value(_MODES[rounding]))


def write_clock(seconds: int) -> str:
    """`01:30:00`."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _clock(found: re.Match[str], text: str) -> Decimal:
    hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3] or 0)
    if minutes > 59 or seconds > 59:  # noqa: PLR2004 - a clock has sixty
        raise ValueError(say("%(text)s is not H:MM or H:MM:SS", text=repr(text)))
    whole = Decimal(hours * 3600 + minutes * 60 + seconds)
    return whole + Decimal(f"0.{found[4]}") if found[4] else whole


def _iso(typed: str, text: str) -> Decimal:
    found = _ISO.fullmatch(typed)
    if found is None or not any(found.groups()):
        raise ValueError(
            say("%(text)s is not an ISO 8601 duration of days, hours, minutes and seconds", text=repr(text))
        )
    days, hours, minutes, seconds = (Decimal((part or "0").replace(",", ".")) for part in found.groups())
    return _tidy(days * _DAY + hours * _HOUR + minutes * _SIXTY + seconds)


def _units(typed: str, text: str) -> Decimal:
    found = _UNITS.fullmatch(typed)
    if found is None or not any(found.groups()):
        raise ValueError(say("%(text)s is not a duration; write 1:30, 1.5 or 1h 30m", text=repr(text)))
    return Decimal(int(found[1] or 0) * 3600 + int(found[2] or 0) * 60 + int(found[3] or 0))


def _tidy(seconds: Decimal) -> Decimal:
    """Without trailing zeros, so that 36.00 and 36 are written alike."""
    whole = seconds.to_integral_value()
    return whole if whole == seconds else seconds.normalize()
