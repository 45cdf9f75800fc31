"""Bars, rings and sparklines as SVG drawn by the server: no script, no inline style, a text for each.

The hatch of tentative parts is the pattern `#hatch` that the shell carries once.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from quoin.base.ui.icons import Meaning

BAR_STYLES = frozenset(
    {"accent", "hatch", "neutral", "info", "success", "warning", "danger", "chart-1", "chart-2", "chart-3", "chart-4"}
)
_WIDTH = Decimal(100)


def stacked_bar(parts: Sequence[tuple[str, Decimal]], *, limit: Decimal | int | None, label: str) -> SafeString:
    """Parts one after the other on a scale that ends at the greater of the limit and their sum."""
    unknown = [style for style, _ in parts if style not in BAR_STYLES]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is not a bar style; they are {', '.join(sorted(BAR_STYLES))}")
    mark = None if limit is None else Decimal(limit)
    scale = max(sum((max(value, Decimal(0)) for _, value in parts), Decimal(0)), mark or Decimal(0)) or Decimal(1)
    start, rectangles = Decimal(0), []
    for style, value in parts:
        width = max(value, Decimal(0)) / scale * _WIDTH
        fill = mark_safe(' fill="url(#hatch)"') if style == "hatch" else ""
        rectangles.append((style, fill, _short(start), _short(width)))
        start += width
    drawn = format_html_join("", '<rect class="fill-{}"{} x="{}%" width="{}%" height="8"/>', rectangles)
    line = ""
    if mark is not None:
        line = format_html(
            '<line class="bar-mark" x1="{0}%" x2="{0}%" y1="-3" y2="11"/>', _short(mark / scale * _WIDTH)
        )
    # A bar without words of its own repeats the number beside it: decoration.
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="bar" height="8" {}><rect class="bar-track" width="100%" height="8"/>{}{}</svg>',
        spoken,
        drawn,
        line,
    )


def ring(ratio: Decimal, *, label: str, meaning: Meaning, size: int) -> SafeString:
    """A ring; over 1 it is full and a second, darker arc shows the surplus."""
    full = max(min(ratio, Decimal(1)), Decimal(0)) * 100
    over = max(min(ratio - 1, Decimal(1)), Decimal(0)) * 100
    surplus = format_html(_ARC, "ring-over", _short(over)) if over else ""
    return format_html(
        '<svg class="ring" width="{}" height="{}" viewBox="0 0 36 36" role="img" aria-label="{}">'
        '<circle class="ring-track" cx="18" cy="18" r="15.5"/>{}{}</svg>',
        size,
        size,
        label,
        format_html(_ARC, f"ring-{meaning.value}", _short(full)),
        surplus,
    )


_ARC = (
    '<circle class="ring-arc {}" cx="18" cy="18" r="15.5" pathLength="100" stroke-dasharray="{} 100" '
    'transform="rotate(-90 18 18)"/>'
)


def sparkline(values: Sequence[Decimal], *, label: str, width: int, height: int) -> SafeString:
    """A polyline over the range of the values, with a dot on the last one."""
    if len(values) < 2:  # noqa: PLR2004 - a line needs two points
        return mark_safe("")
    low, high = min(values), max(values)
    spread = (high - low) or Decimal(1)
    inner_height, inner_width = Decimal(height - 6), Decimal(width - 6)
    step = inner_width / (len(values) - 1)
    points = [
        (3 + step * i, 3 + inner_height - (value - low) / spread * inner_height) for i, value in enumerate(values)
    ]
    return format_html(
        '<svg class="spark" width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<polyline points="{}"/><circle cx="{}" cy="{}" r="2"/></svg>',
        width,
        height,
        width,
        height,
        label,
        " ".join(f"{_short(x)},{_short(y)}" for x, y in points),
        _short(points[-1][0]),
        _short(points[-1][1]),
    )


def _short(value: Decimal) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
