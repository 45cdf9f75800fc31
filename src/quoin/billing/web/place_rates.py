"""Rates of one project or contract: what is agreed there, a new version, and which rate applies to whom and why."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.actions import undo_token
from quoin.base.actor import Actor
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond, tabs
from quoin.billing.queries.place_rates import PlaceRates, card_of, rates_of_contract, rates_of_project
from quoin.catalog import queries as catalog
from quoin.catalog.actions.rates import NewRate, add_rates
from quoin.catalog.queries.choices import person_choices, role_choices
from quoin.projects.queries.frame import project_frame


class PlaceRateForm(forms.Form):
    """A rate from a day on, for everybody, a role or a person."""

    per_hour = forms.DecimalField(label=gettext_lazy("Per hour"), min_value=0, max_digits=13, decimal_places=6)
    from_on = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}))
    role_id = forms.TypedChoiceField(label=gettext_lazy("Role"), required=False, empty_value=None)
    person_id = forms.TypedChoiceField(
        label=gettext_lazy("Person"), required=False, empty_value=None,
        help_text=gettext_lazy("A person beats a role, a role beats everybody."),
    )  # fmt: skip

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choose in (("role_id", role_choices), ("person_id", person_choices)):
            chosen: Any = self.fields[name]
            chosen.choices = [("", _("any")), *choose(actor)]


@page(catalog.VIEW)
def project_rates(request: ActorRequest, number: str) -> HttpResponse:
    found = rates_of_project(request.actor, number)
    header = project_frame(request.actor, found.project, current="rates")
    return _page(request, found, header, reverse("billing:project_rate_new", args=[number]))


@page(catalog.VIEW)
def contract_rates(request: ActorRequest, pk: str) -> HttpResponse:
    found = rates_of_contract(request.actor, object_id("ctr", pk))
    contract = found.contract
    header = {
        "title": contract.name, "area": _("Contracts"), "number_text": contract.number,
        "crumbs": ((_("Contracts"), reverse("sales:contracts")),),
        "tabs": tabs.links("contract", request.actor, current="rates", arguments={"pk": pk}),
    }  # fmt: skip
    return _page(request, found, header, reverse("billing:contract_rate_new", args=[pk]))


def _page(request: ActorRequest, found: PlaceRates, header: dict[str, Any], new_url: str) -> HttpResponse:
    may_add = request.actor.may("catalog.rate.add") and found.is_billed
    context = {**header, "found": found, "new_url": new_url if may_add else ""}
    return respond.page(request, "billing/place_rates.html", context)


@page("catalog.rate.add", methods=("GET", "POST"))
def project_rate_new(request: ActorRequest, number: str) -> HttpResponse:
    found = rates_of_project(request.actor, number)
    back = reverse("billing:project_rates", args=[number])
    return _new(request, found, back, title=_("Rate on %(name)s") % {"name": found.project.name}, place="project_id")


@page("catalog.rate.add", methods=("GET", "POST"))
def contract_rate_new(request: ActorRequest, pk: str) -> HttpResponse:
    found = rates_of_contract(request.actor, object_id("ctr", pk))
    back = reverse("billing:contract_rates", args=[pk])
    return _new(request, found, back, title=_("Rate on %(name)s") % {"name": found.contract.name}, place="contract_id")


def _new(request: ActorRequest, found: PlaceRates, back: str, *, title: str, place: str) -> HttpResponse:
    form = PlaceRateForm(request.actor, request.POST or None, initial={"from_on": request.actor.today})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        who = {name: UUID(given[name]) for name in ("role_id", "person_id") if given[name]}
        with respond.refusals_on(form):
            card_id = card_of(found)
            rate = NewRate(per_hour=given["per_hour"], **{place: found.place_id}, **who)
            add_rates(request.actor, card_id=card_id, from_on=given["from_on"], rates=[rate])
            return respond.redirect_with_toast(request, back, _("Rate added"), undo=undo_token(request.actor))
    intro = _(
        "It beats the rates of the client and of the cards. Days before it keep their rate, and so does charged work."
    )
    return respond.form_page(request, form, title=title, verb=_("Add rate"), cancel_url=back, intro=intro)
