"""Whether a column is day first or month first, point or comma: decided by all rows, or asked, never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.imports.rules.read import read_export
from quoin.imports.rules.values import dates
from quoin.imports.rules.values.evidence import Count, Verdict, settle
from quoin.imports.types import DateOrder, Export, ReadOptions, Table, Upload

HEADERS = ("Date", "User", "Client", "Project", "Hours", "Amount (EUR)")


def _export(rows: Sequence[tuple[str, str, str]], options: ReadOptions | None = None) -> Export:
    """An export of rows of (date, hours, amount)."""
    cells = [(day, "Ana Ruiz", "Acme", "Move", hours, amount) for day, hours, amount in rows]
    columns = tuple(zip(*cells, strict=True))
    table = Table("time.csv", HEADERS, tuple(range(2, 2 + len(rows))), columns)
    return read_export(Upload((table,)), "generic", options)


def _days(export: Export) -> list[date]:
    return [entry.work_on for entry in export.records.entries]


def test_one_day_above_twelve_decides_the_column() -> None:
    day_first = _export([("03/04/2024", "1", ""), ("13/04/2024", "1", "")])
    month_first = _export([("03/04/2024", "1", ""), ("04/13/2024", "1", "")])

    assert _days(day_first) == [date(2024, 4, 3), date(2024, 4, 13)]
    assert _days(month_first) == [date(2024, 3, 4), date(2024, 4, 13)]


def test_a_column_that_never_tells_is_asked_about_with_both_readings() -> None:
    export = _export([("03/04/2024", "1", ""), ("05/06/2024", "2", "")])

    assert [(finding.code, finding.line) for finding in export.errors] == [("ambiguous_dates", 0)]
    assert (
        "03 Apr 2024 or 04 Mar 2024" in export.errors[0].message
        or "05 Jun 2024 or 06 May 2024" in export.errors[0].message
    )
    assert export.records.entries == ()
    assert (export.totals.rows, export.totals.seconds, len(export.rejected)) == (2, Decimal(10_800), 2)


@pytest.mark.parametrize(("order", "day"), [(DateOrder.DMY, date(2024, 4, 3)), (DateOrder.MDY, date(2024, 3, 4))])
def test_the_answer_decides(order: DateOrder, day: date) -> None:
    export = _export([("03/04/2024", "1", "")], ReadOptions(date_order=order))

    assert (_days(export), export.errors) == ([day], ())


def test_equal_day_and_month_need_no_answer() -> None:
    assert _days(_export([("03/03/2024", "1", ""), ("04/04/2024", "1", "")])) == [date(2024, 3, 3), date(2024, 4, 4)]


def test_dates_with_dots_are_day_first() -> None:
    assert _days(_export([("03.04.2024", "1", "")])) == [date(2024, 4, 3)]


def test_mixed_orders_are_refused_with_their_lines() -> None:
    export = _export([("13/01/2024", "1", ""), ("14/01/2024", "1", ""), ("01/15/2024", "1", "")])

    assert [(finding.code, finding.line, finding.value) for finding in export.errors] == [
        ("mixed_dates", 4, "01/15/2024")
    ]
    assert "lines 4" in export.errors[0].message
    assert export.records.entries == ()


def test_mixed_shapes_are_refused_with_their_lines() -> None:
    export = _export([("2024-01-13", "1", ""), ("13/01/2024", "1", ""), ("2024-01-14", "1", "")])

    assert [(finding.code, finding.line) for finding in export.errors] == [("mixed_dates", 3)]


@given(
    st.lists(st.dates(date(2000, 1, 1), date(2040, 12, 31)), min_size=1, max_size=8),
    st.sampled_from([DateOrder.DMY, DateOrder.MDY]),
)
def test_a_column_in_one_style_is_read_right_or_asked_about(days: list[date], order: DateOrder) -> None:
    export = _export([(dates.write_date(day, order, "/"), "1", "") for day in days])

    is_told = any(day.day > 12 for day in days) or all(day.day == day.month for day in days)
    assert _days(export) == (days if is_told else [])
    assert [finding.code for finding in export.errors] == ([] if is_told else ["ambiguous_dates"])


def test_decimals_follow_what_the_other_columns_prove() -> None:
    export = _export([("2024-03-04", "1,125", "1,50")])

    assert [entry.seconds for entry in export.records.entries] == [4050]


def test_decimals_that_can_be_thousands_are_asked_about() -> None:
    export = _export([("2024-03-04", "1", "1,234")])

    assert [finding.code for finding in export.errors] == ["ambiguous_decimals"]
    assert "1234 or 1.234" in export.errors[0].message


@pytest.mark.parametrize(("point", "amount"), [(".", "1234"), (",", "1.234")])
def test_the_decimal_mark_can_be_said(point: str, amount: str) -> None:
    export = _export([("2024-03-04", "1", "1,234")], ReadOptions(decimal_point=point))

    assert [str(entry.amount) for entry in export.records.entries] == [amount]


def test_an_open_column_follows_the_others_only_when_these_agree() -> None:
    point, comma, open_ = Count(1, 0, 0, ""), Count(0, 1, 0, ""), Count(0, 0, 1, "1,234")

    assert settle({"a": point, "b": open_}) == {"a": Verdict.FIRST, "b": Verdict.FIRST}
    assert settle({"a": point, "b": comma, "c": open_})["c"] is Verdict.OPEN


def test_mixed_decimal_marks_in_a_column_are_refused() -> None:
    export = _export([("2024-03-04", "1", "1.50"), ("2024-03-04", "1", "2,50")])

    assert [(finding.code, finding.line) for finding in export.errors] == [("mixed_decimals", 3)]
