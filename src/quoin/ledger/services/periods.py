"""The months of a legal entity's books: which is open, and on which day something is posted (R18)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from quoin.base.actor import Actor
from quoin.kernel.period import Period, add_months, month_of, next_month
from quoin.ledger.models import FiscalPeriod
from quoin.ledger.queries.periods import is_closed
from quoin.ledger.rules.periods import posting_day
from quoin.ledger.types import AccountingPeriod, PeriodState

_MONTHS_AHEAD = 12
_YEARS_BACK = 20


class PostingCalendar:
    """The periods of one entity, read once for a batch of postings. Months are opened as they are needed."""

    def __init__(self, actor: Actor, *, entity_id: UUID, known: Iterable[FiscalPeriod] | None = None) -> None:
        self._actor, self._entity_id = actor, entity_id
        self._periods: dict[date, AccountingPeriod] = {}
        for row in FiscalPeriod.objects.filter(entity_id=entity_id) if known is None else known:
            self._keep(row)
        self._days: dict[date, date] = {}

    def day(self, wanted_on: date) -> date:
        """The wanted day if its month is open, else the first open day from today on; PeriodClosed if none is."""
        known = self._days.get(wanted_on)
        if known is None:
            self._open(wanted_on)
            self._open(self._actor.today)
            known = posting_day(wanted_on=wanted_on, on=self._actor.today, periods=self._periods.values())
            self._days[wanted_on] = known
        return known

    def _open(self, day: date) -> None:
        """Open the day's month, unless it has a period, lies before a closed one or too far away."""
        month = month_of(day)
        if month.start in self._periods or not self._may_open(month.start):
            return
        FiscalPeriod.objects.bulk_create(
            [FiscalPeriod(entity_id=self._entity_id, starts_on=month.start, ends_on=next_month(day))],
            ignore_conflicts=True,
        )
        # Somebody else may have opened, or even closed it, in the meantime.
        self._keep(FiscalPeriod.objects.get(entity_id=self._entity_id, starts_on=month.start))

    def _may_open(self, start: date) -> bool:
        today = self._actor.today
        closed = (p.period.start for p in self._periods.values() if p.state is PeriodState.CLOSED)
        return max(closed, default=date.min) < start and (
            add_months(today, -12 * _YEARS_BACK) <= start <= add_months(today, _MONTHS_AHEAD)
        )

    def _keep(self, row: FiscalPeriod) -> None:
        state = PeriodState.CLOSED if is_closed(row, self._actor) else PeriodState.OPEN
        self._periods[row.starts_on] = AccountingPeriod(Period(row.starts_on, row.ends_on), state)


class PostingCalendars:
    """The calendars of the entities that a batch posts for, read together when the first is asked for."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._known: dict[UUID, PostingCalendar] = {}
        self._rows: dict[UUID, list[FiscalPeriod]] | None = None

    def day(self, entity_id: UUID, wanted_on: date) -> date:
        """As `PostingCalendar.day`, of the entity."""
        calendar = self._known.get(entity_id)
        if calendar is None:
            calendar = self._known[entity_id] = PostingCalendar(
                self._actor, entity_id=entity_id, known=self._all().get(entity_id, ())
            )
        return calendar.day(wanted_on)

    def _all(self) -> dict[UUID, list[FiscalPeriod]]:
        if self._rows is None:
            self._rows = {}
            for row in FiscalPeriod.objects.all():
                self._rows.setdefault(row.entity_id, []).append(row)
        return self._rows
