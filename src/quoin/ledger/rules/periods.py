"""Accounting periods and the four dates of a posting (R18): only the posting date must lie in an open period."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from quoin.kernel.words import say
from quoin.ledger.types import AccountingPeriod, PeriodClosed, PeriodState, PostingDates


def is_open(day: date, periods: Iterable[AccountingPeriod]) -> bool:
    """Whether the day takes postings. A day of no period does not."""
    return any(day in known.period and known.state is PeriodState.OPEN for known in periods)


def posting_day(*, wanted_on: date, on: date, periods: Iterable[AccountingPeriod]) -> date:
    """The wanted day if its period is open, else the first open day from today (`on`) on.

    PeriodClosed if there is none.
    """
    known = sorted(periods, key=lambda period: period.period.start)
    if is_open(wanted_on, known):
        return wanted_on
    starts = (
        max(period.period.start, on)
        for period in known
        if period.state is PeriodState.OPEN and (period.period.end is None or period.period.end > on)
    )
    day = min(starts, default=None)
    if day is None:
        raise PeriodClosed(say("No period is open on or after %(on)s; open one.", on=on))
    return day


def posting_dates(
    *, work_on: date, tax_point_on: date, document_on: date, on: date, periods: Iterable[AccountingPeriod]
) -> PostingDates:
    """The four dates of something that happened on `work_on` and is posted today: facts keep their own days."""
    return PostingDates(
        work_on=work_on,
        tax_point_on=tax_point_on,
        document_on=document_on,
        posting_on=posting_day(wanted_on=work_on, on=on, periods=periods),
    )
