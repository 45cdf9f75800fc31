"""The budget of a project beside actual, committed and remaining; every cell opens its lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.figures import FigureValue, Parameters
from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import respond
from quoin.insights.queries import budget as read
from quoin.insights.web.header import asked_if_allowed, key_figure
from quoin.projects.queries import VIEW as VIEW_PROJECTS
from quoin.projects.queries import project_by_number
from quoin.projects.queries.budgets import STATUSES, VIEW_BUDGETS, rights_on, versions_of
from quoin.projects.queries.frame import project_frame
from quoin.projects.types import BudgetStatus

_KEYS = (
    "project.budget_time", "project.worked", "project.budget_left", "project.budget_used", "project.budget_money_used",
)  # fmt: skip
_MOST_LINES = 500


@page(VIEW_PROJECTS)
def project_budget_tab(request: ActorRequest, number: str) -> HttpResponse:
    """The table in one measure and one grouping, and the versions that it stands on."""
    project = project_by_number(request.actor, number)
    by, measure = request.GET.get("by", "phase"), request.GET.get("measure", "minutes")
    found = read.grid(request.actor, project, by=by, measure=measure)
    values = [asked_if_allowed(request.actor, key, Parameters(project_id=project.id)) for key in _KEYS]
    versions = list(versions_of(request.actor, project)) if request.actor.may(VIEW_BUDGETS) else []
    context = project_frame(request.actor, project, current="budget") | {
        "figures": [key_figure(request, value) for value in values if value is not None and _says(value)],
        "grid": found, "unit": "minutes" if measure == "minutes" else "money",
        "columns": [column_words()[name] for name in found.columns],
        "rows": [(row, _cells(project, found, row)) for row in found.rows],
        "total": _cells(project, found, found.total),
        "bys": [(key, label, f"?{urlencode({'by': key, 'measure': measure})}") for key, label in _by_words()],
        "measures": [
            (key, label, f"?{urlencode({'by': by, 'measure': key})}")
            for key, label in _measure_words()
            if key in read.measures_for(request.actor, project)
        ],
        "versions": [(one, STATUSES[BudgetStatus(one.status)]) for one in versions],
        "draft": next((one for one in versions if one.status == BudgetStatus.DRAFT), None),
        "rights": rights_on(request.actor, project), "elsewhere": sorted(found.elsewhere.items()),
    }  # fmt: skip
    return respond.page(request, "insights/project_budget.html", context)


@page(VIEW_PROJECTS)
def budget_lines(request: ActorRequest, number: str) -> HttpResponse:
    """What one cell is made of."""
    project = project_by_number(request.actor, number)
    asked = {name: request.GET.get(name, "") for name in ("by", "measure", "column", "key")}
    asked = {"by": "phase", "measure": "minutes", "key": read.ALL} | {
        name: text for name, text in asked.items() if text
    }
    column = asked.get("column", "budget")
    found = read.cell_lines(
        request.actor, project, by=asked["by"], measure=asked["measure"], column=column, key=asked["key"]
    )
    words = column_words()
    currency = next((fact.currency for _part, _sign, fact in found.lines), project.currency)
    shown, rest = found.lines[:_MOST_LINES], found.lines[_MOST_LINES:]
    context = {
        "title": f"{words[column]} · {project.name}", "area": _("Projects"), "value": found.value,
        "definition": _definitions()[column], "unit": "minutes" if asked["measure"] == "minutes" else "money",
        "currency": currency, "is_sum": column in read.DERIVED,
        "lines": [(words[part], fact, sign * fact.value) for part, sign, fact in shown], "count": len(found.lines),
        "reason": "" if found.value is not None else _("no budget"),
        "rest": len(rest), "rest_value": sum((sign * fact.value for _part, sign, fact in rest), Decimal(0)),
        "as_of": request.actor.now,
    }  # fmt: skip
    return respond.page(request, "insights/budget_lines.html", context)


def _says(value: FigureValue) -> bool:
    return bool(value.sums or value.figure.nothing)


def _cells(project: Any, found: read.Grid, row: read.GridRow) -> list[tuple[Decimal | None, str, bool]]:
    """Value, where its lines are, whether it is bad news."""
    base = reverse("insights:budget_lines", args=[project.number])
    asked = {"by": found.by, "measure": found.measure, "key": row.key}
    return [
        (
            row.cells[name],
            f"{base}?{urlencode({**asked, 'column': name})}",
            name in {"remaining", "variance"} and (row.cells[name] or 0) < 0,
        )
        for name in found.columns
    ]


def column_words() -> dict[str, str]:
    """How the columns are called."""
    return {
        "baseline": _("Baseline"), "changes": _("Changes"), "budget": _("Budget"), "actual": _("Actual"),
        "committed": _("Committed"), "remaining": _("Remaining"), "left": _("Left to do"), "forecast": _("Forecast"),
        "variance": _("Variance"),
    }  # fmt: skip


def _definitions() -> dict[str, str]:
    return {
        "baseline": _("The first version of the budget that was kept."),
        "changes": _("The budget less the baseline: lines that were added, removed or changed since."),
        "budget": _("The last version that was kept; without one what is typed on the project."),
        "actual": _("Hours logged; for price and cost the approved time and expenses."),
        "committed": _("Firm bookings after today, at the rates of the first booked day of each month."),
        "remaining": _("Budget − actual − committed."),
        "left": _(
            "What somebody said is left of a task, or what its estimate leaves; for price and cost at the rate of who"
            " is on it, and with what budgeted expenses, purchases and deliveries leave."
        ),
        "forecast": _("Actual + left to do."),
        "variance": _("Budget − forecast; below zero: more than was budgeted."),
    }


def _by_words() -> list[tuple[str, str]]:
    return [
        ("phase", _("Phase")), ("task", _("Task")), ("role", _("Role")), ("month", _("Month")), ("kind", _("Kind")),
    ]  # fmt: skip


def _measure_words() -> list[tuple[str, str]]:
    return [("minutes", _("Hours")), ("amount", _("Price")), ("cost", _("Cost"))]
