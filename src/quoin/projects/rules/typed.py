"""What people type into a plan, as values: durations, days, links, people, and a task in one line.

`3d`, `2w`, `6h`; `fri`, `+3d`, `w23`, `eom`, `12.6.`; `3FS+2d; 5SS`; `Ana Ruiz 50%; Jo`; `Migrate @ana !high 8h >fri`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from quoin.kernel.words import say
from quoin.projects.rules.plan import DAY_MINUTES
from quoin.projects.types import LagUnit, LinkKind

_WEEK_DAYS = 5
_UNITS = {"": DAY_MINUTES, "d": DAY_MINUTES, "w": _WEEK_DAYS * DAY_MINUTES, "h": 60, "m": 1}
_SPAN = re.compile(r"([+-]?)(\d{1,5}(?:[.,]\d{1,2})?)\s*(e?)([dwhm]?)")
_LINK = re.compile(r"(\d{1,6})\s*(fs|ss|ff|sf)?\s*(?:([+-]\s*[\d.,]+)\s*(%|e?[dwhm])?)?", re.IGNORECASE)
_PERSON = re.compile(r"(.+?)\s*(?:\[?(\d{1,3})\s*%\]?)?")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_STEP = re.compile(r"([+-]\d{1,3})([dwm])")
_WEEK = re.compile(r"w(\d{1,2})")
_NAMED = re.compile(r"(\d{1,2})\.?\s*([a-z]{3})[a-z]*\.?\s*(\d{4})?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{2,4})?")
PRIORITIES = {"low": 1, "normal": 2, "high": 3, "urgent": 4}


@dataclass(frozen=True, slots=True)
class TypedLink:
    """A predecessor by its number in the project."""

    before: int
    kind: LinkKind = LinkKind.FS
    lag: int = 0
    unit: LagUnit = LagUnit.WORK


@dataclass(frozen=True, slots=True)
class TypedTask:
    """A task in one line of text."""

    name: str
    person: str = ""
    priority: int | None = None
    minutes: int | None = None
    due_on: date | None = None
    phase: str = ""
    level: int = 0


def span_minutes(text: str) -> int:
    """Working minutes of `3d`, `2w`, `6h`, `90m`; a bare number counts days. ValueError else."""
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(say("%(text)s is no duration. Write 3d, 2w or 6h.", text=repr(text)))
    return _scaled(found[1] + found[2], found[4])


def _scaled(number: str, unit: str) -> int:
    exact = Decimal(number.replace(",", ".").replace(" ", "")) * _UNITS[unit]
    return int(exact.to_integral_value(ROUND_HALF_UP))


def span_text(minutes: int | None) -> str:
    """The shortest way to write so many working minutes: `3d`, `2.5d`, `4h`, `45m`."""
    if minutes is None:
        return ""
    if minutes % (DAY_MINUTES // 2) == 0:
        days = Decimal(minutes) / DAY_MINUTES
        return f"{days.normalize():f}d"
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


def typed_links(text: str) -> list[TypedLink]:
    """Predecessors as in MS Project: `3`, `3FS+2d`, `5SS-1d`, `7FF+50%`, `9FS+3ed` (days on the clock)."""
    return [_link(part.strip()) for part in re.split(r"[;,]\s+|;", text) if part.strip()]


def _link(text: str) -> TypedLink:
    found = _LINK.fullmatch(text)
    if found is None:
        raise ValueError(say("%(text)s is no predecessor. Write 3, 3FS+2d or 5SS.", text=repr(text)))
    kind = LinkKind((found[2] or "fs").lower())
    if not found[3]:
        return TypedLink(int(found[1]), kind)
    lag, unit = found[3].replace(" ", ""), (found[4] or "d").lower()
    if unit == "%":
        return TypedLink(int(found[1]), kind, int(Decimal(lag.replace(",", "."))), LagUnit.PERCENT)
    if unit.startswith("e"):
        on_clock = {"d": 1440, "w": 10080, "h": 60, "m": 1}[unit[1:]]
        return TypedLink(int(found[1]), kind, int(Decimal(lag.replace(",", ".")) * on_clock), LagUnit.ELAPSED)
    return TypedLink(int(found[1]), kind, _scaled(lag, unit))


def typed_people(text: str) -> list[tuple[str, int]]:
    """Names with percentages of their day: `Ana Ruiz 50%; Jo`."""
    found = []
    for part in re.split(r"[;,]", text):
        if match := _PERSON.fullmatch(part.strip()):
            percent = int(match[2] or 100)
            if not percent:
                raise ValueError(say("%(part)s: give more than 0 percent.", part=repr(part.strip())))
            found.append((match[1], percent))
    return found


def typed_day(text: str, *, today: date) -> date:
    """The day that the text means, seen from today; ValueError says how to write one."""
    word = text.strip().lower()
    for reading in (_iso, _word, _step, _week, _named, _dotted):
        found = reading(word, today)
        if found is not None:
            return found
    raise ValueError(say("%(text)s is no day. Write 2026-06-12, 12 jun, fri, +3d, w23 or eom.", text=repr(text)))


def _iso(word: str, _today: date) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


def _word(word: str, today: date) -> date | None:
    if word in {"today", "tomorrow"}:
        return today + timedelta(days=word == "tomorrow")
    if word == "eom":
        return today.replace(day=monthrange(today.year, today.month)[1])
    if len(word) >= len("mon") and word[:3] in _DAYS and word.isalpha():
        ahead = (_DAYS.index(word[:3]) - today.weekday()) % 7
        return today + timedelta(days=ahead or 7)
    return None


def _step(word: str, today: date) -> date | None:
    found = _STEP.fullmatch(word)
    if found is None:
        return None
    count = int(found[1])
    if found[2] != "m":
        return today + timedelta(days=count * (7 if found[2] == "w" else 1))
    year, month = divmod(today.year * 12 + today.month - 1 + count, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _week(word: str, today: date) -> date | None:
    found = _WEEK.fullmatch(word)
    return date.fromisocalendar(today.isocalendar().year, int(found[1]), 1) if found else None


def _named(word: str, today: date) -> date | None:
    found = _NAMED.fullmatch(word)
    if found is None or found[2] not in _MONTHS:
        return None
    return _ahead(int(found[1]), _MONTHS.index(found[2]) + 1, found[3], today)


def _dotted(word: str, today: date) -> date | None:
    found = _DOTTED.fullmatch(word)
    return _ahead(int(found[1]), int(found[2]), found[3], today) if found else None


def _ahead(day: int, month: int, year: str | None, today: date) -> date:
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)  # noqa: PLR2004 -- two digits
    found = date(today.year, month, day)
    return found if found > today - timedelta(days=180) else found.replace(year=today.year + 1)


def typed_task(line: str, *, today: date) -> TypedTask:
    """A task in one line: `@who`, `!priority`, an estimate, `>day` and `#phase` in any order; the rest is its name."""
    level = (
        (len(line) - len(line.lstrip(" \t"))) // 2 if not line.startswith("\t") else len(line) - len(line.lstrip("\t"))
    )
    kept: list[str] = []
    found: dict[str, object] = {}
    for word in line.split():
        sign, rest = word[0], word[1:]
        if sign == "@" and rest:
            found["person"] = rest
        elif sign == "!" and rest.lower() in PRIORITIES:
            found["priority"] = PRIORITIES[rest.lower()]
        elif sign == ">" and rest:
            found["due_on"] = typed_day(rest, today=today)
        elif sign == "#" and rest:
            found["phase"] = rest
        elif re.fullmatch(r"\d{1,5}(?:[.,:]\d{1,2})?[hdw]", word) and "minutes" not in found:
            found["minutes"] = _clocked(word)
        else:
            kept.append(word)
    return TypedTask(name=" ".join(kept), level=level, **found)  # type: ignore[arg-type]  # each value is of its field


def _clocked(word: str) -> int:
    if ":" in word:
        hours, rest = word[:-1].split(":")
        return int(hours) * 60 + int(rest)
    return span_minutes(word)
