"""One figure asked for many periods at once: what a rollup or the lines say, cut at the days of each question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from quoin.base.actor import Actor
from quoin.base.figures.lines import QueryLines
from quoin.base.figures.model import Parameters, Series, Sums


def around(questions: Sequence[Parameters]) -> Parameters:
    """The question whose days hold those of all the others. They are about the same things."""
    first, last = [asked.from_on for asked in questions], [asked.until_on for asked in questions]
    return replace(
        questions[0],
        from_on=None if None in first else min(day for day in first if day is not None),
        until_on=None if None in last else max(day for day in last if day is not None),
    )


def whole_months(asked: Parameters) -> bool:
    """Whether the period begins and ends with a month, so that a monthly rollup can answer."""
    starts = asked.from_on is None or asked.from_on.day == 1
    ends = asked.until_on is None or (asked.until_on + timedelta(days=1)).day == 1
    return starts and ends


def added_by_month(questions: Sequence[Parameters], rows: Iterable[tuple[date, str, Decimal]]) -> list[Sums]:
    """The sums of questions for whole months from (month, currency, sum)."""
    added: list[defaultdict[str, Decimal]] = [defaultdict(Decimal) for _ in questions]
    for month, currency, total in rows:
        for asked, sums in zip(questions, added, strict=True):
            if (asked.from_on or month) <= month <= (asked.until_on or month):
                sums[currency] += total
    return [dict(sums) for sums in added]


def by_days(lines: Callable[[Actor, Parameters], QueryLines]) -> Series:
    """How a figure answers whose period limits the days of its lines: one statement for all questions."""

    def series(actor: Actor, questions: Sequence[Parameters]) -> list[Sums]:
        if len(questions) == 1:
            return [lines(actor, questions[0]).sums()]
        spans = [(asked.from_on, asked.until_on) for asked in questions]
        return lines(actor, around(questions)).sums_between(spans)

    return series


def by_month_or_days(by_month: Series, lines: Callable[[Actor, Parameters], Any]) -> Series:
    """How a figure with a monthly rollup answers: from that for whole months, from its lines else."""
    by_line = by_days(lines)

    def series(actor: Actor, questions: Sequence[Parameters]) -> Sequence[Sums]:
        return (by_month if all(whole_months(asked) for asked in questions) else by_line)(actor, questions)

    return series
