"""Status reports over the API."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import translation

from quoin.base.http.api import ApiRequest, Router, list_response, operation, respond_json
from quoin.governance import queries
from quoin.governance.actions import reports
from quoin.governance.adapters.report_pdf import report_pdf
from quoin.governance.api.bodies import DraftIn, ReportId, ReportPatch, TellIn
from quoin.governance.api.wire import report_out
from quoin.governance.queries.lists import REPORTS
from quoin.governance.queries.told import told_report

router = Router(tags=["governance"])


@router.get("/status-reports", summary="List status reports")
@operation(queries.VIEW_REPORTS)
def list_reports(request: ApiRequest) -> HttpResponse:
    return list_response(request, REPORTS, queries.visible_reports(request.actor), report_out)


@router.post("/status-reports", summary="Draft a status report from the facts")
@operation("governance.report.draft")
def draft_report(request: ApiRequest, body: DraftIn) -> HttpResponse:
    made = reports.draft_report(request.actor, **body.model_dump())
    return respond_json({**report_out(made), "facts": made.facts}, status=201)


@router.get("/status-reports/{report_id}", summary="A status report with its frozen facts")
@operation(queries.VIEW_REPORTS)
def get_report(request: ApiRequest, report_id: ReportId) -> HttpResponse:
    found = told_report(request.actor, report_id)
    return respond_json({**report_out(found), "facts": found.facts})


@router.get("/status-reports/{report_id}/pdf", summary="A status report as PDF, in the client's language")
@operation(queries.VIEW_REPORTS)
def get_report_pdf(request: ApiRequest, report_id: ReportId) -> HttpResponse:
    found = told_report(request.actor, report_id)
    with translation.override(found.project.client.language):
        response = HttpResponse(report_pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="status-{found.project.number}-{found.number}.pdf"'
    return response


@router.patch("/status-reports/{report_id}", summary="Edit the words of a draft")
@operation("governance.report.edit")
def edit_report(request: ApiRequest, report_id: ReportId, body: ReportPatch) -> HttpResponse:
    changed = reports.edit_report(request.actor, report_id=report_id, **body.model_dump(exclude_unset=True))
    return respond_json(report_out(changed))


@router.post("/status-reports/{report_id}/refresh", summary="Draft it anew from the facts as they are now")
@operation("governance.report.refresh")
def refresh_report(request: ApiRequest, report_id: ReportId) -> HttpResponse:
    changed = reports.refresh_report(request.actor, report_id=report_id)
    return respond_json({**report_out(changed), "facts": changed.facts})


@router.post("/status-reports/{report_id}/send", summary="Send it by mail; it stays as it is from then on")
@operation("governance.report.send")
def send_report(request: ApiRequest, report_id: ReportId, body: TellIn) -> HttpResponse:
    return respond_json(report_out(reports.send_report(request.actor, report_id=report_id, to=body.to)))


@router.post("/status-reports/{report_id}/keep", summary="Keep it as it is without telling anybody")
@operation("governance.report.keep")
def keep_report(request: ApiRequest, report_id: ReportId) -> HttpResponse:
    return respond_json(report_out(reports.keep_report(request.actor, report_id=report_id)))


@router.delete("/status-reports/{report_id}", summary="Drop a draft")
@operation("governance.report.drop")
def drop_report(request: ApiRequest, report_id: ReportId) -> HttpResponse:
    reports.drop_report(request.actor, report_id=report_id)
    return HttpResponse(status=204)
