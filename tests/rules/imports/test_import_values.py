"""Dates, decimals, durations and words: what is written in a style is read back, what is not exact is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.imports.rules.values import dates, decimals, durations, words
from quoin.imports.rules.values.evidence import Vote
from quoin.imports.types import DateOrder, MinuteRounding

DAYS = st.dates(date(1970, 1, 1), date(2099, 12, 31))
NUMBERS = st.decimals(min_value=0, max_value=Decimal(999999999999), places=4)


@given(DAYS, st.sampled_from(DateOrder), st.sampled_from("-/."))
def test_a_date_written_in_any_style_is_read_back(day: date, order: DateOrder, separator: str) -> None:
    assert dates.parse_date(dates.write_date(day, order, separator), order) == day


@given(DAYS, st.sampled_from("-/."))
def test_votes_never_contradict_the_style_of_the_writer(day: date, separator: str) -> None:
    first = dates.vote(dates.write_date(day, DateOrder.DMY, separator))
    second = dates.vote(dates.write_date(day, DateOrder.MDY, separator))

    assert first is not Vote.SECOND
    assert second is not Vote.FIRST
    assert (first is Vote.FIRST) == (day.day > 12)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30",
        "31/31/2026",
        "2026-13-01",
        "1/2",
        "",
        "20260102",
        "02-01/2026",
        "1969-12-31",
        "٢٠٢٦-٠١-٠١",
        "0000-00-00",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|day"):
        dates.parse_date(text, DateOrder.DMY)


@given(st.times())
def test_a_time_is_read_in_both_clocks(at: object) -> None:
    written = f"{at:%H:%M:%S}", f"{at:%I:%M:%S %p}"

    assert [dates.parse_clock(text).at.strftime("%H:%M:%S") for text in written] == [f"{at:%H:%M:%S}"] * 2


@pytest.mark.parametrize("text", ["24:00", "12:60", "13:00 PM", "0:30 AM", "9", "9:5", "nine", "09:00+99:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"time|offset"):
        dates.parse_clock(text)


def test_an_offset_is_respected_and_a_bare_time_is_of_the_zone() -> None:
    vienna = ZoneInfo("Europe/Vienna")
    day = date(2024, 3, 4)

    with_offset = dates.moment(day, dates.parse_clock("09:23:52Z"), vienna)
    bare = dates.moment(day, dates.parse_clock("10:23:52"), vienna)

    assert with_offset == bare == datetime(2024, 3, 4, 9, 23, 52, tzinfo=UTC)
    assert dates.moment(day, dates.parse_clock("04:23:52 -05:00"), vienna) == datetime(
        2024, 3, 4, 4, 23, 52, tzinfo=timezone(timedelta(hours=-5))
    )


@given(
    NUMBERS, st.sampled_from([(".", ""), (".", ","), (".", " "), (".", "'"), (",", ""), (",", "."), (",", "\u202f")])
)
def test_a_number_written_in_any_style_is_read_back(number: Decimal, style: tuple[str, str]) -> None:
    assert decimals.parse_decimal(decimals.write_decimal(number, *style), style[0]) == number


@given(NUMBERS, st.sampled_from([(".", ","), (",", ".")]))
def test_votes_on_decimals_never_contradict_the_writer(number: Decimal, style: tuple[str, str]) -> None:
    wrong = Vote.SECOND if style[0] == "." else Vote.FIRST

    assert decimals.vote(decimals.write_decimal(number, *style)) is not wrong


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1.234.567", Vote.SECOND),
        ("1,234,567", Vote.FIRST),
        ("1.234", Vote.EITHER),
        ("0,125", Vote.SECOND),
        ("1234,567", Vote.SECOND),
        ("1,2345", Vote.SECOND),
        ("12", Vote.NONE),
        ("1'234.5", Vote.FIRST),
    ],
)
def test_votes_on_single_numbers(text: str, said: Vote) -> None:
    assert decimals.vote(text) is said


# F60 of the reliability targets, and forms that a lenient parser would round or misread.
@pytest.mark.parametrize(
    "text",
    ["NaN", "nan", "Infinity", "-inf", "1e308", "1E5", "-0", "-0.00", "1_000", "0x10", "1234567890123456789", "12,34.5",
     "1.2.3", "1,2345.00", "", "-", "٣", "1.0000001", "--1", "+-1"],
)  # fmt: skip
def test_numbers_that_cannot_be_stored_exactly_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"number|digits|decimals|zero"):
        decimals.parse_decimal(text)


@pytest.mark.parametrize(
    ("text", "point", "number"),
    [("2.000,0", ",", "2000.0"), ("2,000.0", ".", "2000.0"), ("-1,5", ",", "-1.5"), (".5", ".", "0.5"),
     ("1'234.50", ".", "1234.50"), ("1 234,50", ",", "1234.50"), ("0.005", ".", "0.005"), ("−3", ".", "-3")],
)  # fmt: skip
def test_numbers_in_styles(text: str, point: str, number: str) -> None:
    assert decimals.parse_decimal(text, point) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "point", "seconds"),
    [("1:30", ".", 5400), ("01:30:00", ".", 5400), ("1.5", ".", 5400), ("1,5", ",", 5400), ("PT1H30M", ".", 5400),
     ("P1DT1S", ".", 86401), ("PT0.5H", ".", 1800), ("1h 30m", ".", 5400), ("1h30", ".", 5400), ("90 min", ".", 5400),
     ("45m", ".", 2700), ("2h", ".", 7200), ("0,01", ",", 36), ("100:00", ".", 360000), ("00:00:02", ".", 2)],
)  # fmt: skip
def test_durations_in_styles(text: str, point: str, seconds: int) -> None:
    assert durations.parse_seconds(text, point) == seconds


@pytest.mark.parametrize(
    "text", ["-1:30", "−1", "1:60", "1:30:61", "PT", "P", "h", "abc", "1:2:3:4", "1e3", "NaN", "100000"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        durations.parse_seconds(text)


@given(st.integers(0, 99_999 * 3600))
def test_seconds_written_as_a_clock_are_read_back(seconds: int) -> None:
    assert durations.parse_seconds(durations.write_clock(seconds)) == seconds


def test_negative_hours_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        durations.parse_hours("-1.5")


@given(st.integers(0, 1_000_000), st.sampled_from(".,"))
def test_hundredths_of_hours_are_exact_seconds(hundredths: int, point: str) -> None:
    written = decimals.write_decimal(Decimal(hundredths).scaleb(-2), point)

    assert durations.parse_hours(written, point) == hundredths * 36


@given(st.integers(0, 10_000_000), st.sampled_from(MinuteRounding))
def test_minutes_are_as_near_as_the_rule_says(seconds: int, rounding: MinuteRounding) -> None:
    difference = durations.to_minutes(Decimal(seconds), rounding) * 60 - seconds

    bounds = {MinuteRounding.NEAREST: (-29, 30), MinuteRounding.UP: (0, 59), MinuteRounding.DOWN: (-59, 0)}[rounding]
    assert bounds[0] <= difference <= bounds[1]


@pytest.mark.parametrize(
    ("text", "flag"),
    [("Yes", True), ("no", False), ("TRUE", True), ("false", False), ("1", True), ("0", False), ("Ja", True),
     ("Nein", False), ("oui", True), ("non", False), ("sí", True), ("não", False)],
)  # fmt: skip
def test_yes_and_no_in_several_languages(text: str, flag: bool) -> None:
    assert words.parse_flag(text) is flag


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EUR", "EUR"),
        ("eur", "EUR"),
        ("Euro - EUR", "EUR"),
        ("United States Dollar - USD", "USD"),
        ("€", "EUR"),
        ("£", "GBP"),
    ],
)
def test_currencies(text: str, code: str) -> None:
    assert words.parse_currency(text) == code


@pytest.mark.parametrize("text", ["$", "Dollar", "EUR USD", "XXX", "12"])
def test_what_is_no_single_currency_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="currency"):
        words.parse_currency(text)


def test_names_that_look_alike_have_one_key() -> None:
    spellings = ["Müller GmbH", "Mu\u0308ller  GmbH", "MÜLLER GMBH", "Mül\u200bler GmbH", "Müller\u00a0GmbH "]

    assert {words.fold(words.clean_name(name)) for name in spellings} == {"müller gmbh"}


@given(st.lists(st.text("ab/ ", min_size=1, max_size=4), min_size=2, max_size=3), st.data())
def test_keys_of_different_paths_differ(parts: list[str], data: st.DataObject) -> None:
    other = data.draw(st.lists(st.text("ab/ ", min_size=1, max_size=4), min_size=len(parts), max_size=len(parts)))
    folded, other_folded = [words.fold(part) for part in parts], [words.fold(part) for part in other]

    if folded != other_folded:
        assert words.join_key(*folded) != words.join_key(*other_folded)


def test_a_slash_in_a_name_does_not_make_another_path() -> None:
    assert words.join_key("a / b", "c") != words.join_key("a", "b / c")


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://x")', "@SUM(A1)", "-2+3+cmd|' /C calc'!A0", "+cmd|'x'!A0"]
)
def test_formulas_are_recognised(text: str) -> None:
    assert words.looks_like_formula(text)


@pytest.mark.parametrize(
    "text", ["-1,5", "+3", "- fixed the login", "@anna looked at it", "=> see ticket", "plain", "-"]
)
def test_numbers_and_plain_notes_are_no_formulas(text: str) -> None:
    assert not words.looks_like_formula(text)


@pytest.mark.parametrize("text", ["=1+1", "-x", "@y", "'=z", "plain", "don't", "'quoted'"])
def test_the_quote_of_an_export_is_taken_off_once(text: str) -> None:
    exported = f"'{text}" if text.lstrip("'")[:1] in set("=+-@") else text

    assert words.clean(exported) == text


def test_half_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        words.clean("a\ud800")
