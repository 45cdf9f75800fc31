"""Tags for the pieces of a page: icons, badges, doors, small graphics, fields, what stands where nothing is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from quoin.base.ui import graphics, manifest
from quoin.base.ui.context import actor_of
from quoin.base.ui.doors import may_open, passable
from quoin.base.ui.icons import Meaning, shape, sprite_icon

register = template.Library()
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


@register.simple_tag(name="shape")
def shape_tag(meaning: str) -> SafeString:
    """The bare shape of a meaning, where its word stands beside it already."""
    return shape(Meaning(meaning))


@register.simple_block_tag(takes_context=True)
def door(context: Context, content: str, url: str, only: bool = False, **attributes: str) -> SafeString:
    """A link for those whom its page lets in, the bare words for others: `{% door url class="btn" %}…{% enddoor %}`.

    With `only=True` others see nothing: for buttons, whose words alone would promise something.
    """
    if not may_open(actor_of(context), str(url)):
        return mark_safe("" if only else content)  # noqa: S308 - rendered by the template, escaped there
    pairs = [("href", url), *((name.replace("_", "-"), value) for name, value in attributes.items() if value != "")]
    return format_html("<a {}>{}</a>", format_html_join(" ", '{}="{}"', pairs), mark_safe(content))  # noqa: S308 - as above


@register.simple_tag(takes_context=True, name="may_open")
def may_open_tag(context: Context, url: str) -> bool:
    """Whether the reader may open the page, for what is more than a link: `{% may_open url as is_open %}`."""
    return may_open(actor_of(context), str(url))


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
        "url": passable(actor_of(context), str(url or "")),
        "verb": verb,
        "icon_name": icon_name or icons[kind],
    }
