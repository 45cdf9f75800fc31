"""How the value of a figure is written: `{% load insights %}`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from quoin.base.figures import FigureValue, Unit
from quoin.base.ui import formats
from quoin.base.ui.context import Viewer, viewer_of
from quoin.base.ui.tags.values import money as money_tag
from quoin.insights.queries.asking import words_of
from quoin.kernel.money import Money

register = template.Library()
DASH = mark_safe('<span class="none">–</span>')
_HUNDRED = Decimal(100)


@register.simple_tag(takes_context=True)
def amount(context: Context, value: Decimal | None, unit: str, currency: str = "", mode: str = "full") -> SafeString:  # noqa: PLR0917 - named in templates
    """One value in the unit of its figure. Modes: full, cell (bare), short (key figures)."""
    if value is None:
        return DASH
    if unit == Unit.MONEY:
        return money_tag(context, Money(value, currency), mode)
    if unit == Unit.RATE:
        written = money_tag(context, Money(value, currency).round(), mode)
        return format_html("{}{}", written, _(" / h"))
    return plain(value, unit, viewer_of(context), dash=mode == "cell")


def plain(value: Decimal, unit: str, who: Viewer, *, dash: bool = False) -> SafeString:
    """A value that is no money."""
    if unit == Unit.MINUTES:
        text = formats.duration(int(value), who.locale, decimal=who.writes_decimal_hours, dash=dash)
    elif unit == Unit.PERCENT:
        text = formats.percent(value / _HUNDRED, who.locale)
    else:
        text = formats.number(value, who.locale)
    return format_html('<bdi class="num{}">{}</bdi>', " neg" if value < 0 else "", text)


@register.simple_tag(takes_context=True)
def sums(context: Context, values: Mapping[str, Decimal], unit: str, mode: str = "full") -> SafeString:
    """All sums of an answer, one per currency; nothing is a dash for ratios and zero elsewhere."""
    if not values:
        if unit in {Unit.PERCENT, Unit.RATE}:
            return DASH
        return DASH if unit == Unit.MONEY else amount(context, Decimal(0), unit, "", mode)
    if unit == Unit.PERCENT and len(values) > 1:
        # Percentages of two currencies are two answers: no plus stands between them.
        shares = [
            (currency, amount(context, value, unit, currency, mode)) for currency, value in sorted(values.items())
        ]
        return format_html_join(" ", "<bdi><small>{}</small> {}</bdi>", shares)
    written = [(amount(context, value, unit, currency, mode),) for currency, value in sorted(values.items())]
    # Amounts of two currencies are not added, and one of them may be less than nothing.
    return format_html_join(mark_safe('<span class="sums-and"> · </span>'), "{}", written)


@register.simple_tag(takes_context=True)
def answer(context: Context, value: FigureValue | None, mode: str = "full") -> SafeString:
    """A figure's value that opens its lines; a dash where the reader may not ask."""
    if value is None:
        return DASH
    return format_html(
        '<a class="figure" href="{}" data-drawer="wide" title="{}">{}</a>',
        lines_url(value.figure.key, words_of(value.parameters)),
        value.figure.definition,
        sums(context, value.sums, value.figure.unit, mode) if value.sums or not value.figure.nothing else _none(value),
    )


def _none(value: FigureValue) -> SafeString:
    """A dash that says why there is no value."""
    return format_html('<span class="none" title="{}">–</span>', value.figure.nothing)


def lines_url(key: str, words: Mapping[str, Any]) -> str:
    """Where the lines of a figure are shown."""
    return f"/figures/{key}/lines" + (f"?{urlencode(words)}" if words else "")


@register.simple_tag
def lines_href(key: str, asked: Any, **more: Any) -> str:
    """The address of a figure's lines for a question."""
    return lines_url(key, words_of(asked) | {name: text for name, text in more.items() if text})


@register.simple_tag
def bars(chart: Any) -> SafeString:
    """A column chart as SVG: `chart` is a quoin.insights.web.charts.Chart."""
    drawn: SafeString = chart.svg()
    return drawn
