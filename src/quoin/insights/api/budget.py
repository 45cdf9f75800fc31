"""A project's budget beside actual, committed and remaining over the API, with the lines of each cell."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query

from quoin.base.http.api import ApiIn, ApiRequest, PublicId, Router, operation, respond_json, whole_list
from quoin.insights.queries import budget as read
from quoin.kernel.money import Money
from quoin.projects.queries import VIEW, project_for

router = Router(tags=["budgets"])
ProjectId = Annotated[UUID, PublicId("prj")]


class CellIn(ApiIn):
    """Which cell: a column, the key of a row (or `all`), in which grouping and measure."""

    column: str
    key: str = read.ALL
    by: str = "phase"
    measure: str = "minutes"


@router.get("/projects/{project_id}/budget", summary="A project's budget, actual, committed and remaining")
@operation(VIEW)
def get_project_budget(
    request: ApiRequest, project_id: ProjectId, by: str = "phase", measure: str = "minutes"
) -> HttpResponse:
    """`by` phase, task, role, month or kind; `measure` minutes, amount or cost."""
    found = read.grid(request.actor, project_for(request.actor, project_id), by=by, measure=measure)
    return respond_json(
        {
            "measure": found.measure, "by": found.by, "columns": found.columns,
            "rows": [{"key": row.key, "label": row.label, **written(found, row)} for row in found.rows],
            "total": written(found, found.total),
            "elsewhere": [Money(value, currency).round() for currency, value in sorted(found.elsewhere.items())],
        }
    )  # fmt: skip


@router.get("/projects/{project_id}/budget/lines", summary="The lines of a cell of a project's budget")
@operation(VIEW)
def list_budget_cell_lines(request: ApiRequest, project_id: ProjectId, asked: Query[CellIn]) -> HttpResponse:
    """They add up to the cell; those you may not see one by one are one restricted line for each place."""
    project = project_for(request.actor, project_id)
    found = read.cell_lines(request.actor, project, **asked.model_dump())
    rows = [
        {
            "part": part, "label": fact.label, "on": fact.on, "who": fact.who, "is_restricted": fact.is_restricted,
            "value": _value(asked.measure, sign * fact.value, fact.currency),
        }
        for part, sign, fact in found.lines
    ]  # fmt: skip
    return whole_list(rows)


def written(found: read.Grid, row: read.GridRow) -> dict[str, Any]:
    """The cells of a row: minutes as a number, money with its currency; null where there is no budget."""
    return {name: _value(found.measure, row.cells[name], found.currency) for name in found.columns}


def _value(measure: str, value: Decimal | None, currency: str) -> int | Money | None:
    if value is None:
        return None
    return int(value) if measure == "minutes" else Money(value, currency).round()
