"""List of people, a person's page with hours and costs, and the forms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond, tabs
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.people import actions, queries
from quoin.people.queries.lists import PEOPLE
from quoin.people.types import FULL_WEEK
from quoin.people.web.forms import CostRateForm, PatternForm, PersonForm

_MINUTES_PER_HOUR = 60


@page(queries.VIEW)
def people(request: ActorRequest) -> HttpResponse:
    may_add = request.actor.may("people.person.create")
    new = reverse("people:new")
    screen = Screen(
        title=_("People"),
        area=_("People"),
        empty=Empty(
            text=_("Nobody yet. Add people, or import them with their time."),
            url=new if may_add else "",
            verb=_("New person") if may_add else "",
        ),
        row_url=lambda person: reverse("people:person", args=[person.public_id]),
        links=(
            Link(label=_("Teams"), url=reverse("people:teams")),
            Link(label=_("Job roles"), url=reverse("people:job_roles")),
        ),
        primary=Link(label=_("New person"), url=new, icon="plus") if may_add else None,
    )
    return list_page(request, PEOPLE, queries.visible_people(request.actor), screen)


@page(queries.VIEW)
def person(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.person_for(request.actor, object_id("per", pk))
    may_see_cost = request.actor.may(queries.VIEW_COST)
    context: dict[str, Any] = {
        "title": found.name,
        "area": _("People"),
        "crumbs": ((_("People"), reverse("people:people")),),
        "tabs": tabs.links("person", request.actor, current="overview", arguments={"pk": pk}),
        "person": found,
        "patterns": sorted(queries.patterns_of(found.id), key=lambda pattern: pattern.valid_from, reverse=True),
        "rates": queries.cost_rates(request.actor, found.id) if may_see_cost else None,
        "may_edit": request.actor.may("people.person.edit"),
        "may_set_hours": request.actor.may("people.work_pattern.set"),
        "may_set_cost": request.actor.may("people.cost_rate.set"),
        "may_delete_cost": request.actor.may("people.cost_rate.delete"),
    }
    return respond.page(request, "people/person.html", context)


@page("people.person.create", methods=("GET", "POST"))
def new(request: ActorRequest) -> HttpResponse:
    form = PersonForm(request.actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            made = actions.create_person(request.actor, **form.cleaned_data)
            url = reverse("people:person", args=[made.public_id])
            return respond.redirect_with_toast(request, url, _("%(name)s added") % {"name": made.name})
    return respond.form_page(
        request, form, title=_("New person"), verb=_("Add person"), cancel_url=reverse("people:people")
    )


@page("people.person.edit", methods=("GET", "POST"))
def edit(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.person_for(request.actor, object_id("per", pk))
    initial = {name: getattr(found, name) for name in PersonForm.base_fields}
    form = PersonForm(request.actor, request.POST or None, initial=initial)
    form.fields["entity_id"].disabled = True
    back = reverse("people:person", args=[pk])
    if request.method == "POST" and form.is_valid():
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        with respond.refusals_on(form):
            if changed:
                actions.edit_person(request.actor, person_id=found.id, **changed)
            return respond.redirect_with_toast(request, back, _("Saved"))
    return respond.form_page(
        request, form, title=_("Edit %(name)s") % {"name": found.name}, verb=_("Save"), cancel_url=back
    )


@page("people.cost_rate.set", methods=("GET", "POST"))
def set_cost_rate(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.person_for(request.actor, object_id("per", pk))
    form = CostRateForm(
        request.POST or None, initial={"valid_from": request.actor.today, "currency": found.entity.currency}
    )
    back = reverse("people:person", args=[pk])
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            actions.set_cost_rate(request.actor, person_id=found.id, **form.cleaned_data)
            return respond.redirect_with_toast(request, back, _("Cost rate set"))
    intro = _("Time before this day keeps the cost it has. Approved time is never re-priced.")
    return respond.form_page(request, form, title=_("New cost rate"), verb=_("Set rate"), cancel_url=back, intro=intro)


@page("people.cost_rate.delete", methods=("POST",))
def delete_cost_rate(request: ActorRequest, pk: str) -> HttpResponse:
    """The last one; those before it are history."""
    rate = queries.last_cost_rate(request.actor, object_id("per", pk))
    actions.delete_cost_rate(request.actor, cost_rate_id=rate.id)
    back = reverse("people:person", args=[pk])
    return respond.redirect_with_toast(request, back, _("Cost rate deleted"), undo=undo_token(request.actor))


@page("people.work_pattern.set", methods=("GET", "POST"))
def set_pattern(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.person_for(request.actor, object_id("per", pk))
    now = max(queries.patterns_of(found.id), key=lambda pattern: pattern.valid_from, default=None)
    week = now.weekday_minutes if now else FULL_WEEK
    initial: dict[str, Any] = {
        f"day{index}": Decimal(minutes) / _MINUTES_PER_HOUR for index, minutes in enumerate(week)
    }
    form = PatternForm(request.POST or None, initial={**initial, "valid_from": request.actor.today})
    back = reverse("people:person", args=[pk])
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            actions.set_work_pattern(
                request.actor,
                person_id=found.id,
                valid_from=form.cleaned_data["valid_from"],
                weekday_minutes=form.weekday_minutes(),
            )
            return respond.redirect_with_toast(request, back, _("Working hours set"))
    return respond.form_page(request, form, title=_("Working hours"), verb=_("Set hours"), cancel_url=back)
