"""Months across, things down: a table of thousands of cells, written straight to text: a template is too slow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from quoin.base.ui import formats
from quoin.base.ui.context import Viewer


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row: its name, where it leads, its cells of one or two lines, and its total."""

    label: str
    sub: str
    url: str
    cells: Sequence[tuple[str, str]]
    """Text (safe, from `writer`) and the address of its lines; an empty text is a dash."""
    total: tuple[str, str]


def months_head(months: Sequence[date], locale: str) -> list[str]:
    """`May 26`: short names of months."""
    where = formats.locale_of(locale)
    return [_month_name(month, str(where)) for month in months]


@lru_cache(maxsize=1024)
def _month_name(month: date, locale: str) -> str:
    return f"{formats.locale_of(locale).months['format']['abbreviated'][month.month]} {month:%y}"


def writer(who: Viewer) -> tuple[Callable[[int], str], Callable[[Decimal], str]]:
    """Writers of minutes and of whole money, fast: the locale's separator is looked up once."""
    group = formats.locale_of(who.locale).number_symbols["latn"]["group"]
    point = formats.locale_of(who.locale).number_symbols["latn"]["decimal"]

    def minutes(value: int) -> str:
        if not value:
            return ""
        hours, rest = divmod(abs(value), 60)
        text = f"{hours:,}".replace(",", group)
        text = f"{text}{point}{rest * 100 // 60:02}" if who.writes_decimal_hours else f"{text}:{rest:02}"
        return text if value > 0 else f"{formats.MINUS}{text}"

    def money(value: Decimal) -> str:
        if not value:
            return ""
        text = f"{abs(value):,.0f}".replace(",", group)
        return text if value > 0 else f"{formats.MINUS}{text}"

    return minutes, money


def body(rows: Sequence[GridRow]) -> SafeString:
    """The rows of the table. Only names come from people; they are escaped."""
    return mark_safe("".join([_row(row) for row in rows]))  # noqa: S308  # every part is escaped or made of digits


def _row(row: GridRow) -> str:
    cells = "".join([_cell(text, url) for text, url in row.cells])
    sub = f"<small>{escape(row.sub)}</small>" if row.sub else ""
    name = f'<a href="{escape(row.url)}">{escape(row.label)}</a>' if row.url else escape(row.label)
    return f'<tr><th scope="row">{name}{sub}</th>{cells}{_cell(*row.total, kind="sum")}</tr>'


def _cell(text: str, url: str, kind: str = "") -> str:
    start = f'<td class="right {kind}">' if kind else '<td class="right">'
    if not text:
        return f'{start}<span class="none">–</span></td>'
    return f'{start}<a class="figure" data-drawer="wide" href="{url}">{text}</a></td>' if url else f"{start}{text}</td>"
