"""Deliveries: the list, the project's tab, one delivery with what a new day would do."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoin.base.actions import undo_token
from quoin.base.actor import Actor
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.field import actions, queries
from quoin.field.queries.acceptance import visible_certificates
from quoin.field.queries.lists import ACCEPTANCE_STATUSES, DELIVERIES, DELIVERY_STATUSES, VISIT_STATUSES
from quoin.field.queries.slip import Slip, risk_of, slip_of
from quoin.field.rules.steps import DAY_FIELDS, next_delivery_statuses
from quoin.field.types import DeliveryStatus
from quoin.field.web.effect import effect_facts
from quoin.field.web.forms import DateForm, DeliveryForm, NewDeliveryForm, ProjectPick
from quoin.projects.queries import project_by_number
from quoin.projects.queries.frame import project_frame

_CREATE, _DATE, _STEP = "field.delivery.create", "field.delivery.date", "field.delivery.step"
_STEPS = tuple(one for one in DeliveryStatus if one is not DeliveryStatus.CANCELLED)


@page(queries.VIEW)
def deliveries(request: ActorRequest) -> HttpResponse:
    may_add = request.actor.may(_CREATE)
    screen = Screen(
        title=_("Deliveries"),
        area=_("Work"),
        empty=_empty(reverse("field:delivery_new") if may_add else ""),
        row_url=lambda row: reverse("field:delivery", args=[row.public_id]),
        row_meaning=lambda row: "danger" if is_late(request.actor, row) else "",
        primary=Link(label=_("Add delivery"), url=reverse("field:delivery_new"), icon="plus") if may_add else None,
    )
    return list_page(request, DELIVERIES, queries.visible_deliveries(request.actor), screen)


@page(queries.VIEW)
def project_tab(request: ActorRequest, number: str) -> HttpResponse:
    """The deliveries and visits of a project, with the days that are left."""
    project = project_by_number(request.actor, number)
    rows = queries.visible_deliveries(request.actor).filter(project=project.id)
    visits = queries.visible_visits(request.actor).filter(project=project.id)
    context = project_frame(request.actor, project, current="deliveries") | {
        "deliveries": [
            (row, DELIVERY_STATUSES[row.status], risk_of(row), is_late(request.actor, row)) for row in rows
        ],
        "visits": [(row, VISIT_STATUSES[row.status]) for row in visits[:200]],
        "add_url": f"{reverse('field:delivery_new')}?project={project.number}" if request.actor.may(_CREATE) else "",
        "visit_url": f"{reverse('field:visit_new')}?project={project.number}"
        if request.actor.may("field.visit.create")
        else "",
    }  # fmt: skip
    return respond.page(request, "field/tab.html", context)


def is_late(actor: Actor, row: Any) -> bool:
    """Whether the goods should be there and are not."""
    return (
        row.arrived_on is None
        and row.status != "cancelled"
        and row.expected_on is not None
        and row.expected_on < actor.today
    )


@page(_CREATE, methods=("GET", "POST"))
def new_delivery(request: ActorRequest) -> HttpResponse:
    project = _asked_project(request)
    if project is None:
        return pick_project(request, title=_("Add a delivery"))
    form = NewDeliveryForm(request.actor, project, request.POST or None)
    back = reverse("field:project_tab", args=[project.number])
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            made = actions.create_delivery(request.actor, project_id=project.id, **form.cleaned_data)
            url = reverse("field:delivery", args=[made.public_id])
            return respond.redirect_with_toast(request, url, _("%(item)s added") % {"item": made.item})
    title = _("Add a delivery to %(name)s") % {"name": project.name}
    return respond.form_page(request, form, title=title, verb=_("Add delivery"), cancel_url=back)


def _asked_project(request: ActorRequest) -> Any | None:
    number = request.GET.get("project", "")
    return project_by_number(request.actor, number) if number else None


def pick_project(request: ActorRequest, *, title: str) -> HttpResponse:
    """The first step of a form that depends on the project."""
    context = {"form": ProjectPick(request.actor), "title": title, "verb": _("Go on")}
    return respond.page(request, "field/pick.html", context)


@page("field.delivery.edit", methods=("GET", "POST"))
def edit_delivery(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.delivery_for(request.actor, object_id("dlv", pk))
    names = (
        "item", "kind", "supplier", "order_number", "quantity", "unit", "task_id", "site_id", "milestone_id",
        "warranty_months", "note",
    )  # fmt: skip
    initial = {name: getattr(found, name) for name in names}
    form = DeliveryForm(request.actor, found.project, request.POST or None, initial=initial, delivery=found)
    back = reverse("field:delivery", args=[pk])
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            actions.edit_delivery(request.actor, delivery_id=found.id, **form.cleaned_data)
            return respond.redirect_with_toast(request, back, _("Saved"), undo=undo_token(request.actor))
    return respond.form_page(
        request, form, title=_("Edit %(item)s") % {"item": found.item}, verb=_("Save"), cancel_url=back
    )


@page(queries.VIEW)
def delivery(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.delivery_for(request.actor, object_id("dlv", pk))
    form = DateForm(initial={"expected_on": found.expected_on})
    return respond.page(request, "field/delivery.html", _context(request, found, form))


@page(queries.VIEW)
def effect(request: ActorRequest, pk: str) -> HttpResponse:
    """The effect bar of a day that somebody looks at, before they say it."""
    found = queries.delivery_for(request.actor, object_id("dlv", pk))
    form = DateForm(request.GET)
    day: date | None = (
        form.cleaned_data.get("expected_on") if form.is_valid() or "expected_on" in form.cleaned_data else None
    )
    slip = slip_of(request.actor, found, day) if day and day != found.expected_on else None
    return respond.page(request, "field/_effect.html", _effect(request.actor, slip))


def _effect(actor: Actor, slip: Slip | None) -> dict[str, Any]:
    return {"slip": slip, "facts": effect_facts(slip, actor.locale) if slip else ()}


@page(_DATE, methods=("POST",))
def date_delivery(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.delivery_for(request.actor, object_id("dlv", pk))
    form = DateForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        kept: dict[str, Any] = {"changes": [], "visits": [], "bookings": []} if given["is_plan_kept"] else {}
        with respond.refusals_on(form):
            actions.date_delivery(
                request.actor, delivery_id=found.id, expected_on=given["expected_on"], reason=given["reason"], **kept
            )
            url = reverse("field:delivery", args=[pk])
            text = _("Expected day changed") if kept else _("Expected day changed, plan and draft visits with it")
            return respond.redirect_with_toast(request, url, text, undo=undo_token(request.actor))
    return respond.page(request, "field/delivery.html", _context(request, found, form), status=422)


@page(_STEP, methods=("POST",))
def step(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.delivery_for(request.actor, object_id("dlv", pk))
    actions.step_delivery(
        request.actor, delivery_id=found.id, status=request.POST.get("status", ""), on=request.POST.get("on") or None,
        accepted_by=request.POST.get("accepted_by", ""), reason=request.POST.get("reason", ""),
    )  # fmt: skip
    return respond.redirect_with_toast(request, reverse("field:delivery", args=[pk]), _("Saved"))


@page("field.unit.add", methods=("POST",))
def add_units(request: ActorRequest, pk: str) -> HttpResponse:
    """Serial numbers as pasted: one a line, or separated by commas, semicolons or tabs."""
    found = queries.delivery_for(request.actor, object_id("dlv", pk))
    pasted = request.POST.get("serial_numbers", "")
    for sign in ",;\t\r":
        pasted = pasted.replace(sign, "\n")
    added = actions.add_units(request.actor, delivery_id=found.id, serial_numbers=pasted.split("\n"))
    text = ngettext("%(count)d serial number added", "%(count)d serial numbers added", added) % {"count": added}
    return respond.redirect_with_toast(request, reverse("field:delivery", args=[pk]), text)


@page("field.unit.remove", methods=("POST",))
def remove_unit(request: ActorRequest, pk: str, unit: str) -> HttpResponse:
    actions.remove_unit(request.actor, unit_id=object_id("unt", unit))
    url = reverse("field:delivery", args=[pk])
    return respond.redirect_with_toast(request, url, _("Serial number removed"), undo=undo_token(request.actor))


def _context(request: ActorRequest, found: Any, form: DateForm) -> dict[str, Any]:
    actor = request.actor
    status = DeliveryStatus(found.status)
    days = {"ordered": found.promised_on} | {key.value: getattr(found, name) for key, name in DAY_FIELDS.items()}
    reached = _STEPS.index(status) if status in _STEPS else -1
    said = actor.today if found.arrived_on is None else None
    return {
        "title": found.item,
        "number_text": f"{found.project.number}/{found.number}",
        "area": _("Deliveries"),
        "crumbs": ((_("Deliveries"), reverse("field:deliveries")),),
        "status": DELIVERY_STATUSES[found.status],
        "delivery": found,
        "steps": [
            (DELIVERY_STATUSES[one.value].label, days.get(one.value), number <= reached, number == reached)
            for number, one in enumerate(_STEPS)
        ],
        "next_steps": [(one.value, DELIVERY_STATUSES[one.value].label) for one in next_delivery_statuses(status)]
        if actor.may(_STEP)
        else [],
        "dates": queries.dates_of(found),
        "units": queries.units_of(found),
        "visits": [(row, VISIT_STATUSES[row.status]) for row in _visits(actor, found)],
        "certificates": [
            (row, ACCEPTANCE_STATUSES["withdrawn" if row.is_withdrawn else "valid"])  # type: ignore[attr-defined]  # annotated
            for row in visible_certificates(actor).filter(delivery=found)
        ],
        "may_accept": actor.may("field.acceptance.issue") and DeliveryStatus.ACCEPTED in next_delivery_statuses(status),
        "risk": risk_of(found),
        "form": form if said and actor.may(_DATE) and status is not DeliveryStatus.CANCELLED else None,
        "facts": (),
        "may_edit": actor.may("field.delivery.edit"),
        "may_add_units": actor.may("field.unit.add"),
        "may_remove_units": actor.may("field.unit.remove"),
    }


def _visits(actor: Actor, found: Any) -> list[Any]:
    return list(queries.visits_carrying(actor, found))


def _empty(url: str) -> Empty:
    return Empty(
        text=_("List equipment with a promised date; the plan warns when it slips."),
        url=url,
        verb=_("Add delivery") if url else "",
    )
