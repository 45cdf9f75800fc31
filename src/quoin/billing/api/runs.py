"""Billing runs: preview, build, issue, discard."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse

from quoin.base.http.api import ApiIn, ApiRequest, Router, operation, respond_json, whole_list
from quoin.billing.actions.invoices import issue_run
from quoin.billing.actions.runs import build_run, discard_run
from quoin.billing.api.wire import ContractId, RunId
from quoin.billing.queries import invoices as queries
from quoin.billing.queries.run_plan import BUILD, Scope, preview_run
from quoin.billing.queries.said import invoice_out, issued_out, plan_out, run_out
from quoin.sales.types import LineGrouping

router = Router(tags=["billing"])


class RunIn(ApiIn):
    """What to bill: work up to a day, of some contracts or all."""

    work_until: date
    contract_ids: list[ContractId] | None = None
    grouping: LineGrouping | None = None


class IssueRunIn(ApiIn):
    """How many drafts are expected, and the day on the invoices."""

    count: int
    issue_on: date | None = None


@router.post("/billing-runs/preview", summary="What a billing run would write")
@operation(BUILD)
def preview_billing_run(request: ApiRequest, body: RunIn) -> HttpResponse:
    scope = Scope(
        work_until=body.work_until,
        contract_ids=None if body.contract_ids is None else tuple(body.contract_ids),
        grouping=body.grouping,
    )
    return respond_json(plan_out(preview_run(request.actor, scope)))


@router.post("/billing-runs", summary="Build a billing run")
@operation(BUILD, needs_key=True)
def build_billing_run(request: ApiRequest, body: RunIn) -> HttpResponse:
    built = build_run(request.actor, work_until=body.work_until, contract_ids=body.contract_ids, grouping=body.grouping)
    drafts = queries.drafts_of(request.actor, built.run) if request.actor.may(queries.VIEW) else ()
    return respond_json({**run_out(built.run), "drafts": [invoice_out(row) for row in drafts]}, status=201)


@router.get("/billing-runs", summary="List billing runs")
@operation(queries.VIEW)
def list_billing_runs(request: ApiRequest) -> HttpResponse:
    rows = [run_out(row) for row in queries.runs(request.actor)[:100]]
    return whole_list(rows)


@router.get("/billing-runs/{run_id}", summary="A billing run with its drafts")
@operation(queries.VIEW)
def get_billing_run(request: ApiRequest, run_id: RunId) -> HttpResponse:
    row = queries.run_for(request.actor, run_id)
    drafts = [invoice_out(draft) for draft in queries.drafts_of(request.actor, row)]
    return respond_json({**run_out(row), "drafts": drafts})


@router.post("/billing-runs/{run_id}/issue", summary="Issue the drafts of a run")
@operation("billing.run.issue", needs_key=True)
def issue_billing_run(request: ApiRequest, run_id: RunId, body: IssueRunIn) -> HttpResponse:
    found = issue_run(request.actor, run_id=run_id, count=body.count, issue_on=body.issue_on)
    return respond_json(issued_out(found))


@router.post("/billing-runs/{run_id}/discard", summary="Discard the drafts of a run")
@operation("billing.run.discard")
def discard_billing_run(request: ApiRequest, run_id: RunId) -> HttpResponse:
    return respond_json({"discarded": discard_run(request.actor, run_id=run_id)})
