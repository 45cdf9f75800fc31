"""Budgets over the API: versions of a project, their lines, what changed between two."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query

from quoin.base.http.api import ApiIn, ApiRequest, PublicId, Router, operation, respond_json, whole_list
from quoin.kernel.errors import invalid
from quoin.kernel.ids import public_id
from quoin.kernel.money import Money
from quoin.projects import queries
from quoin.projects.actions import budgets as actions
from quoin.projects.queries import budgets as read
from quoin.projects.queries.budgets import VIEW_BUDGETS
from quoin.projects.rules.budgets import Change, Totals, compare, totals

router = Router(tags=["budgets"])
ProjectId = Annotated[UUID, PublicId("prj")]
BudgetId = Annotated[UUID, PublicId("bgv")]
LineId = Annotated[UUID, PublicId("bgl")]
TaskId = Annotated[UUID, PublicId("tsk")]
JobRoleId = Annotated[UUID, PublicId("job")]


class DraftIn(ApiIn):
    """What the draft begins from: the current budget, the plan, or nothing."""

    source: str = "current"


class LineIn(ApiIn):
    """A line. `key` is the same in every version; give it back to keep a line what it is."""

    key: UUID | None = None
    kind: str = "work"
    text: str = ""
    task_id: TaskId | None = None
    job_role_id: JobRoleId | None = None
    month_on: date | None = None
    minutes: int = 0
    amount: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)


class LinesIn(ApiIn):
    """Lines, in their order."""

    lines: list[LineIn]


class LinePatch(ApiIn):
    """What changes of a line."""

    kind: str | None = None
    text: str | None = None
    task_id: TaskId | None = None
    job_role_id: JobRoleId | None = None
    month_on: date | None = None
    minutes: int | None = None
    amount: Decimal | None = None
    cost: Decimal | None = None


class KeepIn(ApiIn):
    """Why the budget is so, and from which day it counts."""

    reason: str = ""
    valid_on: date | None = None


@router.get("/projects/{project_id}/budgets", summary="Versions of a project's budget")
@operation(VIEW_BUDGETS)
def list_budgets(request: ApiRequest, project_id: ProjectId) -> HttpResponse:
    project = queries.project_for(request.actor, project_id)
    rows = [version_out(row) for row in read.versions_of(request.actor, project)]
    return whole_list(rows)


@router.post("/projects/{project_id}/budgets", summary="Begin a draft of a budget")
@operation("projects.budget.draft")
def draft_budget(request: ApiRequest, project_id: ProjectId, body: DraftIn) -> HttpResponse:
    made = actions.draft_budget(request.actor, project_id=project_id, source=body.source)
    return _answer(request, made.id, status=201)


@router.get("/budgets/{budget_id}", summary="A version of a budget with its lines")
@operation(VIEW_BUDGETS)
def get_budget(request: ApiRequest, budget_id: BudgetId) -> HttpResponse:
    return _answer(request, budget_id)


@router.delete("/budgets/{budget_id}", summary="Discard a draft of a budget")
@operation("projects.budget.discard")
def discard_budget(request: ApiRequest, budget_id: BudgetId) -> HttpResponse:
    actions.discard_budget(request.actor, budget_id=budget_id)
    return HttpResponse(status=204)


@router.put("/budgets/{budget_id}/lines", summary="Write all lines of a draft")
@operation("projects.budget.write")
def write_budget(request: ApiRequest, budget_id: BudgetId, body: LinesIn) -> HttpResponse:
    actions.write_budget(request.actor, budget_id=budget_id, lines=_given(body))
    return _answer(request, budget_id)


@router.post("/budgets/{budget_id}/lines", summary="Add lines to a draft")
@operation("projects.budget.add")
def add_budget_lines(request: ApiRequest, budget_id: BudgetId, body: LinesIn) -> HttpResponse:
    actions.add_budget_lines(request.actor, budget_id=budget_id, lines=_given(body))
    return _answer(request, budget_id, status=201)


@router.patch("/budget-lines/{line_id}", summary="Edit a line of a draft")
@operation("projects.budget.edit")
def edit_budget_line(request: ApiRequest, line_id: LineId, body: LinePatch) -> HttpResponse:
    line = actions.edit_budget_line(request.actor, budget_line_id=line_id, **body.model_dump(exclude_unset=True))
    return _answer(request, line.version_id)


@router.delete("/budget-lines/{line_id}", summary="Take a line out of a draft")
@operation("projects.budget.drop")
def drop_budget_line(request: ApiRequest, line_id: LineId) -> HttpResponse:
    actions.drop_budget_line(request.actor, budget_line_id=line_id)
    return HttpResponse(status=204)


@router.post("/budgets/{budget_id}/keep", summary="Keep a draft as a version")
@operation("projects.budget.keep")
def keep_budget(request: ApiRequest, budget_id: BudgetId, body: KeepIn) -> HttpResponse:
    return _answer(request, actions.keep_budget(request.actor, budget_id=budget_id, **body.model_dump()).id)


@router.post("/budgets/{budget_id}/reopen", summary="Open the last version of a budget again")
@operation("projects.budget.reopen")
def reopen_budget(request: ApiRequest, budget_id: BudgetId) -> HttpResponse:
    return _answer(request, actions.reopen_budget(request.actor, budget_id=budget_id).id)


@router.get("/budgets/{budget_id}/compare", summary="What changed from another version to this one")
@operation(VIEW_BUDGETS)
def compare_budgets(
    request: ApiRequest, budget_id: BudgetId, base: Annotated[BudgetId, Query(alias="with")]
) -> HttpResponse:
    found, other = read.version_for(request.actor, budget_id), read.version_for(request.actor, base)
    if found.project_id != other.project_id:
        raise invalid("/with", "Two versions of the same project are compared.")
    sees = read.sees_cost(request.actor, found.project)
    before, after = read.lines_of(other), read.lines_of(found)
    was, becomes = read.entries(before), read.entries(after)
    named = {row.key: row for row in (*before, *after)}
    changes = compare(was, becomes)
    return respond_json(
        {
            "from": _totals(totals(was), found, sees),
            "to": _totals(totals(becomes), found, sees),
            "changes": [_change(one, found, named, sees) for one in changes],
        }
    )


def _given(body: LinesIn) -> list[dict[str, Any]]:
    return [one.model_dump(exclude_unset=True) for one in body.lines]


def _answer(request: ApiRequest, budget_id: UUID, *, status: int = 200) -> HttpResponse:
    found = read.version_for(request.actor, budget_id)
    lines, sees = read.lines_of(found), read.sees_cost(request.actor, found.project)
    told = {
        **version_out(found),
        "totals": _totals(totals(read.entries(lines)), found, sees),
        "lines": [line_out(row, found, sees) for row in lines],
    }
    return respond_json(told, status=status)


def version_out(row: Any) -> dict[str, Any]:
    """A version on the wire, without its lines."""
    return {
        "id": row.public_id, "project_id": public_id("prj", row.project_id), "number": row.number,
        "status": row.status, "reason": row.reason, "valid_on": row.valid_on, "kept_at": row.kept_at,
        "kept_by": row.kept_by.name if row.kept_by else None, "currency": row.currency,
        "change_order_id": public_id("cho", row.source_id) if row.source_id else None,
    }  # fmt: skip


def line_out(row: Any, version: Any, sees: bool) -> dict[str, Any]:
    """A line on the wire; its cost only for who may read it."""
    told = {
        "id": row.public_id, "key": row.key, "kind": row.kind, "text": row.text, "task": row.task_name,
        "task_id": public_id("tsk", row.task_id) if row.task_id else None,
        "job_role_id": public_id("job", row.job_role_id) if row.job_role_id else None, "month_on": row.month_on,
        "minutes": row.minutes, "amount": Money(row.amount, version.currency).round(),
    }  # fmt: skip
    return told | ({"cost": Money(row.cost, version.cost_currency).round()} if sees else {})


def _totals(found: Totals, version: Any, sees: bool) -> dict[str, Any]:
    told = {"minutes": found.minutes, "amount": Money(found.amount, version.currency).round()}
    return told | ({"cost": Money(found.cost, version.cost_currency).round()} if sees else {})


def _change(one: Change, version: Any, named: dict[UUID, Any], sees: bool) -> dict[str, Any]:
    entry = one.after or one.before
    assert entry is not None
    row = named[entry.key]
    changed = [name for name in one.changed if sees or name != "cost"]
    return {
        "key": entry.key, "how": one.how, "text": read.line_name(row), "changed": changed,
        "difference": _totals(one.difference, version, sees),
    }  # fmt: skip
