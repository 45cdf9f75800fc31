"""What the tags write: numbers by locale, status with shape and word, no inline style anywhere."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.utils.safestring import mark_safe

from quoin.base.listing import Status
from quoin.base.ui import formats
from quoin.kernel.money import Money


def render(source: str, *, locale: str = "en-GB", zone: str = "UTC", **values: Any) -> str:
    request = SimpleNamespace(actor=SimpleNamespace(locale=locale, zone=zone, may=lambda _permission: True), path="/")
    return Template("{% load ui %}" + source).render(Context({"request": request, **values}))


def words(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


@pytest.mark.parametrize(
    ("locale", "full", "cell", "document"),
    [
        ("en-GB", "EUR\xa0−48,310.05", "−48,310.05", "−€48,310.05"),
        ("de", "EUR\xa0−48.310,05", "−48.310,05", "−48.310,05\xa0€"),
        ("nb-NO", "EUR\xa0−48\xa0310,05", "−48\xa0310,05", "−48\xa0310,05\xa0€"),
        ("fr", "EUR\xa0−48\u202f310,05", "−48\u202f310,05", "−48\u202f310,05\xa0€"),
        ("no-such-place", "EUR\xa0−48,310.05", "−48,310.05", "−€48,310.05"),
    ],
)
def test_money_is_written_by_the_locale_with_a_true_minus(locale: str, full: str, cell: str, document: str) -> None:
    amount = Money(Decimal("-48310.05"), "EUR")

    assert words(render("{% money m %}", locale=locale, m=amount)) == full
    assert words(render("{% money m 'cell' %}", locale=locale, m=amount)) == cell
    assert words(render("{% money m 'document' %}", locale=locale, m=amount)) == document


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("312345", "EUR", "€312K"),
        ("1234.50", "EUR", "€1,234"),
        ("48310", "EUR", "€48.3K"),
        ("-12345678", "USD", "−US$12.3M"),
        ("1500", "JPY", "JP¥1,500"),
    ],
)
def test_short_money_keeps_the_whole_amount_for_those_who_hear_it(amount: str, currency: str, text: str) -> None:
    html = render("{% money m 'short' %}", m=Money(Decimal(amount), currency))

    assert f">{text}</span>" in html
    assert formats.money(Money(Decimal(amount), currency), "en-GB") in html


def test_zero_is_a_dash_in_a_grid_and_a_number_elsewhere() -> None:
    nothing = Money(Decimal("0.00"), "EUR")

    assert words(render("{% money m 'cell' %}", m=nothing)) == "–"
    assert words(render("{% money m %}", m=nothing)) == "EUR\xa00.00"
    assert words(render("{% duration 0 'cell' %}")) == "–"
    assert words(render("{% duration 0 %}")) == "0:00"


@pytest.mark.parametrize(
    ("minutes", "locale", "text"),
    [
        (450, "en-GB", "7:30"),
        (-15, "en-GB", "−0:15"),
        (70364770, "en-GB", "1,172,746:10"),
        (70364770, "de", "1.172.746:10"),
        (-75000, "en-GB", "−1,250:00"),
    ],
)
def test_hours_are_hours_and_minutes(minutes: int, locale: str, text: str) -> None:
    assert words(render("{% duration m %}", locale=locale, m=minutes)) == text


def test_days_carry_a_word_for_the_month() -> None:
    on = date(2026, 5, 6)

    assert words(render("{% day on %}", on=on)) == "6 May 2026"
    assert words(render("{% day on %}", on=on, locale="de")) == "6. Mai 2026"
    assert words(render("{% day on 'month' %}", on=on)) == "May 2026"


def test_a_moment_is_written_in_the_zone_of_the_viewer() -> None:
    at = datetime(2026, 5, 6, 22, 30, tzinfo=UTC)

    assert "7 May 2026" in render("{% day at %}", at=at, zone="Europe/Oslo")
    assert "00:30" in render("{% day at %}", at=at, zone="Europe/Oslo")


def test_percent_is_spaced_as_the_locale_does() -> None:
    assert words(render("{% percent r %}", r=Decimal("0.2864"))) == "28.6%"
    assert words(render("{% percent r %}", r=Decimal("-0.2864"), locale="de")) == "−28,6\u202f%"
    assert formats.points(Decimal("0.024"), "en-GB") == "+2.4 pp"


def test_nothing_is_written_for_nothing() -> None:
    assert render("{% money n %}{% duration n %}{% day n %}{% percent n %}{% number n %}", n=None) == ""


@pytest.mark.parametrize("meaning", ["neutral", "info", "success", "warning", "danger"])
def test_a_badge_has_colour_shape_and_word(meaning: str) -> None:
    html = render("{% badge s %}", s=Status(meaning, "Word & more"))

    assert f"badge-{meaning}" in html
    assert "<svg" in html
    assert "Word &amp; more" in html


@pytest.mark.parametrize(
    ("word", "shown"),
    [("due now", "Due now"), ("<b>", "&lt;b&gt;"), (mark_safe("<bdi>74%</bdi> used"), "<bdi>74%</bdi> used"), (9, "9")],
)
def test_a_badge_begins_with_a_capital_and_keeps_what_is_markup_already(word: object, shown: str) -> None:
    assert shown in render("{% badge 'success' word %}", word=word)


@pytest.mark.parametrize(
    ("amount", "locale", "shown"),
    [
        ("182063.73", "de", "182.064\xa0€"), ("-12640", "de", "−12.640\xa0€"), ("1820637", "de", "1,8\xa0Mio.\xa0€"),
        ("182063.73", "en-GB", "€182K"), ("9999", "en-GB", "€9,999"),
    ],
)  # fmt: skip
def test_a_short_amount_is_written_out_where_the_language_has_no_short_form(
    amount: str, locale: str, shown: str
) -> None:
    assert formats.money_short(Money(Decimal(amount), "EUR"), locale) == shown


def test_a_language_is_named_in_the_words_of_the_reader() -> None:
    assert [formats.language(code, "de") for code in ("en", "nb-NO", "qq")] == [
        "Englisch", "Norwegisch (Bokmål) (Norwegen)", "qq"
    ]  # fmt: skip


def test_a_badge_of_an_unknown_meaning_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="purple"):
        render("{% badge 'purple' 'Word' %}")


def test_a_figure_opens_its_lines() -> None:
    html = render("{% figure 'project.margin' m project=7 note='a b' %}", m=Money(Decimal(5), "EUR"))

    assert 'href="/figures/project.margin/lines?project=7&amp;note=a+b"' in html
    assert "data-drawer" in html
    assert words(html) == "EUR\xa05.00"


def test_htmx_attributes_are_escaped_and_only_what_was_asked() -> None:
    html = render("{% hx_get url target='#list' swap='morph' push=True on='' %}", url='/x?a="<b>')

    assert html == 'hx-get="/x?a=&quot;&lt;b&gt;" hx-target="#list" hx-swap="morph" hx-push-url="true"'


def test_a_bar_is_to_scale() -> None:
    html = render("{% bar 'accent' 30 'hatch' 20 limit=100 label='30 of 100' %}")

    assert 'class="fill-accent" x="0%" width="30%"' in html
    assert 'x="30%" width="20%"' in html
    assert 'x1="100%"' in html
    with pytest.raises(ValueError, match="bar style"):
        render("{% bar 'pink' 1 %}")


def test_a_field_ties_help_and_errors_to_its_control() -> None:
    class Sample(forms.Form):
        hours = forms.CharField(label="Hours", help_text="As you worked them.")

    html = render("{% field form.hours %}", form=Sample({"hours": ""}))

    assert 'for="id_hours"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_hours_help id_hours_error"' in html
    assert 'id="id_hours_error"' in html


def test_no_tag_writes_style_or_script() -> None:
    html = render(
        "{% bar 'accent' 1 %}{% ring 0.5 'half' %}{% sparkline v 'rise' %}{% icon 'lock' 'Locked' %}{% key 'g p' %}"
        "{% empty 'first' 'Nothing' 'yet' '/x' 'Begin' %}",
        v=(1, 2, 3),
    )

    assert " style=" not in html
    assert "<script" not in html
    assert "onclick" not in html


@pytest.mark.parametrize(
    ("locale", "text", "expected"),
    [
        ("en-GB", "1 of 4 milestones of EUR 229500.00 is EUR 68850.00.", "1 of 4 milestones of EUR\xa0229,500.00 is EUR\xa068,850.00."),
        ("de", "EUR 1067.5 seit 2026-01-01", "EUR\xa01.067,50 seit 1. Jan. 2026"),
        ("en-GB", "against JPY -1500, not ABC 1500", "against JPY\xa0−1,500, not ABC 1500"),
        ("en-GB", "PO-2026-01-01 of 2026-13-40, HM-2026-0018", "PO-2026-01-01 of 2026-13-40, HM-2026-0018"),
    ],
)  # fmt: skip
def test_a_sentence_of_a_rule_is_written_as_the_reader_writes(locale: str, text: str, expected: str) -> None:
    assert formats.spoken(text, locale) == expected
    assert "<b>" not in render("{{ words|spoken }}", words=f"<b>{text}")


def test_a_decimal_is_edited_as_it_would_be_typed() -> None:
    class Amounts(forms.Form):
        amount = forms.DecimalField(initial=Decimal("22000.0000"))
        rate = forms.DecimalField(initial=Decimal("12.3450"))
        price = forms.DecimalField(initial=Decimal("150.8000"))

    html = render("{% field form.amount %}{% field form.rate %}{% field form.price %}", form=Amounts())

    assert 'value="22000"' in html
    assert 'value="12.345"' in html
    assert 'value="150.80"' in html
