"""The lines behind a figure, as a drawer or a page; its export; and the catalogue of all figures."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.figures import (
    FIGURES,
    Figure,
    Kind,
    Line,
    Parameters,
    Unit,
    every_line,
    figure_named,
    lines_of,
    may_ask,
)
from quoin.base.http.views import ActorRequest, page
from quoin.base.listing import Column, Sheet
from quoin.base.listing import Kind as Shape
from quoin.base.ui import respond
from quoin.insights.queries.asking import NAMES, question, words_of
from quoin.insights.queries.explaining import explain, freeze, same, thaw
from quoin.kernel.errors import invalid
from quoin.kernel.money import Money
from quoin.kernel.words import say

_EXPORT_MOST = 200_000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHAPES = {Unit.MONEY: Shape.MONEY, Unit.MINUTES: Shape.MINUTES}
AREAS = (
    ("time", gettext_lazy("Time")),
    ("work", gettext_lazy("Work")),
    ("earned", gettext_lazy("Earned")),
    ("cost", gettext_lazy("Cost")),
    ("billing", gettext_lazy("Billing")),
    ("receivables", gettext_lazy("Receivables")),
    ("cash", gettext_lazy("Cash")),
    ("contracts", gettext_lazy("Contracts")),
    ("budget", gettext_lazy("Budget")),
    ("projects", gettext_lazy("Projects")),
)


@page(None)
def catalogue(request: ActorRequest) -> HttpResponse:
    """Every figure that the actor may ask: what it means and how it is made."""
    areas = [
        (
            label,
            [
                figure
                for figure in FIGURES.values()
                if figure.key.startswith(f"{name}.") and may_ask(request.actor, figure)
            ],
        )
        for name, label in AREAS
    ]
    context = {
        "title": _("Figures"),
        "area": _("Insight"),
        "areas": [(label, found) for label, found in areas if found],
    }
    return respond.page(request, "insights/catalogue.html", context)


@page(None)
def lines(request: ActorRequest, key: str) -> HttpResponse:
    """The figure's value, formula, parts and lines. The figure's own permission is asked by the query."""
    asked = question(request.actor, {name: str(text) for name, text in request.GET.items() if name in NAMES})
    if (form := request.GET.get("format")) in {"csv", "xlsx"}:
        return _export(request, figure_named(key), asked, form=str(form))
    found = explain(request.actor, key, asked, after=request.GET.get("after", ""))
    seal = request.GET.get("frozen", "")
    frozen = thaw(seal, key, asked) if seal else None
    context = {
        "title": found.figure.label,
        "area": _("Figures"),
        "crumbs": ((_("Figures"), "/figures"),),
        "found": found,
        "figure": found.figure,
        "words": words_of(asked),
        "after": request.GET.get("after", ""),
        "is_ratio": found.figure.kind is Kind.RATIO,
        "has_minutes": found.figure.unit is Unit.MONEY and any(line.minutes is not None for line in found.page.lines),
        "has_rates": any(line.rate is not None for line in found.page.lines),
        "frozen": frozen,
        "is_changed": frozen is not None and not same(frozen.sums, found.value.sums),
        "seal": freeze(found.value, found.as_of),
        "drawer_width": "wide",
    }
    return respond.page(request, "insights/lines.html", context)


def _export(request: ActorRequest, figure: Figure, asked: Parameters, *, form: str) -> HttpResponse:
    found = lines_of(request.actor, figure.key, asked)
    count = found.count()
    if count > _EXPORT_MOST:
        raise invalid(
            "/format",
            say("%(count)s lines are more than one file takes.", count=f"{count:,}"),
            remedy="Ask for a shorter period.",
        )
    sheet = Sheet(_columns(figure), _written(figure, every_line(found)))
    if form == "csv":
        response = HttpResponse("".join(sheet.csv()), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(sheet.xlsx(), content_type=_XLSX)
    response["Content-Disposition"] = f'attachment; filename="{figure.key}.{form}"'
    return response


def _columns(figure: Figure) -> tuple[Column, ...]:
    columns = [
        Column(key="on", label=_("Day"), kind=Shape.DAY),
        Column(key="label", label=_("What")),
        Column(key="who", label=_("Who")),
        Column(key="minutes", label=_("Duration"), kind=Shape.MINUTES),
        Column(key="rate", label=_("Rate"), kind=Shape.NUMBER),
        Column(key="source", label=_("Source")),
    ]
    if figure.parts:
        columns.append(Column(key="part", label=_("Figure")))
    if figure.kind is Kind.RATIO:
        # Numerator and denominator may differ in kind; minutes are written as minutes.
        value = Column(key="value", label=_("Value"), kind=Shape.NUMBER)
        return (*columns, value, Column(key="currency", label=_("Currency")))
    kind = _SHAPES.get(figure.unit, Shape.NUMBER)
    return (*columns, Column(key="value", label=figure.label, kind=kind, value=lambda row: row["value"]))


def _written(figure: Figure, found: Iterator[Line]) -> Iterator[dict[str, Any]]:
    for line in found:
        value: Decimal | Money | int = line.value
        if figure.kind is not Kind.RATIO and figure.unit is Unit.MONEY:
            value = Money(line.value, line.currency)
        elif figure.kind is not Kind.RATIO and figure.unit is Unit.MINUTES:
            value = int(line.value)
        yield {
            "on": line.on, "label": line.label, "who": line.who, "minutes": line.minutes, "rate": line.rate,
            "source": line.source, "part": line.part, "value": value, "currency": line.currency,
        }  # fmt: skip
