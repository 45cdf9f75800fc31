"""Deliverables of a project and their acceptance by the client."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.projects import queries
from quoin.projects.actions.plan import sign_deliverable, withdraw_deliverable
from quoin.projects.queries.plan import VIEW_PLAN
from quoin.projects.types import TaskKind
from quoin.projects.web.plan import may_change
from quoin.projects.web.views import project_context


@page(VIEW_PLAN)
def deliverables(request: ActorRequest, number: str) -> HttpResponse:
    found = queries.project_by_number(request.actor, number)
    context = project_context(request, found, current="plan")
    context["rows"] = queries.tasks_of(found).filter(kind=TaskKind.DELIVERABLE).select_related("sign_file")
    context["may_change"] = may_change(request, found)
    return respond.page(request, "projects/deliverables.html", context)


@page("projects.deliverable.sign", methods=("POST",))
def sign(request: ActorRequest, pk: str) -> HttpResponse:
    task = queries.task_for(request.actor, object_id("tsk", pk))
    paper = request.FILES.get("paper")
    signed = sign_deliverable(
        request.actor, task_id=task.id, signed_by=request.POST.get("signed_by", ""), note=request.POST.get("note", ""),
        file_name=(paper.name or "") if paper else "", file_content=paper.read() if paper else b"",
    )  # fmt: skip
    text = _("%(name)s accepted by %(who)s") % {"name": signed.name, "who": signed.signed_by}
    url = reverse("projects:deliverables", args=[task.project.number])
    return respond.redirect_with_toast(request, url, text, undo=undo_token(request.actor))


@page(VIEW_PLAN)
def paper(request: ActorRequest, pk: str) -> HttpResponse:
    """What the client signed."""
    found = queries.paper_of(request.actor, object_id("tsk", pk))
    response = HttpResponse(bytes(found.content), content_type=found.content_type)
    response["Content-Disposition"] = f'attachment; filename="{found.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@page("projects.deliverable.withdraw", methods=("POST",))
def withdraw(request: ActorRequest, pk: str) -> HttpResponse:
    task = queries.task_for(request.actor, object_id("tsk", pk))
    withdraw_deliverable(request.actor, task_id=task.id, reason=request.POST.get("reason", ""))
    url = reverse("projects:deliverables", args=[task.project.number])
    return respond.redirect_with_toast(request, url, _("Acceptance withdrawn"))
