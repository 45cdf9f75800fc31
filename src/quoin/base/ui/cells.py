"""The cell that is edited in place, written without a template: a matrix shows hundreds of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import escape, format_html_join, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from quoin.base.ui import manifest
from quoin.base.ui.icons import sprite_icon

if TYPE_CHECKING:
    from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Cell:
    """An inline-editable value: where to PATCH it, as what field, from which version.

    `value` is what the editor starts with, `display` what is shown; `kind` is text, number, duration, day or
    select with its `choices` of (value, label).
    """

    url: str
    field: str
    value: str
    display: str
    label: str | Promise = ""
    etag: str = ""
    kind: str = "text"
    choices: tuple[tuple[str, str | Promise], ...] = ()


def cell_html(cell: Cell, error: str = "") -> SafeString:
    """`{% edit_cell cell %}`: the button that becomes an editor, and below it what is wrong with it."""
    shown = _("Edit %(label)s: %(value)s") % {"label": cell.label, "value": strip_tags(str(cell.display))}
    parts = [
        f'<span class="cell{" is-error" if error else ""}" tabindex="0" role="button" data-cell="{escape(cell.url)}"',
        f' data-field="{escape(cell.field)}" data-value="{escape(cell.value)}" data-kind="{escape(cell.kind)}"',
        f' data-etag="{escape(cell.etag)}" data-label="{escape(cell.label)}" aria-label="{escape(shown)}"',
        f' aria-describedby="cell-error-{escape(cell.field)}"' if error else "",
        f'><span class="cell-text">{escape(cell.display)}</span>',
        sprite_icon(manifest.url("icons.svg"), "pencil", size=14),
        _choices(cell) if cell.choices else "",
        f'<span class="cell-error" id="cell-error-{escape(cell.field)}">{escape(error)}</span>' if error else "",
        "</span>",
    ]
    return mark_safe("".join(parts))  # noqa: S308 - every value is escaped above


def _choices(cell: Cell) -> str:
    options = format_html_join("", '<option value="{}">{}</option>', cell.choices)
    return f"<template>{options}</template>"
