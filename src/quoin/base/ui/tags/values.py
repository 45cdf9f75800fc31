"""Tags that write values: money, hours, days, ratios, figures that open their lines, cells of lists."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from quoin.base.listing import Kind
from quoin.base.ui import formats
from quoin.base.ui.cells import cell_html
from quoin.base.ui.context import actor_of, viewer_of
from quoin.base.ui.doors import may_ask
from quoin.base.ui.stored import retold
from quoin.base.ui.tags.pieces import badge
from quoin.kernel.money import Money

register = template.Library()
_NONE = mark_safe('<span class="none">–</span>')
register.simple_tag(cell_html, name="edit_cell")
register.filter("retold", retold)


@register.simple_tag(takes_context=True)
def language(context: Context, code: str) -> str:
    """`{% language "nb-NO" %}`: the name of a language in the viewer's own."""
    return formats.language(code, viewer_of(context).locale)


@register.simple_tag(takes_context=True)
def money(context: Context, value: Money | None, mode: str = "full") -> SafeString:
    """Modes: full `EUR 48,310.00`; cell `48,310.00`; short `€48K`; document `€48,310.00`."""
    if value is None:
        return mark_safe("")
    locale = viewer_of(context).locale
    if mode == "short":
        return format_html(
            '<bdi class="num{}"><span aria-hidden="true" title="{}">{}</span><span class="sr-only">{}</span></bdi>',
            _negative(value.amount),
            formats.money(value, locale),
            formats.money_short(value, locale),
            formats.money(value, locale),
        )
    writers = {"cell": formats.money_cell, "document": formats.money_document, "full": formats.money}
    return format_html('<bdi class="num{}">{}</bdi>', _negative(value.amount), writers[mode](value, locale))


@register.simple_tag(takes_context=True)
def duration(context: Context, minutes: int | None, mode: str = "full") -> SafeString:
    """`7:30`, or `7.50` as the viewer prefers; in mode cell zero is a dash."""
    if minutes is None:
        return mark_safe("")
    who = viewer_of(context)
    text = formats.duration(minutes, who.locale, decimal=who.writes_decimal_hours, dash=mode == "cell")
    return format_html('<bdi class="num{}">{}</bdi>', _negative(minutes), text)


@register.simple_tag(takes_context=True)
def day(context: Context, value: date | None, style: str = "medium") -> SafeString:
    """`6 May 2026`; styles medium, weekday, short, month, long; a datetime is written in the viewer's zone."""
    if value is None:
        return mark_safe("")
    who = viewer_of(context)
    if isinstance(value, datetime):
        text = formats.moment(value, who.locale, who.zone, form=who.day_format)
    else:
        text = formats.day(value, who.locale, style=style, form=who.day_format)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)


@register.simple_tag(takes_context=True)
def percent(context: Context, ratio: Decimal | None, places: int = 1) -> SafeString:
    """`28.6%` of 0.286."""
    if ratio is None:
        return mark_safe("")
    text = formats.percent(ratio, viewer_of(context).locale, places=places)
    return format_html('<bdi class="num{}">{}</bdi>', _negative(ratio), text)


@register.simple_tag(takes_context=True)
def number(context: Context, value: Decimal | int | None, places: int | None = None) -> SafeString:
    """`1,204`."""
    if value is None:
        return mark_safe("")
    text = formats.number(value, viewer_of(context).locale, places=places)
    return format_html('<bdi class="num{}">{}</bdi>', _negative(value), text)


@register.simple_tag(takes_context=True)
def figure(context: Context, key: str, value: Any, kind: str = "", **parameters: Any) -> SafeString:
    """A computed figure that opens its lines: `{% figure "project.margin" margin project=project.id %}`.

    `value` is Money, a text already written, or a number with `kind` minutes, percent or short (money). For those who
    may not read the lines it is the plain value.
    """
    written = _written(context, value, kind)
    if not may_ask(actor_of(context), key):
        return format_html("{}", written)
    query = urlencode({name: str(part) for name, part in parameters.items() if part not in {None, ""}})
    address = f"/figures/{key}/lines" + (f"?{query}" if query else "")
    return format_html(
        '<a class="figure" href="{}" data-drawer="wide" title="{}">{}</a>',
        address,
        _("Show the lines behind this figure"),
        written,
    )


@register.filter
def spoken(text: Any) -> str:
    """A sentence of a rule with its amounts and days as the reader writes them: `EUR 229,500.00`, `6 May 2026`."""
    return formats.spoken(str(text), translation.get_language() or "")


def _written(context: Context, value: Any, kind: str) -> Any:
    if isinstance(value, Money):
        return money(context, value, kind or "full")
    if kind == "minutes":
        return duration(context, value)
    if kind == "percent":
        return percent(context, value)
    if isinstance(value, Decimal | int):
        return number(context, value)
    return value


def _by_kind(context: Context, kind: Kind, value: Any, mode: str) -> Any:
    match kind:
        case Kind.MONEY:
            return money(context, value, mode)
        case Kind.MINUTES:
            return duration(context, value, "cell")
        case Kind.PERCENT:
            return percent(context, value)
        case Kind.NUMBER:
            return number(context, value)
        case Kind.DAY:
            return day(context, value)
        case _:
            return value


@register.simple_tag(takes_context=True)
def listing_cell(context: Context, cell: Any) -> Any:
    """One cell of a list, written as its column's kind wants."""
    value, kind = cell.value, cell.column.kind
    if cell.edit is not None:
        return cell_html(cell.edit)
    if value is None or value == "":
        return _NONE
    if kind is Kind.STATUS:
        return badge(cell.status) if cell.status else value
    if isinstance(value, Money) and not value.amount:
        # Nothing is a dash, whichever the currency.
        return _NONE
    return _by_kind(context, kind, value, "cell" if cell.is_bare else "full")


@register.simple_tag(takes_context=True)
def listing_total(context: Context, column: Any, value: Any) -> Any:
    """A sum in the footer: money always says its currency."""
    return _by_kind(context, column.kind, value, "full")


def _negative(value: Decimal | int) -> str:
    return " neg" if value < 0 else ""
