"""Which rate applies, what a new version changes, and how much of a contract is used: what catalog cannot know."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.billing.queries.choices import person_choices, project_choices
from quoin.billing.queries.rates import explain_rate, version_effects
from quoin.billing.queries.use import contract_usage
from quoin.catalog import queries as catalog
from quoin.catalog.queries.cards import card_for, version_plan
from quoin.catalog.types import PercentChange
from quoin.kernel.errors import DomainError
from quoin.sales import queries as sales


class TesterForm(forms.Form):
    """Who, where, when."""

    person = forms.ChoiceField(label=gettext_lazy("Person"))
    project = forms.ChoiceField(label=gettext_lazy("Project"))
    on = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))


@page(catalog.VIEW)
def rate_tester(request: ActorRequest) -> HttpResponse:
    asked = request.GET.copy()
    contract = asked.pop("contract", [""])[0]
    asked.setdefault("on", request.actor.today.isoformat())
    form = TesterForm(asked if "person" in asked else None, initial={"on": request.actor.today})
    people: Any = form.fields["person"]
    projects: Any = form.fields["project"]
    people.choices = person_choices(request.actor)
    projects.choices = project_choices(request.actor, contract_id=object_id("ctr", contract) if contract else None)
    answer = None
    if form.is_valid():
        found = form.cleaned_data
        answer = explain_rate(
            request.actor, project_id=UUID(found["project"]), person_id=UUID(found["person"]), on=found["on"]
        )
    context = {
        "title": _("Which rate applies?"),
        "area": _("Rate cards"),
        "form": form,
        "answer": answer,
        "path": [(step, answer.names[step.row.id]) for step in answer.choice.path] if answer else [],
    }
    return respond.page(request, "billing/rate_tester.html", context)


@page("catalog.rate.add")
def rate_effect(request: ActorRequest, pk: str) -> HttpResponse:
    """The fragment beside the form of a new version."""
    context: dict[str, Any] = {}
    card_id = card_for(request.actor, object_id("rca", pk)).id
    try:
        from_on = date.fromisoformat(request.GET.get("from_on", ""))
        percent = PercentChange(Decimal(request.GET.get("percent", "").replace(",", ".")))
    except (ValueError, InvalidOperation):
        return respond.page(request, "billing/_rate_effect.html", context)
    try:
        planned = version_plan(request.actor, card_id=card_id, from_on=from_on, percent=percent, rates={})
        context = {
            "planned": len(planned),
            "from_on": from_on,
            "effects": version_effects(request.actor, card_id=card_id, planned=planned, from_on=from_on),
        }
    except DomainError as error:
        context = {"error": error.detail}
    return respond.page(request, "billing/_rate_effect.html", context)


@page(sales.VIEW)
def contract_use(request: ActorRequest, pk: str) -> HttpResponse:
    """The fragment on a contract's page."""
    context = {"usage": contract_usage(request.actor, object_id("ctr", pk))}
    return respond.page(request, "billing/_contract_use.html", context)
