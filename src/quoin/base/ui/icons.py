"""Icons: one sprite for objects and verbs, and five drawn shapes for the five meanings of a status.

A status is always colour, shape and word; the shapes are inline because a badge must never wait for a file.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


class Meaning(StrEnum):
    """What a colour says; the same five everywhere."""

    NEUTRAL = "neutral"
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


# Drawn on a grid of 12: legible at the size of a badge, told apart by shape alone.
_SHAPES = {
    Meaning.NEUTRAL: '<circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" stroke-width="1.5"/>',
    Meaning.INFO: '<circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" stroke-width="1.5"/>'
    '<path d="M6 2a4 4 0 0 1 0 8z" fill="currentColor"/>',
    Meaning.SUCCESS: '<path d="M2 6.5 4.8 9.2 10 3.2" fill="none" stroke="currentColor" stroke-width="1.8" '
    'stroke-linecap="round" stroke-linejoin="round"/>',
    Meaning.WARNING: '<path d="M6 1.6 11 10.4H1z" fill="currentColor" stroke="currentColor" stroke-linejoin="round"/>',
    Meaning.DANGER: '<path d="M3.7.7h4.6l3 3v4.6l-3 3H3.7l-3-3V3.7zM3 5.2v1.6h6V5.2z" '
    'fill="currentColor" fill-rule="evenodd"/>',
}


@lru_cache
def shape(meaning: Meaning) -> SafeString:
    """The status shape as SVG, hidden from screen readers because the word stands beside it."""
    return format_html(
        '<svg class="shape" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">{}</svg>',
        mark_safe(_SHAPES[meaning]),  # noqa: S308 - constant drawing
    )


@lru_cache(maxsize=1024)
def sprite_icon(href: str, name: str, *, label: str = "", size: int = 16, mirrors: bool = False) -> SafeString:
    """An icon of the sprite. With a label it is an image; without one it is decoration."""
    return format_html(
        '<svg class="icon{}" width="{}" height="{}" {}><use href="{}#{}"/></svg>',
        " icon-mirrors" if mirrors else "",
        size,
        size,
        format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"'),
        href,
        name,
    )
