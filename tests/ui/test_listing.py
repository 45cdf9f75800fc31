"""The list grammar: one declaration for screens, API and exports, against a real table."""

from __future__ import annotations

import warnings
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db.models import BooleanField, Case, DateTimeField, DecimalField, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Cast, Mod, NullIf
from django.utils import timezone

from quoin.base.listing import Column, Kind, Listing, Query, Status, page_of, parse, rows_of
from quoin.base.listing.query import day_of
from quoin.kernel.errors import Invalid
from quoin.kernel.money import Money

TODAY = date(2026, 5, 6)
LISTING = Listing(
    key="kinds",
    columns=(
        Column(key="name", label="Name", source="model"),
        Column(key="app", label="App", kind=Kind.STATUS, source="app_label", statuses={}),
        Column(
            key="state",
            label="State",
            kind=Kind.STATUS,
            source="currency",
            statuses={"EUR": Status("info", "Euro"), "NOK": Status("neutral", "Krone")},
        ),
        Column(key="group", label="Group", kind=Kind.NUMBER, source="grouped"),
        Column(key="net", label="Net", kind=Kind.MONEY, source="net", currency="currency", is_totalled=True),
        Column(key="minutes", label="Hours", kind=Kind.MINUTES, source="id", is_totalled=True),
        Column(key="secret", label="Secret", is_sortable=False, ops=(), is_default=False, value=lambda row: row.pk),
    ),
    search=("model__icontains", "app_label__icontains"),
    sort="name",
    limit=7,
)


def rows() -> QuerySet[ContentType]:
    """Rows with an empty value in every third, and two currencies."""
    is_odd = Mod(F("id"), Value(2))
    return ContentType.objects.annotate(
        grouped=NullIf(Mod(F("id"), Value(3), output_field=IntegerField()), Value(0)),
        net=Cast(F("id") * Value(Decimal("1.25")), DecimalField(max_digits=12, decimal_places=2)),
        currency=Case(
            When(id__in=ContentType.objects.annotate(odd=is_odd).filter(odd=1).values("id"), then=Value("EUR")),
            default=Value("NOK"),
        ),
    )


def query(*pairs: tuple[str, str]) -> Query:
    return parse(LISTING, pairs, on=TODAY)


@pytest.mark.parametrize("sort", ["name", "-name", "group,-name", "-group", "app,-net", "-net", "-group,app"])
def test_pages_of_any_sort_add_up_to_the_whole_list_in_order(sort: str) -> None:
    whole = [row.pk for row in rows_of(LISTING, rows(), query(("sort", sort)))]
    seen: list[int] = []
    cursor = ""

    while True:
        page = page_of(LISTING, rows(), query(("sort", sort), ("cursor", cursor)), with_totals=False)
        seen += [row.pk for row in page.rows]
        assert page.count == len(whole)
        cursor = page.next_cursor
        if not cursor:
            break

    assert len(whole) > 3 * LISTING.limit
    assert seen == whole


def test_rows_without_a_value_come_last_both_ways() -> None:
    for sort in ("group", "-group"):
        values = [row.grouped for row in rows_of(LISTING, rows(), query(("sort", sort)))]
        empty = values.count(None)
        assert empty > 0
        assert values[-empty:] == [None] * empty


@pytest.mark.parametrize(
    ("name", "text", "fits"),
    [
        ("group", "1", lambda row: row.pk % 3 == 1),
        ("group[ne]", "1", lambda row: row.pk % 3 != 1),
        ("group[isnull]", "true", lambda row: row.pk % 3 == 0),
        ("group[isnull]", "false", lambda row: row.pk % 3 != 0),
        ("group[in]", "1,2", lambda row: row.pk % 3 in {1, 2}),
        ("group[nin]", "2", lambda row: row.pk % 3 != 2),
        ("group[gte]", "2", lambda row: row.pk % 3 == 2),
        ("minutes[lt]", "9", lambda row: row.pk < 9),
        ("minutes[lte]", "0:09", lambda row: row.pk <= 9),
        ("net[gt]", "12.50", lambda row: row.pk > 10),
        ("state", "EUR", lambda row: row.pk % 2 == 1),
        ("name[like]", "USER", lambda row: "user" in row.model),
        ("q", "user acc", lambda row: "user" in row.model + row.app_label and "acc" in row.model + row.app_label),
    ],
)
def test_filter_keeps_exactly_the_rows_that_fit(name: str, text: str, fits) -> None:
    everything = list(rows())

    found = {row.pk for row in rows_of(LISTING, rows(), query((name, text)))}

    assert found == {row.pk for row in everything if fits(row)}
    assert 0 < len(found) < len(everything)


def test_totals_are_those_of_the_filtered_set_and_never_mix_currencies() -> None:
    narrowed = [row for row in rows() if row.pk % 3 == 1]

    page = page_of(LISTING, rows(), query(("group", "1"), ("limit", "1")))

    assert page.total("minutes") == (sum(row.pk for row in narrowed),)
    assert page.total("net") == tuple(
        Money(sum((row.net for row in narrowed if row.currency == code), Decimal(0)), code) for code in ("EUR", "NOK")
    )
    assert page.count == len(narrowed)


@pytest.mark.parametrize(
    ("name", "text", "pointer", "code"),
    [
        ("colour", "red", "/colour", "unknown_field"),
        ("secret", "1", "/secret", "unknown_field"),
        ("name[gt]", "a", "/name[gt]", "unknown_operator"),
        ("name[drop]", "a", "/name[drop]", "unknown_operator"),
        ("name;--", "a", "/name;--", "unknown_field"),
        ("net[gt]", "a lot", "/net[gt]", "invalid_value"),
        ("net[gt]", "1e999", "/net[gt]", "invalid_value"),
        ("net[gt]", "NaN", "/net[gt]", "invalid_value"),
        ("minutes", "7:75", "/minutes", "invalid_value"),
        ("group[isnull]", "perhaps", "/group[isnull]", "invalid_value"),
        ("state", "USD", "/state", "invalid_value"),
        ("sort", "secret", "/sort", "unknown_field"),
        ("sort", "password", "/sort", "unknown_field"),
        ("limit", "0", "/limit", "invalid_value"),
        ("limit", "201", "/limit", "invalid_value"),
        ("limit", "²", "/limit", "invalid_value"),
        ("columns", "name,colour", "/columns", "unknown_field"),
    ],
)
def test_what_is_not_understood_is_named(name: str, text: str, pointer: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        query((name, text))

    assert [(problem.pointer, problem.code) for problem in caught.value.problems] == [(pointer, code)]


def test_all_problems_are_named_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        query(("colour", "red"), ("limit", "none"), ("sort", "size"))

    assert [problem.pointer for problem in caught.value.problems] == ["/colour", "/sort", "/limit"]


def test_cursor_of_another_sort_or_of_nobody_is_refused() -> None:
    cursor = page_of(LISTING, rows(), query()).next_cursor

    for pairs in ((("cursor", cursor), ("sort", "-name")), (("cursor", "WyJuYW1lIl0"),)):
        with pytest.raises(Invalid) as caught:
            page_of(LISTING, rows(), query(*pairs))
        assert caught.value.problems[0].pointer == "/cursor"


def test_a_query_written_as_a_url_means_the_same() -> None:
    asked = query(
        ("q", "us er"),
        ("sort", "-net,name"),
        ("state[in]", "EUR,NOK"),
        ("minutes[gte]", "1:30"),
        ("columns", "name,net"),
    )

    again = query(*asked.pairs())

    assert again == asked
    assert (
        asked.query_string()
        == "q=us+er&sort=-net,name&state[in]=EUR,NOK&minutes[gte]=1:30&columns=name,net".replace(":", "%3A")
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [("today", TODAY), ("+3d", date(2026, 5, 9)), ("-2w", date(2026, 4, 22)), ("2026-02-28", date(2026, 2, 28))],
)
def test_a_day_may_be_relative_to_the_day_of_asking(text: str, day: date) -> None:
    listing = Listing(key="days", columns=(Column(key="due_on", label="Due", kind=Kind.DAY),))

    assert parse(listing, [("due_on[lte]", text)], on=TODAY).filters[0].values == (day,)


@pytest.mark.parametrize(
    ("text", "on"),
    [("tomorrow-ish", TODAY), ("2026-02-30", TODAY), ("31.12.2026", TODAY), ("+1d", date.max), ("-1d", date.min)],
)
def test_a_day_that_is_none_is_refused(text: str, on: date) -> None:
    listing = Listing(key="days", columns=(Column(key="due_on", label="Due", kind=Kind.DAY),))

    with pytest.raises(Invalid):
        parse(listing, [("due_on", text)], on=on)


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_costs_the_same_queries_for_any_number_of_rows(count: int, django_assert_num_queries) -> None:
    with django_assert_num_queries(4):
        page = page_of(LISTING, rows(), query(("limit", str(count))))

    assert len(page.rows) == count


def test_first_page_that_holds_everything_needs_no_count() -> None:
    page = page_of(LISTING, rows(), query(("minutes[lte]", "2"), ("limit", "200")))

    assert page.count == len(page.rows) == 2
    assert page.next_cursor == ""


FLAGS = Listing(
    key="flags",
    columns=(
        Column(
            key="is_odd",
            label="Odd",
            kind=Kind.FLAG,
            statuses={"true": Status("success", "yes"), "false": Status("neutral", "no")},
        ),
        Column(key="plain", label="Plain", source="is_odd"),
    ),
    sort="id",
)


def _odd() -> QuerySet[ContentType]:
    return ContentType.objects.annotate(
        is_odd=Case(When(id__in=[1, 3], then=Value(True)), default=Value(False), output_field=BooleanField())
    )


def test_flag_takes_true_and_false_and_is_shown_as_its_word() -> None:
    found = page_of(FLAGS, _odd(), parse(FLAGS, [("is_odd", "true")], on=TODAY)).rows

    assert [row.pk for row in found] == [1, 3]
    assert {FLAGS.columns[0].read(row) for row in found} == {"yes"}
    with pytest.raises(Invalid):
        parse(FLAGS, [("is_odd", "maybe")], on=TODAY)


def test_value_that_the_column_cannot_be_compared_with_is_refused() -> None:
    asked = parse(FLAGS, [("plain", "maybe")], on=TODAY)

    with pytest.raises(Invalid, match="cannot be compared"):
        page_of(FLAGS, _odd(), asked)


def test_plus_that_a_link_did_not_escape_still_means_days_ahead() -> None:
    assert day_of(" 30d".strip(), TODAY) == day_of("+30d", TODAY) == date(2026, 6, 5)


MOMENTS = Listing(key="moments", columns=(Column(key="at", label="At", kind=Kind.DAY),), sort="at")
LATE, EARLY = datetime(2026, 5, 5, 22, 30, tzinfo=UTC), datetime(2026, 5, 6, 21, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("at", "2026-05-06", {LATE, EARLY}),
        ("at", "2026-05-05", set()),
        ("at[in]", "2026-05-05,today", {LATE, EARLY}),
        ("at[gt]", "2026-05-05", {LATE, EARLY}),
        ("at[gt]", "today", set()),
        ("at[gte]", "today", {LATE, EARLY}),
        ("at[lt]", "2026-05-06", set()),
        ("at[lte]", "2026-05-06", {LATE, EARLY}),
        ("at[ne]", "2026-05-06", {None}),
        ("at[nin]", "2026-05-05", {LATE, EARLY, None}),
        ("at[isnull]", "true", {None}),
    ],
)
def test_a_day_is_from_midnight_to_midnight_where_the_reader_is(
    name: str, text: str, expected: set[datetime | None]
) -> None:
    """Half past midnight in Oslo is the evening before in UTC; a bare day would be compared as UTC, with a warning."""
    first, second, third = ContentType.objects.order_by("id").values_list("id", flat=True)[:3]
    at = Case(
        When(id=first, then=Value(LATE)), When(id=second, then=Value(EARLY)), output_field=DateTimeField(null=True)
    )
    moments = ContentType.objects.filter(id__in=(first, second, third)).annotate(at=at)

    with warnings.catch_warnings(), timezone.override("Europe/Oslo"):
        warnings.simplefilter("error", RuntimeWarning)
        found = {row.at for row in rows_of(MOMENTS, moments, parse(MOMENTS, [(name, text)], on=TODAY))}

    assert found == expected
