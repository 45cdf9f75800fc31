"""The library of reports, and the reports: table first, each cell opens its lines, everything can be exported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.http.views import ActorRequest, page
from quoin.base.listing import Column, Kind, Sheet
from quoin.base.ui import respond
from quoin.base.ui.context import viewer
from quoin.insights.queries import VIEW_REPORTS
from quoin.insights.queries.reports import Months, PersonRow, ProjectRow, hours_and_revenue, known_months, utilisation
from quoin.insights.web.grid import GridRow, body, months_head, writer
from quoin.kernel.errors import invalid
from quoin.kernel.ids import public_id
from quoin.kernel.money import Money
from quoin.kernel.words import say

PAGE = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HUNDRED, _LOW, _HIGH = Decimal(100), Decimal(60), Decimal(100)


@dataclass(frozen=True, slots=True)
class Report:
    """A report of the library: the question it answers and what its numbers mean."""

    key: str
    title: str | Promise
    question: str | Promise
    definition: str | Promise
    figures: tuple[str, ...]
    icon: str


REPORTS = (
    Report(
        "hours-and-revenue", gettext_lazy("Hours and revenue"),
        gettext_lazy("What did each project take, and what did it earn, month by month?"),
        gettext_lazy("Hours are all recorded time. Revenue is what the books say is earned, in the firm's currency."),
        ("project.worked", "project.revenue"), "receivables",
    ),
    Report(
        "utilisation", gettext_lazy("Utilisation"),
        gettext_lazy("How much of their working time do people spend on billable work?"),
        gettext_lazy("Billable hours by capacity: the hours of the person's weekly pattern while employed."),
        ("person.billable", "time.capacity"), "people",
    ),
)  # fmt: skip


@page(VIEW_REPORTS)
def library(request: ActorRequest) -> HttpResponse:
    """All reports with the questions they answer."""
    context = {"title": _("Reports"), "area": _("Insight"), "reports": REPORTS}
    return respond.page(request, "insights/reports.html", context)


@page(VIEW_REPORTS)
def report_hours(request: ActorRequest) -> HttpResponse:
    """Hours and revenue by project and month."""
    months = months_of(request)
    rows = hours_and_revenue(request.actor, months)
    if (form := request.GET.get("format")) in {"csv", "xlsx"}:
        return _file("hours-and-revenue", _project_columns(), _project_lines(rows, months), str(form))
    show = request.GET.get("show", "revenue")
    if show not in {"revenue", "hours"}:
        raise invalid("/show", say("%(show)s is not shown here.", show=show), remedy="Use revenue or hours.")
    if show == "hours":
        rows = sorted((row for row in rows if any(row.minutes)), key=lambda row: (-sum(row.minutes), row.number))
    start = _start(request, len(rows))
    minutes, money = writer(viewer(request))
    write: Any = minutes if show == "hours" else money
    grid = [_project_row(row, months, write, show) for row in rows[start : start + PAGE]]
    context = _context(request, REPORTS[0], months, start=start, count=len(rows))
    context |= {
        "show": show,
        "shows": [("revenue", _("Revenue")), ("hours", _("Hours"))],
        "body": body(grid),
        "row_head": _("Project"),
        "foot": _project_totals(rows, show, write, months),
    }
    return respond.page(request, "insights/report.html", context)


@page(VIEW_REPORTS)
def report_utilisation(request: ActorRequest) -> HttpResponse:
    """Billable utilisation by person and month."""
    months = months_of(request)
    rows = utilisation(request.actor, months)
    if (form := request.GET.get("format")) in {"csv", "xlsx"}:
        return _file("utilisation", _person_columns(), _person_lines(rows, months), str(form))
    start = _start(request, len(rows))
    grid = [_person_row(row, months) for row in rows[start : start + PAGE]]
    width = len(months.all)
    billable = [sum(row.billable[index] for row in rows) for index in range(width)]
    capacity = [sum(row.capacity[index] for row in rows) for index in range(width)]
    context = _context(request, REPORTS[1], months, start=start, count=len(rows))
    foot = [_ratio(*pair) for pair in zip(billable, capacity, strict=True)]
    context |= {
        "body": body(grid),
        "row_head": _("Person"),
        "foot": [
            (
                _("All people"),
                "",
                [*_linked(foot, "firm.utilisation", months), (_ratio(sum(billable), sum(capacity)), "")],
            )
        ],
    }
    return respond.page(request, "insights/report.html", context)


def months_of(request: ActorRequest) -> Months:
    """The months asked for; the last twelve with time else."""
    first, last = _month(request, "from"), _month(request, "until")
    if first is not None and last is not None:
        return Months(first, last)
    known = known_months(request.actor)
    return Months(first or known.first, last or known.last)


def _month(request: ActorRequest, name: str) -> date | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        return date.fromisoformat(f"{text[:7]}-01")
    except ValueError:
        raise invalid(f"/{name}", say("%(text)s is not a month.", text=text), remedy="Write it as 2026-05.") from None


def _start(request: ActorRequest, count: int) -> int:
    text = request.GET.get("start", "0")
    start = int(text) if text.isdecimal() else 0
    return start if start < count else 0


def _context(request: ActorRequest, report: Report, months: Months, *, start: int, count: int) -> dict[str, Any]:
    kept = {name: text for name, text in request.GET.items() if name not in {"start", "format"} and text}
    earlier, later = start - PAGE, start + PAGE
    return {
        "title": report.title,
        "area": _("Reports"),
        "crumbs": ((_("Reports"), reverse("insights:reports")),),
        "report": report,
        "months": months,
        "heads": months_head(months.all, viewer(request).locale),
        "count": count,
        "first": start + 1 if count else 0,
        "last": min(start + PAGE, count),
        "earlier_url": f"?{urlencode(kept | {'start': str(earlier)})}" if earlier >= 0 else "",
        "later_url": f"?{urlencode(kept | {'start': str(later)})}" if later < count else "",
        "export_url": f"?{urlencode(kept)}&" if kept else "?",
    }


def _project_row(row: ProjectRow, months: Months, write: Any, show: str) -> GridRow:
    key, values = ("project.worked", row.minutes) if show == "hours" else ("project.revenue", row.amounts)
    base = f"/figures/{key}/lines?project={public_id('prj', row.id)}"
    cells = [(write(value), f"{base}&amp;month={month:%Y-%m}") for value, month in zip(values, months.all, strict=True)]
    total = (write(sum(values)), f"{base}&amp;from={months.first}&amp;until={months.until_on}")
    sub = " · ".join(filter(None, (row.number, row.client, row.currency if show == "revenue" else "")))
    url = reverse("projects:project", args=[row.number]) if row.number else ""
    return GridRow(row.name, sub, url, cells, total)


def _project_totals(rows: list[ProjectRow], show: str, write: Any, months: Months) -> list[Any]:
    if show == "hours":
        added = [sum(row.minutes[index] for row in rows) for index in range(len(months.all))]
        return [
            (
                _("All projects"),
                "",
                [*_linked([write(v) for v in added], "firm.worked", months), (write(sum(added)), "")],
            )
        ]
    found = []
    for currency in sorted({row.currency for row in rows if any(row.amounts)}):
        own = [row.amounts for row in rows if row.currency == currency]
        amounts = [sum(column, Decimal(0)) for column in zip(*own, strict=True)]
        cells = _linked([write(value) for value in amounts], "firm.revenue", months)
        found.append((_("All projects"), currency, [*cells, (write(sum(amounts, Decimal(0))), "")]))
    return found


def _linked(texts: list[str], key: str, months: Months) -> list[tuple[str, str]]:
    return [(text, f"/figures/{key}/lines?month={month:%Y-%m}") for text, month in zip(texts, months.all, strict=True)]


def _person_row(row: PersonRow, months: Months) -> GridRow:
    base = f"/figures/person.utilisation/lines?person={public_id('per', row.id)}"
    pairs = zip(row.billable, row.capacity, months.all, strict=True)
    cells = [(_ratio(billable, capacity), f"{base}&amp;month={month:%Y-%m}") for billable, capacity, month in pairs]
    total = (
        _ratio(sum(row.billable), sum(row.capacity)),
        f"{base}&amp;from={months.first}&amp;until={months.until_on}",
    )
    return GridRow(row.name, row.team, reverse("people:person", args=[public_id("per", row.id)]), cells, total)


def _ratio(billable: int, capacity: int) -> str:
    """Without capacity there is no ratio."""
    if not capacity:
        return ""
    percent = (Decimal(billable) * _HUNDRED / capacity).quantize(Decimal("0.1"))
    return f"{percent}%"


def _file(name: str, columns: tuple[Column, ...], lines: Iterator[dict[str, Any]], form: str) -> HttpResponse:
    sheet = Sheet(columns, lines)
    if form == "csv":
        response = HttpResponse("".join(sheet.csv()), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(sheet.xlsx(), content_type=_XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _project_columns() -> tuple[Column, ...]:
    return (
        Column(key="number", label=_("Number")),
        Column(key="name", label=_("Project")),
        Column(key="client", label=_("Client")),
        Column(key="month", label=_("Month"), kind=Kind.DAY),
        Column(key="minutes", label=_("Worked"), kind=Kind.MINUTES),
        Column(key="revenue", label=_("Revenue"), kind=Kind.MONEY),
    )


def _project_lines(rows: list[ProjectRow], months: Months) -> Iterator[dict[str, Any]]:
    for row in rows:
        for index, month in enumerate(months.all):
            if row.minutes[index] or row.amounts[index]:
                revenue = Money(row.amounts[index], row.currency)
                yield {
                    "number": row.number, "name": row.name, "client": row.client, "month": month,
                    "minutes": row.minutes[index], "revenue": revenue,
                }  # fmt: skip


def _person_columns() -> tuple[Column, ...]:
    return (
        Column(key="name", label=_("Person")),
        Column(key="month", label=_("Month"), kind=Kind.DAY),
        Column(key="worked", label=_("Worked"), kind=Kind.MINUTES),
        Column(key="billable", label=_("Billable"), kind=Kind.MINUTES),
        Column(key="capacity", label=_("Capacity"), kind=Kind.MINUTES),
    )


def _person_lines(rows: list[PersonRow], months: Months) -> Iterator[dict[str, Any]]:
    for row in rows:
        for index, month in enumerate(months.all):
            yield {
                "name": row.name, "month": month, "worked": row.worked[index], "billable": row.billable[index],
                "capacity": row.capacity[index],
            }  # fmt: skip
