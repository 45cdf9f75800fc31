"""The vocabulary of all screens: `{% load ui %}`.

Templates never write hx- attributes, classes of numbers, icons or badges by hand.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.forms import BoundField
from django.template import Context
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from quoin.base.listing import Kind
from quoin.base.ui import formats, graphics, manifest, nav
from quoin.base.ui.cells import cell_html
from quoin.base.ui.client import client_config
from quoin.base.ui.context import looks_of, viewer_of
from quoin.base.ui.doors import may_ask, may_open, passable
from quoin.base.ui.icons import Meaning, shape, sprite_icon
from quoin.base.ui.stored import retold
from quoin.kernel.money import Money

register = template.Library()
register.simple_tag(cell_html, name="edit_cell")
register.filter("retold", retold)
# Icons that point along the line of reading turn round in right-to-left languages.
_DIRECTED = frozenset({"chevron-right", "chevron-left", "arrow-right", "arrow-left", "sign-out", "panel"})


@register.simple_tag
def asset(name: str) -> str:
    """`{% asset "app.css" %}`: the address of the built file."""
    return manifest.url(name)


@register.simple_tag
def icon(name: str, label: str = "", size: int = 16) -> SafeString:
    """`{% icon "invoice" %}`, decoration; `{% icon "lock" _("Locked") %}`, an image with a name."""
    return sprite_icon(manifest.url("icons.svg"), name, label=str(label), size=size, mirrors=name in _DIRECTED)


@register.simple_tag
def badge(meaning: Any, label: str = "", solid: bool = False) -> SafeString:
    """`{% badge "success" _("Paid") %}` or `{% badge status %}` of a Status: colour, shape and word, capital first."""
    found = Meaning(getattr(meaning, "meaning", meaning))
    word = str(label or getattr(meaning, "label", ""))
    capital = word[:1].upper() + word[1:]
    word = mark_safe(capital) if isinstance(word, SafeString) else capital  # noqa: S308 - it was markup before
    look = f"{found.value} badge-solid" if solid else found.value
    return format_html('<span class="badge badge-{}">{}{}</span>', look, shape(found), word)


@register.simple_tag(takes_context=True)
def language(context: Context, code: str) -> str:
    """`{% language "nb-NO" %}`: the name of a language in the viewer's own."""
    return formats.language(code, viewer_of(context).locale)


@register.simple_tag(name="shape")
def shape_tag(meaning: str) -> SafeString:
    """The bare shape of a meaning, where its word stands beside it already."""
    return shape(Meaning(meaning))


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
    if not may_ask(_actor_of(context), key):
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


@register.simple_block_tag(takes_context=True)
def door(context: Context, content: str, url: str, only: bool = False, **attributes: str) -> SafeString:
    """A link for those whom its page lets in, the bare words for others: `{% door url class="btn" %}…{% enddoor %}`.

    With `only=True` others see nothing: for buttons, whose words alone would promise something.
    """
    if not may_open(_actor_of(context), str(url)):
        return mark_safe("" if only else content)  # noqa: S308 - rendered by the template, escaped there
    pairs = [("href", url), *((name.replace("_", "-"), value) for name, value in attributes.items() if value != "")]
    return format_html("<a {}>{}</a>", format_html_join(" ", '{}="{}"', pairs), mark_safe(content))  # noqa: S308 - as above


@register.simple_tag(takes_context=True, name="may_open")
def may_open_tag(context: Context, url: str) -> bool:
    """Whether the reader may open the page, for what is more than a link: `{% may_open url as is_open %}`."""
    return may_open(_actor_of(context), str(url))


def _actor_of(context: Context) -> Any:
    return getattr(context.get("request"), "actor", None)


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


@register.simple_tag
def bar(*parts: Any, label: str = "", limit: Any = None) -> SafeString:
    """A stacked bar: `{% bar "accent" 46 "hatch" 12 limit=100 label=_("46 of 100 h") %}`; `limit` draws the mark."""
    pairs = list(zip(parts[::2], parts[1::2], strict=True))
    return graphics.stacked_bar([(str(style), Decimal(value)) for style, value in pairs], limit=limit, label=str(label))


@register.simple_tag
def ring(ratio: Any, label: str, meaning: str = "info", size: int = 56) -> SafeString:
    """A ring that is full at 1; the label says it in words."""
    return graphics.ring(Decimal(ratio), label=str(label), meaning=Meaning(meaning), size=size)


@register.simple_tag
def sparkline(values: Any, label: str, width: int = 96, height: int = 24) -> SafeString:
    """A small line of values, oldest first."""
    return graphics.sparkline([Decimal(value) for value in values], label=str(label), width=width, height=height)


@register.inclusion_tag("ui/parts/field.html")
def field(bound: BoundField, hint: str = "", suffix: str = "", width: str = "") -> dict[str, Any]:
    """A labelled field of a Django form with its help and errors tied to it. Width: s, m, l or full."""
    if not bound.form.is_bound and isinstance(bound.initial, Decimal):
        # What a column of four decimals holds is written as somebody would type it.
        plain = bound.initial.normalize()
        bound.initial = f"{plain:.2f}" if plain.as_tuple().exponent == -1 else f"{plain:f}"
    described = [f"{bound.auto_id}_help"] if hint or bound.help_text else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    attributes: dict[str, Any] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=attributes),
        "hint": hint or bound.help_text,
        "suffix": suffix,
        "width": width,
        "is_check": getattr(bound.field.widget, "input_type", "") == "checkbox",
        "is_group": bound.use_fieldset,
    }


@register.simple_tag
def key(sequence: str) -> SafeString:
    """A hint of keys: `{% key "g p" %}`; hidden from screen readers, who get `aria-keyshortcuts`."""
    parts = format_html_join("", "<kbd>{}</kbd>", ((part,) for part in sequence.split()))
    return format_html('<span class="keys" aria-hidden="true">{}</span>', parts)


@register.inclusion_tag("ui/parts/empty.html", takes_context=True)
def empty(  # noqa: PLR0917 - named in templates
    context: Context, kind: str, text: str, detail: str = "", url: str = "", verb: str = "", icon_name: str = ""
) -> dict[str, Any]:
    """Nothing to show. Kinds: first (what this is, what to do), filtered (what hides it), done (all done)."""
    icons = {"first": "sparkles", "filtered": "filter", "done": "circle-check"}
    return {
        "kind": kind,
        "text": text,
        "detail": detail,
        "url": passable(_actor_of(context), str(url or "")),
        "verb": verb,
        "icon_name": icon_name or icons[kind],
    }


@register.simple_tag(takes_context=True)
def listing_cell(context: Context, cell: Any) -> Any:
    """One cell of a list, written as its column's kind wants."""
    value, kind = cell.value, cell.column.kind
    if cell.edit is not None:
        return cell_html(cell.edit)
    if value is None or value == "":
        return mark_safe('<span class="none">–</span>')
    if kind is Kind.STATUS:
        return badge(cell.status) if cell.status else value
    return _by_kind(context, kind, value, "cell" if cell.is_bare else "full")


@register.simple_tag(takes_context=True)
def listing_total(context: Context, column: Any, value: Any) -> Any:
    """A sum in the footer: money always says its currency."""
    return _by_kind(context, column.kind, value, "full")


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


@register.inclusion_tag("ui/parts/sidebar.html", takes_context=True)
def sidebar(context: Context) -> dict[str, Any]:
    """The groups that the actor may open."""
    request = context.get("request")
    actor = getattr(request, "actor", None)
    if request is None or actor is None:
        return {"groups": (), "request": request}
    return {"groups": nav.groups(actor, request.path, *_crumb_paths(context)), "request": request}


def _crumb_paths(context: Context) -> tuple[str, ...]:
    screen = context.get("screen")
    return tuple(
        str(url).partition("?")[0] for _label, url in (context.get("crumbs") or getattr(screen, "crumbs", None) or ())
    )


@register.inclusion_tag("ui/parts/crumbs.html", takes_context=True)
def crumbs(context: Context) -> dict[str, Any]:
    """The way back: what the view names, else the entry of the sidebar that leads here."""
    request = context.get("request")
    actor = getattr(request, "actor", None)
    screen = context.get("screen")
    title = getattr(screen, "title", "") or context.get("title", "")
    named = context.get("crumbs") or getattr(screen, "crumbs", None) or ()
    if not named and request is not None and actor is not None:
        links = (link for group in nav.groups(actor, request.path) for link in group.links)
        named = [(link.entry.label, link.url) for link in links if link.is_current and link.url != request.path]
        named = [(label, url) for label, url in named if url != "/" and str(label) != str(title)]
    return {"crumbs": [(label, url) for label, url in named if may_open(actor, str(url))], "title": title}


@register.inclusion_tag("ui/parts/frames.html", takes_context=True)
def frames(context: Context) -> dict[str, Any]:
    """What frames the whole page: view-as, the demo ribbon, the offline banner."""
    is_demo = bool(getattr(settings, "IS_DEMO", False))
    return {"request": context.get("request"), "leave_view_url": context.get("leave_view_url"), "is_demo": is_demo}


@register.inclusion_tag("ui/parts/topbar_end.html", takes_context=True)
def topbar_end(context: Context) -> dict[str, Any]:
    """Timer, bell, help and the menu of the user."""
    request = context.get("request")
    actor = getattr(request, "actor", None)
    if actor is None:
        return {"request": request, "actor": None}
    initials = "".join(part[0] for part in str(actor.name).split()[:2]).upper()
    links = nav.user_links(actor)
    return {"request": request, "actor": actor, "initials": initials, "slots": nav.slots(actor), "links": links}


@register.inclusion_tag("ui/parts/bottombar.html", takes_context=True)
def bottombar(context: Context) -> dict[str, Any]:
    """The five places within thumb's reach on a phone."""
    request = context.get("request")
    actor = getattr(request, "actor", None)
    groups = nav.groups(actor, request.path) if request is not None and actor is not None else ()
    links = [link for group in groups for link in group.links if link.entry.is_in_bottom_bar]
    return {"links": links[:3]}


@register.simple_tag(takes_context=True)
def looks(context: Context) -> SafeString:
    """`<html{% looks %}>`: theme, density, shortcuts and week start as data attributes, so that nothing flashes."""
    found = looks_of(context.get("request"))
    if address := context.get("preferences_url"):
        found["preferences"] = address
    return format_html_join("", ' data-{}="{}"', found.items())


@register.simple_tag(takes_context=True)
def ui_config(context: Context) -> SafeString:
    """Texts and key sequences for the scripts, as data and not as code."""
    return client_config(context.get("request"))


def _hx(method: str, url: str, options: dict[str, Any]) -> SafeString:
    names = {"push": "push-url", "on": "trigger", "disable": "disabled-elt"}
    pairs = [(method, url)] + [
        (names.get(name, name), value) for name, value in options.items() if value not in {None, ""}
    ]
    return format_html_join(" ", 'hx-{}="{}"', [(name, "true" if value is True else value) for name, value in pairs])


@register.simple_tag
def hx_get(url: str, **options: Any) -> SafeString:
    """`<a href="{{ url }}" {% hx_get url target="#list" swap="morph" push=True %}>`."""
    return _hx("get", url, options)


@register.simple_tag
def hx_post(url: str, **options: Any) -> SafeString:
    """Options of all four: target, swap, trigger, confirm, push, include, sync, indicator, vals, disable."""
    return _hx("post", url, options)


@register.simple_tag
def hx_patch(url: str, **options: Any) -> SafeString:
    return _hx("patch", url, options)


@register.simple_tag
def hx_delete(url: str, **options: Any) -> SafeString:
    return _hx("delete", url, options)


def _negative(value: Decimal | int) -> str:
    return " neg" if value < 0 else ""
