"""Visits from the planner's side: the list, the forms, publishing and cancelling."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.field import actions, queries
from quoin.field.queries.lists import VISITS
from quoin.field.web.forms import PlanForm, VisitForm, as_planned
from quoin.field.web.goods import pick_project
from quoin.projects.queries import project_by_number

_CREATE, _PLAN = "field.visit.create", "field.visit.plan"


@page(queries.VIEW)
def visits(request: ActorRequest) -> HttpResponse:
    new = reverse("field:visit_new") if request.actor.may(_CREATE) else ""
    screen = Screen(
        title=_("Visits"),
        area=_("Work"),
        empty=Empty(
            text=_("No visits yet. A visit is a crew at a site for some hours."), url=new,
            verb=_("Plan a visit") if new else "",
        ),
        row_url=lambda row: reverse("field:visit", args=[row.public_id]),
        primary=Link(label=_("Plan a visit"), url=new, icon="plus") if new else None,
    )  # fmt: skip
    return list_page(request, VISITS, queries.visible_visits(request.actor), screen)


@page(_CREATE, methods=("GET", "POST"))
def new_visit(request: ActorRequest) -> HttpResponse:
    number = request.GET.get("project", "")
    if not number:
        return pick_project(request, title=_("Plan a visit"))
    project = project_by_number(request.actor, number)
    form = VisitForm(request.actor, project, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            made = actions.create_visit(request.actor, project_id=project.id, **form.values())
            return _back(request, made, _("Visit planned; it waits for a time and a crew"))
    title = _("Plan a visit for %(name)s") % {"name": project.name}
    back = reverse("field:project_tab", args=[project.number])
    return respond.form_page(request, form, title=title, verb=_("Plan a visit"), cancel_url=back)


@page("field.visit.edit", methods=("GET", "POST"))
def edit_visit(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.visit_for(request.actor, object_id("vis", pk))
    form = VisitForm(request.actor, found.project, request.POST or None, initial=_as_told(found))
    form.fields["site_id"].disabled = True
    # The copy was made when the visit was planned; its lines stand below.
    del form.fields["checklist_id"]
    if request.method == "POST" and form.is_valid():
        given = form.values()
        given.pop("site_id")
        if "checklist" not in form.changed_data:
            given.pop("checklist")
        with respond.refusals_on(form):
            actions.edit_visit(request.actor, visit_id=found.id, **given)
            return _back(request, found, _("Saved"))
    back = reverse("field:visit", args=[pk])
    return respond.form_page(request, form, title=found.title, verb=_("Save"), cancel_url=back)


def _as_told(found: Any) -> dict[str, Any]:
    names = (
        "title", "site_id", "task_id", "earliest_on", "latest_on", "work_minutes", "crew_size", "certificate_id",
        "instructions",
    )  # fmt: skip
    lines = [f"{line.text}{' *' if line.needs_photo else ''}" for line in queries.checks_of(found)]
    return {
        **{name: getattr(found, name) for name in names},
        "checklist": "\n".join(lines),
        "deliveries": [str(one.id) for one in queries.goods_of(found)],
    }


@page(_PLAN, methods=("GET", "POST"))
def plan_visit(request: ActorRequest, pk: str) -> HttpResponse:
    """Time, crew and equipment by form: the twin of the dispatch board."""
    found = queries.visit_for(request.actor, object_id("vis", pk))
    form = PlanForm(request.actor, request.POST or None, initial=as_planned(request.actor, found))
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            actions.plan_visit(request.actor, visit_id=found.id, **form.values())
            return _back(request, found, _("Planned"))
    title = _("Time and crew of %(title)s") % {"title": found.title}
    back = reverse("field:visit", args=[pk])
    return respond.form_page(request, form, title=title, verb=_("Plan"), cancel_url=back)


@page("field.visit.publish", methods=("POST",))
def publish(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.visit_for(request.actor, object_id("vis", pk))
    actions.publish_visits(request.actor, visit_ids=[found.id])
    return _back(request, found, _("Published to the crew"))


@page("field.visit.unpublish", methods=("POST",))
def unpublish(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.visit_for(request.actor, object_id("vis", pk))
    actions.unpublish_visit(request.actor, visit_id=found.id)
    return _back(request, found, _("Taken back to draft"))


@page("field.visit.cancel", methods=("POST",))
def cancel(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.visit_for(request.actor, object_id("vis", pk))
    actions.cancel_visit(request.actor, visit_id=found.id, reason=request.POST.get("reason", ""))
    return _back(request, found, _("Visit cancelled"))


def _back(request: ActorRequest, found: Any, text: str) -> HttpResponse:
    url = reverse("field:visit", args=[found.public_id])
    return respond.redirect_with_toast(request, url, text, undo=undo_token(request.actor))
