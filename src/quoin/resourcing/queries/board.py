"""What the planner's screen shows: the grid by days, weeks or months, the bars of bookings, demand without a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from django.db import connection

from quoin.base.actor import Actor
from quoin.kernel.errors import invalid
from quoin.kernel.period import add_months, next_month
from quoin.kernel.words import say
from quoin.people.models import Absence, PersonCertificate
from quoin.people.queries.absences import VIEW_ABSENCE
from quoin.people.queries.within import people_within
from quoin.people.types import FULL_WEEK, AbsenceKind, AbsenceStatus
from quoin.resourcing.models import Booking, Demand
from quoin.resourcing.queries import VIEW, within_reach
from quoin.resourcing.queries.demands import visible_demands
from quoin.resourcing.queries.planner import MOST_DAYS, Grid, Row, Wanted, added, grid
from quoin.resourcing.queries.supply import missing_minutes
from quoin.resourcing.types import Cell, DemandStatus

_MINUTES = """
SELECT booking_id, width_bucket(day_on, %(starts)s::date[]) - 1 AS at, sum(minutes)
FROM resourcing_bookingday
WHERE tenant_id = %(tenant)s AND day_on BETWEEN %(first)s AND %(last)s AND booking_id = ANY (%(bookings)s)
GROUP BY 1, 2 ORDER BY 1, 2
"""
_LETTERS = {AbsenceKind.VACATION: "V", AbsenceKind.TRAINING: "T"}
_AWAY = "A"
_LIVE = (DemandStatus.DRAFT, DemandStatus.OPEN, DemandStatus.PROPOSED, DemandStatus.PART)


class Zoom(StrEnum):
    """What a column is."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which columns and which people the screen wants."""

    zoom: Zoom
    from_on: date
    columns: int
    team_id: UUID | None = None
    job_role_id: UUID | None = None
    skill_id: UUID | None = None
    least_level: int = 1
    certificate_id: UUID | None = None
    certified_on: date | None = None
    language: str = ""
    place: str = ""
    search: str = ""
    free_percent: int = 0
    free_from: date | None = None
    free_until: date | None = None
    only: tuple[UUID, ...] = ()

    @property
    def first(self) -> date:
        """The first day of the first column."""
        if self.zoom is Zoom.MONTHS:
            return self.from_on.replace(day=1)
        return self.from_on - timedelta(days=self.from_on.weekday()) if self.zoom is Zoom.WEEKS else self.from_on

    @property
    def starts(self) -> tuple[date, ...]:
        """The first day of each column."""
        if self.zoom is Zoom.MONTHS:
            return tuple(add_months(self.first, at) for at in range(self.columns))
        step = 7 if self.zoom is Zoom.WEEKS else 1
        return tuple(self.first + timedelta(days=step * at) for at in range(self.columns))

    @property
    def last(self) -> date:
        """The last day, included."""
        final = self.starts[-1]
        if self.zoom is Zoom.MONTHS:
            return next_month(final) - timedelta(days=1)
        return final + timedelta(days=6 if self.zoom is Zoom.WEEKS else 0)


@dataclass(frozen=True, slots=True)
class Bar:
    """A booking and its minutes by column."""

    booking: Booking
    minutes: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Gap:
    """A request that is not filled, and the minutes that are still missing by column."""

    demand: Demand
    minutes: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Board:
    """All of the screen. `away` has a letter by person and column: V vacation, T training, A any other reason."""

    asked: Asked
    rows: tuple[Row, ...]
    bars: tuple[Bar, ...]
    gaps: tuple[Gap, ...]
    away: Mapping[UUID, Mapping[int, str]]

    @property
    def full_minutes(self) -> tuple[int, ...]:
        """What a full-time person without holidays works in each column: the measure of an FTE."""
        ends = (*self.asked.starts[1:], self.asked.last + timedelta(days=1))
        spans = zip(self.asked.starts, ends, strict=True)
        return tuple(sum(FULL_WEEK[day.weekday()] for day in _days(start, end)) for start, end in spans)


def board(actor: Actor, asked: Asked) -> Board:
    """The planner for the people whom the actor may look at, in a fixed number of queries."""
    _check(asked)
    rows = _rows(actor, asked)
    people = [row.person.id for row in rows]
    return Board(asked, rows, _bars(actor, asked, people), _gaps(actor, asked), _away(actor, asked, people))


def _check(asked: Asked) -> None:
    if asked.columns < 1 or (asked.last - asked.first).days >= MOST_DAYS:
        raise invalid("/columns", say("The planner shows up to %(most_days)s days at once.", most_days=MOST_DAYS))


def _days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=at) for at in range((end - start).days)]


def _rows(actor: Actor, asked: Asked) -> tuple[Row, ...]:
    people = _narrowed(actor, asked)
    if people == ():
        return ()
    step = 7 if asked.zoom is Zoom.WEEKS else 1
    wanted = Wanted(
        from_on=asked.first, columns=((asked.last - asked.first).days + 1) // step, step=step, team_id=asked.team_id,
        job_role_id=asked.job_role_id, skill_id=asked.skill_id, least_level=asked.least_level, search=asked.search,
        free_percent=asked.free_percent, free_from=asked.free_from, free_until=asked.free_until, people=people or (),
    )  # fmt: skip
    found = grid(actor, wanted)
    return _by_month(asked, found) if asked.zoom is Zoom.MONTHS else found.rows


def _by_month(asked: Asked, found: Grid) -> tuple[Row, ...]:
    edges = [*((start - asked.first).days for start in asked.starts), (asked.last - asked.first).days + 1]
    spans = list(pairwise(edges))
    months: list[Row] = []
    for row in found.rows:
        cells: tuple[Cell, ...] = tuple(added(row.cells[begin:end]) for begin, end in spans)
        months.append(replace(row, cells=cells))
    return tuple(months)


def _narrowed(actor: Actor, asked: Asked) -> tuple[UUID, ...] | None:
    """Ids of who has the certificate, the language and the place; None where nothing of it was asked for."""
    if not (asked.certificate_id or asked.language or asked.place or asked.only):
        return None
    people = people_within(actor, VIEW)
    if asked.certificate_id:
        on = asked.certified_on or asked.first
        held = PersonCertificate.objects.filter(certificate_id=asked.certificate_id, issued_on__lte=on)
        holding = held.exclude(expires_on__lt=on).order_by().values("person_id")
        people = people.filter(id__in=holding)
    if asked.language:
        people = people.filter(languages__contains=[asked.language])
    if asked.place:
        people = people.filter(place__iexact=asked.place)
    if asked.only:
        people = people.filter(id__in=asked.only)
    return tuple(people.values_list("id", flat=True))


def _bars(actor: Actor, asked: Asked, people: Sequence[UUID]) -> tuple[Bar, ...]:
    rows = Booking.objects.select_related("project", "project__client").filter(
        within_reach(actor, VIEW), person_id__in=people, starts_on__lte=asked.last, ends_on__gte=asked.first
    )
    bookings = list(rows.order_by("person_id", "starts_on", "id"))
    minutes: defaultdict[UUID, dict[int, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            _MINUTES,
            {
                "starts": list(asked.starts), "tenant": actor.tenant_id, "first": asked.first, "last": asked.last,
                "bookings": [one.id for one in bookings],
            },
        )  # fmt: skip
        for booking_id, at, total in cursor.fetchall():
            minutes[booking_id][at] = int(total)
    return tuple(Bar(one, minutes[one.id]) for one in bookings)


def _gaps(actor: Actor, asked: Asked) -> tuple[Gap, ...]:
    rows = visible_demands(actor).filter(status__in=_LIVE, starts_on__lte=asked.last, ends_on__gte=asked.first)
    if asked.job_role_id:
        rows = rows.filter(job_role_id=asked.job_role_id)
    demands = list(rows)
    columns = {
        day: at
        for at, (start, end) in enumerate(
            zip(asked.starts, (*asked.starts[1:], asked.last + timedelta(days=1)), strict=True)
        )
        for day in _days(start, end)
    }
    found = []
    for demand, missing in missing_minutes(actor, demands):
        minutes: defaultdict[int, int] = defaultdict(int)
        for day, left in missing.items():
            if day in columns:
                minutes[columns[day]] += left
        found.append(Gap(demand, minutes))
    return tuple(found)


def _away(actor: Actor, asked: Asked, people: Sequence[UUID]) -> dict[UUID, dict[int, str]]:
    found: defaultdict[UUID, dict[int, str]] = defaultdict(dict)
    reached = people_within(actor, VIEW_ABSENCE).filter(id__in=people).order_by().values("id")
    rows = Absence.objects.filter(
        person_id__in=reached, status=AbsenceStatus.APPROVED, starts_on__lte=asked.last, ends_on__gte=asked.first
    )
    ends = (*asked.starts[1:], asked.last + timedelta(days=1))
    for person_id, kind, starts_on, ends_on in rows.values_list("person_id", "kind", "starts_on", "ends_on"):
        for at, (start, end) in enumerate(zip(asked.starts, ends, strict=True)):
            if starts_on < end and ends_on >= start:
                found[person_id][at] = _LETTERS.get(AbsenceKind(kind), _AWAY)
    return found
