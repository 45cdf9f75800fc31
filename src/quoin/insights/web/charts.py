"""Column charts as SVG from the server: no script, no inline style. Each has a table twin beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_TOP, _PLOT, _FOOT, _LEFT = 12, 150, 22, 8
_LEFT_PERCENT = Decimal(_LEFT)
_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_LINES = 4
_MOST_LABELS = 14


@dataclass(frozen=True, slots=True)
class Column:
    """One value: how it is written and where its lines are."""

    value: Decimal
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of columns."""

    label: str
    style: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Groups of columns over labels. `axis` writes a value of the scale."""

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    ticks: tuple[tuple[Decimal, str], ...]

    def svg(self) -> SafeString:
        """Widths are in per cent, so that text keeps its size on a phone."""
        high, low = self._range()
        scale = (high - low) or Decimal(1)

        def y(value: Decimal) -> Decimal:
            return _TOP + (high - value) / scale * _PLOT

        grid = format_html_join(
            "",
            '<line class="chart-grid" x1="{}%" x2="100%" y1="{}" y2="{}"/><text class="chart-tick" x="{}%" dx="-6" y="{}">{}</text>',
            ((_LEFT, _px(y(v)), _px(y(v)), _LEFT, _px(y(v) + 4), text) for v, text in self.ticks),
        )
        step = (100 - _LEFT_PERCENT) / max(len(self.labels), 1)
        width = step * Decimal("0.7") / max(len(self.series), 1)
        every = -(-len(self.labels) // _MOST_LABELS)
        names = format_html_join(
            "",
            '<text class="chart-label" x="{}%" y="{}">{}</text>',
            (
                (_short(_LEFT + step * (index + Decimal("0.5"))), _TOP + _PLOT + _FOOT - 4, label)
                for index, label in enumerate(self.labels)
                if index % every == 0
            ),
        )
        drawn = format_html_join(
            "",
            '<a href="{}" data-drawer="wide" tabindex="-1"><rect class="fill-{}" x="{}%" width="{}%" y="{}" height="{}"><title>{}</title></rect></a>',
            (
                (
                    column.url, one.style, _short(_LEFT + step * index + step * Decimal("0.15") + width * place), _short(width),
                    _px(y(max(column.value, Decimal(0)))), _px(abs(column.value) / scale * _PLOT),
                    f"{self.labels[index]}: {one.label} {column.text}",
                )
                for place, one in enumerate(self.series)
                for index, column in enumerate(one.columns)
            ),
        )  # fmt: skip
        base = format_html(
            '<line class="chart-base" x1="{}%" x2="100%" y1="{}" y2="{}"/>',
            _LEFT,
            _px(y(Decimal(0))),
            _px(y(Decimal(0))),
        )
        return format_html(
            '<svg class="chart" height="{}" role="img" aria-label="{}">{}{}{}{}</svg>',
            _TOP + _PLOT + _FOOT, self.title, grid, drawn, base, names,
        )  # fmt: skip

    def table(self) -> list[tuple[str, tuple[Column, ...]]]:
        """The twin: a row per label."""
        return [(label, tuple(one.columns[index] for one in self.series)) for index, label in enumerate(self.labels)]

    def _range(self) -> tuple[Decimal, Decimal]:
        values = [value for value, _text in self.ticks] or [Decimal(1), Decimal(0)]
        return max(values), min(*values, Decimal(0))


def scale_of(values: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Round steps that hold all values: 0, 20,000, 40,000, ..."""
    high, low = max([*values, Decimal(0)]), min([*values, Decimal(0)])
    span = (high - low) or Decimal(1)
    raw = span / _LINES
    power = Decimal(10) ** raw.adjusted()
    step = next(power * factor for factor in _STEPS if power * factor >= raw)
    below, above = (int((end / step).to_integral_value(ROUND_CEILING)) for end in (-low, high))
    return tuple(step * place for place in range(-below, max(above, 1) + 1))


def legend(chart: Chart) -> SafeString:
    """What the colours mean."""
    if len(chart.series) == 1:
        return mark_safe("")
    return format_html_join(
        "", '<span class="legend"><svg width="10" height="10" aria-hidden="true"><rect class="fill-{}" width="10" height="10"/></svg>{}</span>',
        ((one.style, one.label) for one in chart.series),
    )  # fmt: skip


def _px(value: Decimal) -> str:
    return f"{value:.1f}"


def _short(value: Decimal) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
