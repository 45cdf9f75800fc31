"""Status reports: the archive, a project's tab, the editor of a draft, and what was told with its frozen figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import formats, respond
from quoin.base.ui.lists import Empty, Screen, list_page
from quoin.clients.queries import contacts_of
from quoin.governance import queries
from quoin.governance.actions import reports as actions
from quoin.governance.adapters.report_pdf import report_pdf
from quoin.governance.queries.lists import CHANGE_STATUSES, HEALTHS, REPORT_STATUSES, REPORTS
from quoin.governance.queries.told import told_report
from quoin.governance.types import ReportStatus
from quoin.governance.web.forms import ReportForm
from quoin.kernel.errors import NotFound
from quoin.kernel.money import Money
from quoin.projects.queries import project_by_number
from quoin.projects.queries.frame import project_frame

_DRAFT, _EDIT, _SEND = "governance.report.draft", "governance.report.edit", "governance.report.send"


@page(queries.VIEW_REPORTS)
def reports(request: ActorRequest) -> HttpResponse:
    screen = Screen(
        title=_("Status reports"),
        area=_("Work"),
        empty=Empty(
            text=_("No reports yet. Open a project and draft one: it fills itself from the facts."),
            url=reverse("projects:projects"), verb=_("Open projects"),
        ),
        row_url=lambda row: reverse("governance:report", args=[row.public_id]),
    )  # fmt: skip
    return list_page(request, REPORTS, queries.visible_reports(request.actor), screen)


@page(queries.VIEW_REPORTS)
def project_tab(request: ActorRequest, number: str) -> HttpResponse:
    project = project_by_number(request.actor, number)
    rows = queries.visible_reports(request.actor).filter(project=project.id)
    context = project_frame(request.actor, project, current="reports") | {
        "rows": [(row, REPORT_STATUSES[row.status], HEALTHS[row.health]) for row in rows],
        "draft_url": reverse("governance:report_new", args=[number]) if request.actor.may(_DRAFT) else "",
        "today": request.actor.today.isoformat(),
    }
    return respond.page(request, "governance/reports_tab.html", context)


@page(_DRAFT, methods=("POST",))
def draft(request: ActorRequest, number: str) -> HttpResponse:
    project = project_by_number(request.actor, number)
    made = actions.draft_report(
        request.actor, project_id=project.id, as_of=request.POST.get("as_of") or None,
        money=request.POST.get("money", "hours"),
    )  # fmt: skip
    url = reverse("governance:report", args=[made.public_id])
    return respond.redirect_with_toast(
        request, url, _("Drafted from the facts: read it, change the words, send it"), undo=undo_token(request.actor)
    )


@page(queries.VIEW_REPORTS, methods=("GET", "POST"))
def report(request: ActorRequest, pk: str) -> HttpResponse:
    """A draft is edited; what was told is read."""
    found = told_report(request.actor, object_id("srp", pk))
    is_edited = found.status == ReportStatus.DRAFT and request.actor.may(_EDIT)
    initial = {name: getattr(found, name) for name in ReportForm.base_fields}
    form = ReportForm(request.POST or None, initial=initial) if is_edited else None
    if request.method == "POST" and form is not None and form.is_valid():
        with respond.refusals_on(form):
            actions.edit_report(request.actor, report_id=found.id, **form.cleaned_data)
            url = reverse("governance:report", args=[pk])
            return respond.redirect_with_toast(request, url, _("Saved"), undo=undo_token(request.actor))
    status = 422 if form is not None and form.is_bound else 200
    return respond.page(request, "governance/report.html", _context(request, found, form), status=status)


def _context(request: ActorRequest, found: Any, form: ReportForm | None) -> dict[str, Any]:
    facts, actor = found.facts, request.actor
    may_send = found.status == ReportStatus.DRAFT and actor.may(_SEND)
    return {
        "title": _("Status of %(day)s") % {"day": formats.day(found.as_of, actor.locale)},
        "number_text": f"{found.project.number}/{found.number}",
        "area": found.project.name,
        "crumbs": (
            (found.project.name, reverse("projects:project", args=[found.project.number])),
            (_("Reports"), reverse("governance:project_reports", args=[found.project.number])),
        ),
        "status": REPORT_STATUSES[found.status],
        "report": found,
        "health": HEALTHS[found.health],
        "form": form,
        "progress": Decimal(facts["progress"]),
        "used": Decimal(facts["used"]) if facts.get("used") else None,
        "ends_on": _day(facts.get("ends_on")),
        "frozen": [(one, _value(one)) for one in facts["figures"]],
        "milestones": [_dated(one) for one in facts["milestones"]],
        "slipped": [_dated(one) for one in facts["slipped"]],
        "raid": [
            (one, _money(one, "expected"), _MEANINGS[one["severity"]])
            for one in facts["raid"]
        ],
        "changes": [
            (one, CHANGE_STATUSES[one["status"]], _money(one, "price"))
            for one in facts["changes"]
        ],
        "may_send": may_send,
        "may_refresh": form is not None and actor.may("governance.report.refresh"),
        "may_drop": form is not None and actor.may("governance.report.drop"),
        "may_keep": may_send and actor.may("governance.report.keep"),
        "contacts": [one for one in contacts_of(found.project.client) if one.email] if may_send else [],
    }  # fmt: skip


_MEANINGS = {"high": "danger", "middle": "warning", "low": "neutral", "": "neutral"}


def _money(one: dict[str, Any], name: str) -> Money | None:
    return Money(Decimal(one[name]), one["currency"]) if one[name] else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _dated(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "due_on": _day(one["due_on"]), "was_due_on": _day(one["was_due_on"])}


def _value(one: dict[str, Any]) -> list[tuple[str, Any]]:
    """The frozen sums as (kind, value)."""
    if one["unit"] == "money":
        return [("money", Money(Decimal(amount), currency)) for currency, amount in one["sums"].items()]
    total = Decimal(one["sums"].get("", "0"))
    return [("minutes", int(total)) if one["unit"] == "minutes" else ("number", total)]


@page(queries.VIEW_REPORTS)
def frozen(request: ActorRequest, pk: str, figure_key: str) -> HttpResponse:
    """The lines of a figure as they were when the report was drafted."""
    found = told_report(request.actor, object_id("srp", pk))
    one = next((row for row in found.facts["figures"] if row["key"] == figure_key), None)
    if one is None:
        raise NotFound("The report has no such figure.")
    context = {
        "title": one["label"],
        "area": _("As of %(day)s") % {"day": formats.day(found.as_of, request.actor.locale)},
        "crumbs": ((_("Report %(number)s") % {"number": found.number}, reverse("governance:report", args=[pk])),),
        "value": _value(one),
        "lines": [{**line, "on": _day(line["on"]), "shown": _shown(one["unit"], line)} for line in one["lines"]],
    }
    return respond.page(request, "governance/report_figure.html", context)


def _shown(unit: str, line: dict[str, Any]) -> tuple[str, Any]:
    value = Decimal(line["value"])
    if unit == "money":
        return "money", Money(value, line["currency"])
    return ("minutes", int(value)) if unit == "minutes" else ("number", value)


@page(queries.VIEW_REPORTS)
def printed(request: ActorRequest, pk: str) -> HttpResponse:
    """The report as PDF, in the client's language."""
    found = told_report(request.actor, object_id("srp", pk))
    with translation.override(found.project.client.language):
        content = report_pdf(found)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"status-{found.project.number}-{found.number}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@page("governance.report.refresh", methods=("POST",))
def refresh(request: ActorRequest, pk: str) -> HttpResponse:
    money = request.POST.get("money") or None
    actions.refresh_report(request.actor, report_id=object_id("srp", pk), money=money)
    return respond.redirect_with_toast(request, reverse("governance:report", args=[pk]), _("Drafted anew"))


@page(_SEND, methods=("POST",))
def send(request: ActorRequest, pk: str) -> HttpResponse:
    """To the chosen contacts and whoever else is named."""
    typed = request.POST.get("others", "").replace(";", ",").split(",")
    actions.send_report(request.actor, report_id=object_id("srp", pk), to=[*request.POST.getlist("to"), *typed])
    return respond.redirect_with_toast(request, reverse("governance:report", args=[pk]), _("Sent, and kept as it is"))


@page("governance.report.keep", methods=("POST",))
def keep(request: ActorRequest, pk: str) -> HttpResponse:
    actions.keep_report(request.actor, report_id=object_id("srp", pk))
    return respond.redirect_with_toast(request, reverse("governance:report", args=[pk]), _("Kept as it is"))


@page("governance.report.drop", methods=("POST",))
def drop(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.report_for(request.actor, object_id("srp", pk))
    actions.drop_report(request.actor, report_id=found.id)
    url = reverse("governance:project_reports", args=[found.project.number])
    return respond.redirect_with_toast(request, url, _("Draft dropped"))
