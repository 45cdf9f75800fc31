"""The portfolio: five tiles, money at risk, revenue by month, and all projects. Everything opens its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.figures import FIGURES, FigureValue, Parameters, Unit, lines_of, may_ask
from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import formats, respond
from quoin.base.ui.context import Viewer, viewer
from quoin.insights.queries import VIEW_PORTFOLIO
from quoin.insights.queries.asking import words_of
from quoin.insights.queries.money import Risk, project_money, risks
from quoin.insights.templatetags.insights import lines_url
from quoin.insights.web.charts import Chart, Column, Series, legend, scale_of
from quoin.insights.web.grid import months_head
from quoin.insights.web.header import all_if_allowed, asked_if_allowed
from quoin.kernel.errors import invalid
from quoin.kernel.money import Money
from quoin.kernel.period import add_months
from quoin.kernel.words import say
from quoin.projects.queries.lists import HEALTH

SPARK, CHART_MONTHS, _RISKS = 8, 12, 7
_HUNDRED = Decimal(100)
PERIODS: tuple[tuple[str, str | Promise, int], ...] = (
    ("month", gettext_lazy("Last month"), 1),
    ("quarter", gettext_lazy("Last 3 months"), 3),
    ("year", gettext_lazy("Last 12 months"), 12),
)
_BY_MONTH = (("firm.revenue", "chart-1"), ("firm.cost", "chart-4"))
WHY = {
    "project.margin": gettext_lazy("cost more than it earned"),
    "project.value": gettext_lazy("worth more than its budget"),
    "billing.unbilled_old": gettext_lazy("unbilled for over 60 days"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A period of whole months and the one of the same length before it."""

    first: date
    last: date

    @classmethod
    def ending(cls, month: date, length: int) -> Span:
        return cls(add_months(month, 1 - length), add_months(month, 1) - timedelta(days=1))

    @property
    def asked(self) -> Parameters:
        return Parameters(from_on=self.first, until_on=self.last)

    def before(self, length: int) -> Span:
        return Span.ending(add_months(self.first, -1), length)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A figure with its change and its last months. `also` is a second figure beside it."""

    key: str
    value: FigureValue
    change: str = ""
    meaning: str = "neutral"
    spark: Sequence[Decimal] = ()
    spark_label: str = ""
    note: str = ""
    also: FigureValue | None = None


@page(VIEW_PORTFOLIO)
def portfolio(request: ActorRequest) -> HttpResponse:
    """The executive's page."""
    actor, who = request.actor, viewer(request)
    chosen = request.GET.get("period", "quarter")
    if chosen not in {key for key, _label, _length in PERIODS}:
        raise invalid(
            "/period", say("%(chosen)s is no period here.", chosen=chosen), remedy="Use month, quarter or year."
        )
    length = next(number for key, _label, number in PERIODS if key == chosen)
    this = actor.today.replace(day=1)
    span = Span.ending(this, length)
    rows = project_money(actor)
    rows.sort(key=lambda row: (-(row.revenue or Decimal(0)), row.project.number))
    found = risks(rows, _old_unbilled(actor))
    context = {
        "title": _("Portfolio"),
        "area": _("Insight"),
        "periods": [(key, label, key == chosen) for key, label, _length in PERIODS],
        "span": span,
        "tiles": _tiles(actor, who, span, length),
        "chart": (chart := _revenue_chart(actor, who, this)),
        "legend": legend(chart) if chart else "",
        "risks": [(risk, WHY[risk.key], _risk_url(risk), Money(risk.amount, risk.currency)) for risk in found[:_RISKS]],
        "risk_count": len(found),
        "may_see_months": any(may_ask(actor, FIGURES[key]) for key, _style in _BY_MONTH),
        "may_see_risks": any(may_ask(actor, FIGURES[key]) for key in WHY),
        "rows": [(row, HEALTH[row.project.health]) for row in rows],
        "as_of": actor.now,
    }
    return respond.page(request, "insights/portfolio.html", context)


def _tiles(actor: Any, who: Viewer, span: Span, length: int) -> list[Tile]:
    months = [Span.ending(add_months(span.last.replace(day=1), step - SPARK + 1), 1) for step in range(SPARK)]
    tiles = []
    for key in ("firm.utilisation", "firm.margin_ratio"):
        found = all_if_allowed(actor, key, [one.asked for one in (span, span.before(length), *months)])
        if found is None:
            continue
        value, before, *series = found
        change, meaning = _points(who, value, before)
        tiles.append(
            Tile(
                key=key, value=value, change=change, meaning=meaning, spark=[_one(month) for month in series],
                spark_label=_("last 8 months"), note=str(value.figure.definition),
            )
        )  # fmt: skip
    return [*tiles, *_money_tiles(actor, who, months), *_health_tile(actor)]


def _money_tiles(actor: Any, who: Viewer, months: list[Span]) -> list[Tile]:
    tiles = []
    now = Parameters()
    if found := all_if_allowed(actor, "firm.unbilled", [now, *(month.asked for month in months)]):
        unbilled, *by_month = found
        overdue = asked_if_allowed(actor, "firm.overdue", now)
        oldest = asked_if_allowed(actor, "billing.unbilled_old", now)
        old = _short(oldest, who) if oldest and any(oldest.sums.values()) else ""
        tiles.append(
            Tile(
                key="firm.unbilled", value=unbilled, also=overdue, spark=[_one(month) for month in by_month],
                spark_label=_("by month of work"), change=_("%(amount)s over 60 days") % {"amount": old} if old else "",
                meaning="warning" if old else "neutral", note=str(unbilled.figure.definition),
            )
        )  # fmt: skip
    asked = [now, *(Parameters(until_on=month.last) for month in months)]
    if found := all_if_allowed(actor, "contracts.backlog", asked):
        backlog, *series = found
        tiles.append(
            Tile(
                key="contracts.backlog", value=backlog, spark=[_one(month) for month in series],
                spark_label=_("last 8 months"), note=str(backlog.figure.definition),
            )
        )  # fmt: skip
    return tiles


def _health_tile(actor: Any) -> list[Tile]:
    on_track = asked_if_allowed(actor, "projects.on_track", Parameters())
    active = asked_if_allowed(actor, "projects.active", Parameters())
    if on_track is None or active is None:
        return []
    behind = int(active.single() - on_track.single())
    change = _("%(count)s at risk or off track") % {"count": behind} if behind else _("all on track")
    return [
        Tile(
            key="projects.on_track", value=on_track, also=active, change=change,
            meaning="warning" if behind else "success", note=str(on_track.figure.definition),
        )
    ]  # fmt: skip


def _points(who: Viewer, value: FigureValue, before: FigureValue) -> tuple[str, str]:
    """The change in percentage points to the period before, and whether it is good."""
    if not value.sums or not before.sums:
        return "", "neutral"
    change = (_one(value) - _one(before)) / _HUNDRED
    better = bool(change > 0) == bool(value.figure.higher_is_better)
    return formats.points(change, who.locale), "neutral" if not change else "success" if better else "danger"


def _one(value: FigureValue) -> Decimal:
    """The greatest sum: a small line has one currency."""
    return max(value.sums.values(), key=abs, default=Decimal(0))


def _short(value: FigureValue, who: Viewer) -> str:
    return " · ".join(
        formats.money_short(Money(amount, code), who.locale) for code, amount in sorted(value.sums.items())
    )


def _old_unbilled(actor: Any) -> dict[UUID, Decimal]:
    key = "billing.unbilled_old"
    if not may_ask(actor, FIGURES[key]):
        return {}
    groups = lines_of(actor, key, Parameters()).groups()
    return {
        g.narrowed.project_id: g.value for g in groups if g.narrowed is not None and g.narrowed.project_id is not None
    }


def _risk_url(risk: Risk) -> str:
    return lines_url(risk.key, words_of(Parameters(project_id=risk.project.id)))


def _revenue_chart(actor: Any, who: Viewer, this: date) -> Chart | None:
    months = [Span.ending(add_months(this, step - CHART_MONTHS + 1), 1) for step in range(CHART_MONTHS)]
    return month_chart(
        actor,
        who,
        months,
        _BY_MONTH,
        {},
        title=_("Revenue and cost by month"),
    )


def month_chart(  # noqa: PLR0917
    actor: Any, who: Viewer, months: list[Span], keys: Sequence[tuple[str, str]], place: dict[str, Any], *, title: str
) -> Chart | None:  # fmt: skip
    """Columns of money figures month by month, in the currency that has most; None where nothing may be shown."""
    found: list[tuple[str, str, list[FigureValue]]] = []
    for key, style in keys:
        asked = [Parameters(**place, from_on=month.first, until_on=month.last) for month in months]
        if values := all_if_allowed(actor, key, asked):
            found.append((key, style, values))
    codes = [(abs(amount), code) for _key, _style, values in found for v in values for code, amount in v.sums.items()]
    if not codes:
        return None
    currency = max(codes)[1]
    series = tuple(
        Series(str(values[0].figure.label), style, tuple(_column(value, currency, who) for value in values))
        for _key, style, values in found
    )
    ticks = scale_of([column.value for one in series for column in one.columns])
    named = tuple((tick, formats.money_short(Money(tick, currency), who.locale)) for tick in ticks)
    labels = tuple(months_head([month.first for month in months], who.locale))
    return Chart(title, labels, series, named)


def _column(value: FigureValue, currency: str, who: Viewer) -> Column:
    amount = value.sums.get(currency, Decimal(0))
    url = lines_url(value.figure.key, words_of(value.parameters))
    unit = value.figure.unit
    text = (
        formats.money(Money(amount, currency), who.locale) if unit is Unit.MONEY else formats.number(amount, who.locale)
    )
    return Column(amount, text, url)
