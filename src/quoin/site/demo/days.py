"""Working days of the invented people: public holidays of their country, and when they are away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from quoin.site.demo.chance import Chance

_MONDAY, _FRIDAY = 0, 4
_DAY = timedelta(days=1)


def easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian computus (Nature, 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=16)
def holidays(country: str, year: int) -> frozenset[date]:
    """Public holidays of the whole of Germany, or of England and Wales."""
    sunday = easter(year)
    common = {date(year, 1, 1), sunday - 2 * _DAY, sunday + _DAY, date(year, 12, 25), date(year, 12, 26)}
    if country == "GB":
        return frozenset(common | {_monday(date(year, 5, 1)), _monday(date(year, 5, 25)), _monday(date(year, 8, 25))})
    return frozenset(common | {date(year, 5, 1), sunday + 39 * _DAY, sunday + 50 * _DAY, date(year, 10, 3)})


def weeks(since: date, until: date) -> Iterator[date]:
    """Each Monday from the week of `since` up to, not including, `until`."""
    monday = since - since.weekday() * _DAY
    while monday < until:
        yield monday
        monday += 7 * _DAY


def away(chance: Chance, since: date, until: date) -> frozenset[date]:
    """Days on which somebody does not work: two weeks in summer, one in spring or autumn, Christmas, a few ill days."""
    found: set[date] = set()
    for year in range(since.year, until.year + 1):
        found |= _block(date(year, chance.between(7, 8), chance.between(1, 28)), 14)
        found |= _block(date(year, chance.one_of((2, 3, 4, 10, 11)), chance.between(1, 24)), 7)
        if chance.is_so(72):
            found |= _block(date(year, 12, 21), 13)
        first = date(year, 1, 1).toordinal()
        found |= {date.fromordinal(first + chance.between(0, 364)) for _ in range(7)}
    return frozenset(found)


def _block(first: date, length: int) -> set[date]:
    return {first + number * _DAY for number in range(length)}


def _monday(day: date) -> date:
    return day + (-day.weekday() % 7) * _DAY
