"""Column charts as SVG from the server: no script, no inline style. Each has a table twin beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_TOP, _PLOT, _FOOT, _LEFT = 12, 150, 22, 11
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
        return format_html(
            '<svg class="chart" height="{}" role="group" aria-label="{}">{}{}{}{}</svg>',
            _TOP + _PLOT + _FOOT, self.title, self._grid(), self._bars(), self._base(), self._names(),
        )  # fmt: skip

    def _grid(self) -> SafeString:
        line = '<line class="chart-grid" x1="{}%" x2="100%" y1="{}" y2="{}"/>'
        text = '<text class="chart-tick" x="{}%" dx="-6" y="{}">{}</text>'
        ticks = ((self._y(value), words) for value, words in self.ticks)
        rows = ((_LEFT, _px(y), _px(y), _LEFT, _px(y + 4), words) for y, words in ticks)
        return format_html_join("", line + text, rows)

    def _bars(self) -> SafeString:
        """A link each; the keyboard finds the same links in the table twin."""
        link = '<a href="{}" data-drawer="wide" tabindex="-1" aria-label="{}"><title>{}</title>'
        rectangle = '<rect class="fill-{}" x="{}%" width="{}%" y="{}" height="{}"/></a>'
        width = self._step * Decimal("0.7") / max(len(self.series), 1)
        rows = []
        for place, one in enumerate(self.series):
            for index, column in enumerate(one.columns):
                words = f"{self.labels[index]}: {one.label} {column.text}"
                left = _LEFT + self._step * (index + Decimal("0.15")) + width * place
                top, height = self._y(max(column.value, Decimal(0))), abs(column.value) / self._scale * _PLOT
                rows.append((column.url, words, words, one.style, _short(left), _short(width), _px(top), _px(height)))
        return format_html_join("", link + rectangle, rows)

    def _base(self) -> SafeString:
        y = _px(self._y(Decimal(0)))
        return format_html('<line class="chart-base" x1="{}%" x2="100%" y1="{}" y2="{}"/>', _LEFT, y, y)

    def _names(self) -> SafeString:
        every = -(-len(self.labels) // _MOST_LABELS)
        shown = ((index, label) for index, label in enumerate(self.labels) if index % every == 0)
        middle = ((_short(_LEFT + self._step * (index + Decimal("0.5"))), label) for index, label in shown)
        rows = ((x, _TOP + _PLOT + _FOOT - 4, label) for x, label in middle)
        return format_html_join("", '<text class="chart-label" x="{}%" y="{}">{}</text>', rows)

    @property
    def _step(self) -> Decimal:
        return (100 - Decimal(_LEFT)) / max(len(self.labels), 1)

    @property
    def _scale(self) -> Decimal:
        high, low = self._range()
        return (high - low) or Decimal(1)

    def _y(self, value: Decimal) -> Decimal:
        return _TOP + (self._range()[0] - value) / self._scale * _PLOT

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
        "",
        '<span class="legend"><svg width="10" height="10" aria-hidden="true">'
        '<rect class="fill-{}" width="10" height="10"/></svg>{}</span>',
        ((one.style, one.label) for one in chart.series),
    )  # fmt: skip


def _px(value: Decimal) -> str:
    return f"{value:.1f}"


def _short(value: Decimal) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
