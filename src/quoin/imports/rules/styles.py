"""Which way a table writes its dates and decimals, told from all of its rows, or asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quoin.imports.rules.cells import Cells
from quoin.imports.rules.values import dates, decimals
from quoin.imports.rules.values.evidence import Count, Verdict, Vote, count, rows_saying, settle
from quoin.imports.types import DateOrder, Field, Level, ReadOptions
from quoin.kernel.words import PlainDay, listed, say

_DATE_FIELDS = (Field.DATE, Field.END_DATE, Field.STARTED, Field.ENDED, Field.CREATED)
_DECIMAL_FIELDS = (
    Field.DURATION,
    Field.HOURS,
    Field.RATE,
    Field.RATE_MINOR,
    Field.AMOUNT,
    Field.BUDGET_HOURS,
    Field.BUDGET_SECONDS,
    Field.VAT,
    Field.QUANTITY,
)
_NAMES = {
    DateOrder.YMD: say("year-month-day"), DateOrder.DMY: say("day first"), DateOrder.MDY: say("month first"),
}  # fmt: skip
_SHOWN_LINES = 10


@dataclass(frozen=True, slots=True)
class Styles:
    """The style of each column; a column that is absent here could not be settled and is not read."""

    orders: dict[Field, DateOrder]
    points: dict[Field, str]
    notes: tuple[str, ...]

    def order(self, field: Field) -> DateOrder | None:
        return self.orders.get(field)

    def point(self, field: Field) -> str | None:
        return self.points.get(field)


def infer_styles(cells: Cells, options: ReadOptions) -> Styles:
    """The styles of all date and number columns; what cannot be told is reported as an error of the file."""
    orders = _orders(cells, options)
    points = _points(cells, options)
    said_orders = sorted({_NAMES[order] for order in orders.values()})
    said_points = sorted(set(points.values()))
    notes = [say("dates %(orders)s", orders=listed(said_orders, say(" and ")))] if said_orders else []
    if said_points:
        notes.append(say("decimals %(marks)s", marks=listed((repr(point) for point in said_points), say(" and "))))
    return Styles(orders, points, tuple(notes))


def _orders(cells: Cells, options: ReadOptions) -> dict[Field, DateOrder]:
    days = {
        field: {dates.split_moment(value)[0] for value in set(column)}
        for field in _DATE_FIELDS
        if (column := cells.raw(field)) is not None
    }
    orders: dict[Field, DateOrder] = {}
    counts: dict[str, Count] = {}
    for field, distinct in days.items():
        shapes = {dates.shape(day) for day in distinct} - {""}
        if len(shapes) > 1:
            _mixed_shapes(cells, field)
        elif not shapes or "ymd" in shapes:
            orders[field] = DateOrder.YMD
        elif options.date_order in {DateOrder.DMY, DateOrder.MDY}:
            orders[field] = options.date_order
        else:
            counts[field] = count(distinct, dates.vote)
    _settle_orders(cells, counts, orders)
    return orders


def _settle_orders(cells: Cells, counts: Mapping[str, Count], orders: dict[Field, DateOrder]) -> None:
    """Add the orders that the columns tell together; report those that they do not, an open one only once."""
    is_open_said = False
    for name, verdict in settle(counts).items():
        field, example = Field(name), counts[name].example
        settled = _order(verdict, example)
        if settled is not None:
            orders[field] = settled
        elif verdict is Verdict.MIXED:
            _mixed_orders(cells, field)
        elif not is_open_said:
            _ask_order(cells, field, example)
            is_open_said = True


def _order(verdict: Verdict, example: str) -> DateOrder | None:
    if verdict is Verdict.MIXED:
        return None
    if verdict is Verdict.SECOND:
        return DateOrder.MDY
    is_told = verdict in {Verdict.FIRST, Verdict.NO_MATTER} or dates.shape(example) == "."
    return DateOrder.DMY if is_told else None


def _ask_order(cells: Cells, field: Field, example: str) -> None:
    try:
        first = dates.parse_date(example, DateOrder.DMY)
        second = dates.parse_date(example, DateOrder.MDY)
    except ValueError:
        readings = say("day first or month first")
    else:
        readings = say("%(first)s or %(second)s", first=PlainDay.of(first), second=PlainDay.of(second))
    starts = cells.raw(Field.START_TIME) or ()
    hint = say(" Times with AM and PM suggest month first.") if any(map(dates.is_12_hours, set(starts))) else ""
    cells.remark(
        Level.ERROR,
        "ambiguous_dates",
        say(
            "No row tells whether %(example)s is %(readings)s: no day is above 12.",
            example=repr(example),
            readings=readings,
        ),
        say(
            "Say which: --dates dmy (day first) or --dates mdy (month first); in the wizard, under Dates.%(hint)s",
            hint=hint,
        ),
        column=_header(cells, field),
        value=example,
    )


def _mixed_shapes(cells: Cells, field: Field) -> None:
    days = _days(cells, field)
    shapes = Counter(dates.shape(day) for day in days)
    shapes.pop("", None)
    common = shapes.most_common(1)[0][0]
    odd = [index for index, day in enumerate(days) if dates.shape(day) not in {common, ""}]
    _mixed(cells, field, days, odd=odd, what=say("are written in another way than the others"))


def _mixed_orders(cells: Cells, field: Field) -> None:
    days = _days(cells, field)
    votes = Counter(dates.vote(day) for day in days)
    rare = Vote.SECOND if votes[Vote.FIRST] >= votes[Vote.SECOND] else Vote.FIRST
    odd = [index for index, day in enumerate(days) if dates.vote(day) is rare]
    said = say("month first") if rare is Vote.SECOND else say("day first")
    _mixed(
        cells, field, days, odd=odd, what=say("can only be %(said)s, other rows only the other way round", said=said)
    )


def _days(cells: Cells, field: Field) -> list[str]:
    return [dates.split_moment(value)[0] for value in cells.raw(field) or ()]


def _mixed(cells: Cells, field: Field, days: Sequence[str], *, odd: Sequence[int], what: str) -> None:
    header = _header(cells, field)
    lines = ", ".join(str(cells.table.lines[index]) for index in odd[:_SHOWN_LINES])
    more = say(" and %(count)s more", count=len(odd) - _SHOWN_LINES) if len(odd) > _SHOWN_LINES else ""
    cells.remark(
        Level.ERROR,
        "mixed_dates",
        say(
            "Dates of %(header)s are mixed: the rows on lines %(lines)s%(more)s %(what)s.",
            header=header,
            lines=lines,
            more=more,
            what=what,
        ),
        "Export again, or write all dates as YYYY-MM-DD.",
        index=odd[0],
        column=header,
        value=days[odd[0]],
    )


def _points(cells: Cells, options: ReadOptions) -> dict[Field, str]:
    columns = {field: column for field in _DECIMAL_FIELDS if (column := cells.raw(field)) is not None}
    if options.decimal_point is not None:
        return dict.fromkeys(columns, options.decimal_point)
    if cells.table.is_typed:
        return dict.fromkeys(columns, decimals.POINT)
    counts: dict[str, Count] = {field: count(set(column), _decimal_vote) for field, column in columns.items()}
    points: dict[Field, str] = {}
    for name, verdict in settle(counts).items():
        field = Field(name)
        if verdict is Verdict.SECOND:
            points[field] = decimals.COMMA
        elif verdict in {Verdict.FIRST, Verdict.NO_MATTER}:
            points[field] = decimals.POINT
        else:
            _unsettled_point(cells, field, verdict, counts[name].example)
    return points


def _decimal_vote(value: str) -> Vote:
    return decimals.vote(value) if decimals.is_number(value) else Vote.NONE


def _unsettled_point(cells: Cells, field: Field, verdict: Verdict, example: str) -> None:
    header, column = _header(cells, field), cells.raw(field) or ()
    if verdict is Verdict.MIXED:
        first = rows_saying(column, _decimal_vote, Vote.FIRST, 1)[0]
        second = rows_saying(column, _decimal_vote, Vote.SECOND, 1)[0]
        cells.remark(
            Level.ERROR,
            "mixed_decimals",
            say(
                "%(header)s mixes decimal marks: %(one)s on line %(line)s and %(other)s on line %(other_line)s.",
                header=header,
                one=repr(column[first]),
                line=cells.table.lines[first],
                other=repr(column[second]),
                other_line=cells.table.lines[second],
            ),
            "Export again in one language, or correct the numbers.",
            index=max(first, second),
            column=header,
            value=column[max(first, second)],
        )
        return
    digits = "".join(letter for letter in example if letter.isdigit())
    cells.remark(
        Level.ERROR,
        "ambiguous_decimals",
        say(
            "No row tells whether %(example)s is %(digits)s or %(number)s.",
            example=repr(example),
            digits=digits,
            number=example.strip().replace(",", "."),
        ),
        "Say which decimal mark the file uses: '.' or ','.",
        column=header,
        value=example,
    )


def _header(cells: Cells, field: Field) -> str:
    place = cells.layout.place(field)
    return place.header if place else field
