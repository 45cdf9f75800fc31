"""When and how long: day, start, end and exact seconds of each row, from whichever columns the table has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from quoin.imports.rules.cells import Cells
from quoin.imports.rules.styles import Styles
from quoin.imports.rules.values import dates, durations
from quoin.imports.rules.values.dates import Clock
from quoin.imports.types import DateOrder, Field, ReadOptions
from quoin.kernel.words import say

_ZERO = Decimal(0)
_DAY = timedelta(days=1)
_DATE_REMEDY = "Write the date as YYYY-MM-DD."
_TIME_REMEDY = "Write the time as HH:MM or HH:MM:SS."
_DURATION_REMEDY = "Write the duration as H:MM, H:MM:SS or decimal hours."


@dataclass(frozen=True, slots=True)
class Times:
    """`mismatches` are rows whose start and end are another number of seconds apart than they last."""

    days: Sequence[date | None]
    starts: Sequence[datetime | None]
    ends: Sequence[datetime | None]
    seconds: Sequence[Decimal]
    mismatches: Sequence[tuple[int, int]]


def read_times(cells: Cells, styles: Styles, zone: ZoneInfo) -> Times:
    """The times of all rows. Rows without a day, a duration or an end are marked bad."""
    if cells.layout.has(Field.STARTED):
        starts = _moments(cells, styles, Field.STARTED, zone)
        days: Sequence[date | None] = [start.date() if start else None for start in starts]
        ends = _moments(cells, styles, Field.ENDED, zone)
    else:
        days = read_days(cells, styles, Field.DATE, is_required=True)
        clocks = _clocks(cells, Field.START_TIME)
        starts = [
            dates.moment(day, clock, zone) if day and clock else None for day, clock in zip(days, clocks, strict=True)
        ]
        ends = _ends(cells, styles, days=days, starts=starts, zone=zone)
    lasting = _durations(cells, styles)
    if lasting is None:
        return Times(days, starts, ends, _spans(cells, starts, ends), ())
    ends = _filled_ends(starts, ends, lasting)
    return Times(days, starts, ends, lasting, _mismatches(starts, ends, lasting))


def refuse_long(cells: Cells, times: Times, options: ReadOptions) -> None:
    """Mark entries that last longer than an entry may."""
    longest = options.longest_minutes * 60
    for index, seconds in enumerate(times.seconds):
        if seconds > longest:
            cells.refuse(
                index,
                "too_long",
                say(
                    "The entry lasts %(lasting)s; %(most)s is the most.",
                    lasting=durations.write_clock(int(seconds)),
                    most=durations.write_clock(longest),
                ),
                "Split it by day at its source, or correct it; a forgotten timer is the usual cause.",
            )


def read_days(cells: Cells, styles: Styles, field: Field, *, is_required: bool) -> list[date | None]:
    """The day of each row; where the column cannot be settled and is needed, all rows are bad."""
    order = styles.order(field)
    if order is None:
        if cells.layout.has(field) and is_required:
            cells.bad.update(range(cells.rows))
        return [None] * cells.rows

    def parse(text: str) -> date | None:
        return dates.parse_date(dates.split_moment(text)[0], order)

    return cells.read(field, parse, empty=None, code="bad_date", remedy=_DATE_REMEDY, is_required=is_required)


def _clocks(cells: Cells, field: Field) -> list[Clock | None]:
    def parse(text: str) -> Clock | None:
        return dates.parse_clock(text)

    return cells.read(field, parse, empty=None, code="bad_time", remedy=_TIME_REMEDY)


def _moments(cells: Cells, styles: Styles, field: Field, zone: ZoneInfo) -> list[datetime | None]:
    order = styles.order(field)
    if order is None:
        if cells.layout.has(field):
            cells.bad.update(range(cells.rows))
        return [None] * cells.rows
    is_required = field is Field.STARTED
    parse = _moment_parser(order, zone)
    return cells.read(field, parse, empty=None, code="bad_time", remedy=_DATE_REMEDY, is_required=is_required)


def _moment_parser(order: DateOrder, zone: ZoneInfo) -> Callable[[str], datetime | None]:
    def parse(text: str) -> datetime | None:
        day, clock = dates.split_moment(text)
        if not clock:
            raise ValueError(say("%(text)s has no time of day", text=repr(text)))
        return dates.moment(dates.parse_date(day, order), dates.parse_clock(clock), zone)

    return parse


def _ends(
    cells: Cells, styles: Styles, *, days: Sequence[date | None], starts: Sequence[datetime | None], zone: ZoneInfo
) -> list[datetime | None]:
    clocks = _clocks(cells, Field.END_TIME)
    if cells.layout.has(Field.END_DATE):
        end_days: Sequence[date | None] = read_days(cells, styles, Field.END_DATE, is_required=False)
    else:
        end_days = days
    ends: list[datetime | None] = []
    is_same_day = end_days is days
    for day, clock, start in zip(end_days, clocks, starts, strict=True):
        end = dates.moment(day, clock, zone) if day and clock else None
        if end and start and is_same_day and end < start:
            # Without an end date, an end before the start is on the next day.
            end += _DAY
        ends.append(end)
    return ends


def _durations(cells: Cells, styles: Styles) -> list[Decimal] | None:
    """Exact seconds of the first column that says how long, or None if none does."""
    if cells.layout.has(Field.DURATION):
        point = styles.point(Field.DURATION)
        return _lasting(cells, Field.DURATION, point, durations.parse_seconds)
    if cells.layout.has(Field.HOURS):
        return _lasting(cells, Field.HOURS, styles.point(Field.HOURS), durations.parse_seconds)
    for field, unit in ((Field.MINUTES, 60), (Field.SECONDS, 1)):
        if cells.layout.has(field):
            return _counted(cells, field, unit)
    return None


def _lasting(cells: Cells, field: Field, point: str | None, parse_text: Callable[[str, str], Decimal]) -> list[Decimal]:
    if point is None:
        cells.bad.update(range(cells.rows))
        return [_ZERO] * cells.rows

    def parse(text: str) -> Decimal:
        return parse_text(text, point)

    return cells.read(field, parse, empty=_ZERO, code="bad_duration", remedy=_DURATION_REMEDY, is_required=True)


def _counted(cells: Cells, field: Field, unit_seconds: int) -> list[Decimal]:
    def parse(text: str) -> Decimal:
        return durations.parse_count(text, unit_seconds)

    return cells.read(field, parse, empty=_ZERO, code="bad_duration", remedy=_DURATION_REMEDY, is_required=True)


def _spans(cells: Cells, starts: Sequence[datetime | None], ends: Sequence[datetime | None]) -> list[Decimal]:
    seconds: list[Decimal] = []
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        span = int(end.timestamp() - start.timestamp()) if start and end else 0
        seconds.append(Decimal(max(span, 0)))
        if index in cells.bad:
            continue
        if end is None:
            cells.refuse(index, "still_running", "The entry has no end.", "Stop the timer and export again.")
        elif span < 0:
            cells.refuse(index, "negative_duration", "The entry ends before it starts.", "Correct start or end.")
    return seconds


def _filled_ends(
    starts: Sequence[datetime | None], ends: Sequence[datetime | None], seconds: Sequence[Decimal]
) -> list[datetime | None]:
    """Ends where the table has none: start plus duration."""
    return [
        end or (None if start is None else _after(start, lasting))
        for start, end, lasting in zip(starts, ends, seconds, strict=True)
    ]


def _after(start: datetime, seconds: Decimal) -> datetime:
    """So much later as time passes, not as clocks show: a night in which they change has another length."""
    return (start.astimezone(UTC) + timedelta(seconds=float(seconds))).astimezone(start.tzinfo)


def _mismatches(
    starts: Sequence[datetime | None], ends: Sequence[datetime | None], seconds: Sequence[Decimal]
) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for index, (start, end, lasting) in enumerate(zip(starts, ends, seconds, strict=True)):
        if start is None or end is None:
            continue
        apart = end - start
        by_clock = apart.days * 86400 + apart.seconds
        # In the night of a clock change the clocks differ by an hour from what passed; either is right.
        if by_clock != lasting and (passed := int(end.timestamp() - start.timestamp())) != lasting:
            found.append((index, passed))
    return found
