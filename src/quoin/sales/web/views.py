"""List of contracts, the contract's page, and its forms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond, tabs
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.kernel.errors import invalid
from quoin.kernel.money import Money
from quoin.sales import queries
from quoin.sales.actions import contracts as actions
from quoin.sales.queries.contracts import contract_for
from quoin.sales.queries.contracts import contracts as visible_contracts
from quoin.sales.queries.contracts import milestones as milestones_of
from quoin.sales.queries.lists import CONTRACTS, KINDS, STATUSES
from quoin.sales.queries.words import rate_order, terms_words
from quoin.sales.web.forms import ContractForm, MilestonesForm, NewContractForm

_FIELDS = tuple(ContractForm.base_fields)


@page(queries.VIEW)
def contracts(request: ActorRequest) -> HttpResponse:
    may_add = request.actor.may("sales.contract.create")
    new = reverse("sales:contract_new")
    screen = Screen(
        title=_("Contracts"),
        area=_("Money"),
        empty=Empty(
            text=_("No contracts yet."),
            detail=_("A contract says how a client's work is billed. One company rate card is enough to start."),
            url=new if may_add else "",
            verb=_("New contract") if may_add else "",
        ),
        row_url=lambda row: reverse("sales:contract", args=[row.public_id]),
        primary=Link(label=_("New contract"), url=new, icon="plus") if may_add else None,
    )
    return list_page(request, CONTRACTS, visible_contracts(request.actor), screen)


@page(queries.VIEW)
def contract(request: ActorRequest, pk: str) -> HttpResponse:
    row = contract_for(request.actor, object_id("ctr", pk))
    parts = milestones_of(request.actor, row.id)
    context: dict[str, Any] = {
        "title": row.name,
        "area": _("Contracts"),
        "number_text": row.number,
        "crumbs": ((_("Contracts"), reverse("sales:contracts")),),
        "status": STATUSES[row.status],
        "tabs": tabs.links("contract", request.actor, current="overview", arguments={"pk": pk}),
        "contract": row,
        "kind": KINDS[row.kind],
        "terms": terms_words(row),
        "rate_order": rate_order(row),
        "milestones": [(part, Money(part.amount, row.currency).round()) for part in parts],
        "may_edit": request.actor.may("sales.contract.update") and row.status != "closed",
        "may_reach": request.actor.may("sales.milestone.reach"),
    }
    return respond.page(request, "sales/contract.html", context)


@page("sales.contract.create", methods=("GET", "POST"))
def contract_new(request: ActorRequest) -> HttpResponse:
    form = NewContractForm(
        request.actor,
        request.POST or None,
        initial={"starts_on": request.actor.today, "currency": "EUR", "client_id": request.GET.get("client", "")},
    )
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        client_id, entity_id = UUID(fields.pop("client_id")), UUID(fields.pop("entity_id"))
        with respond.refusals_on(form):
            row = actions.create_contract(request.actor, client_id=client_id, entity_id=entity_id, **fields)
            url = reverse("sales:contract", args=[row.public_id])
            return respond.redirect_with_toast(request, url, _("%(name)s added") % {"name": row.name})
    back = reverse("sales:contracts")
    return respond.form_page(request, form, title=_("New contract"), verb=_("Add contract"), cancel_url=back)


@page("sales.contract.update", methods=("GET", "POST"))
def contract_edit(request: ActorRequest, pk: str) -> HttpResponse:
    row = contract_for(request.actor, object_id("ctr", pk))
    form = ContractForm(request.actor, request.POST or None, initial={name: getattr(row, name) for name in _FIELDS})
    back = reverse("sales:contract", args=[pk])
    if request.method == "POST" and form.is_valid():
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        with respond.refusals_on(form):
            if changed:
                actions.update_contract(request.actor, contract_id=row.id, **changed)
            return respond.redirect_with_toast(request, back, _("Saved"))
    title = _("Edit %(name)s") % {"name": row.name}
    return respond.form_page(request, form, title=title, verb=_("Save"), cancel_url=back)


@page("sales.contract.close", methods=("POST",))
def contract_close(request: ActorRequest, pk: str) -> HttpResponse:
    row = contract_for(request.actor, object_id("ctr", pk))
    is_open = row.status != "closed"
    actions.close_contract(request.actor, contract_id=row.id, is_closed=is_open)
    text = _("Closed") if is_open else _("Open again")
    return respond.redirect_with_toast(request, reverse("sales:contract", args=[pk]), text)


@page("sales.milestone.plan", methods=("GET", "POST"))
def milestones(request: ActorRequest, pk: str) -> HttpResponse:
    row = contract_for(request.actor, object_id("ctr", pk))
    waiting = [part for part in milestones_of(request.actor, row.id) if part.reached_on is None]
    lines = "\n".join(
        "; ".join(filter(None, (part.name, f"{part.amount.normalize():f}", str(part.due_on or "")))) for part in waiting
    )
    form = MilestonesForm(
        request.POST or None,
        initial={"lines": lines, "bills_on_due_day": any(part.bills_on_due_day for part in waiting)},
    )
    back = reverse("sales:contract", args=[pk])
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            plans = _plans(form.cleaned_data["lines"], is_schedule=form.cleaned_data["bills_on_due_day"])
            actions.plan_milestones(request.actor, contract_id=row.id, milestones=plans)
            return respond.redirect_with_toast(request, back, _("Saved"))
    return respond.form_page(request, form, title=_("Milestones"), verb=_("Save"), cancel_url=back)


@page("sales.milestone.reach", methods=("POST",))
def reach(request: ActorRequest, pk: str, milestone: str) -> HttpResponse:
    contract_for(request.actor, object_id("ctr", pk))
    row = actions.reach_milestone(request.actor, milestone_id=object_id("mil", milestone))
    text = _("%(name)s is reached and can be billed") % {"name": row.name}
    return respond.redirect_with_toast(request, reverse("sales:contract", args=[pk]), text)


@page("sales.milestone.unreach", methods=("POST",))
def unreach(request: ActorRequest, pk: str, milestone: str) -> HttpResponse:
    contract_for(request.actor, object_id("ctr", pk))
    row = actions.unreach_milestone(request.actor, milestone_id=object_id("mil", milestone))
    text = _("%(name)s is open again") % {"name": row.name}
    return respond.redirect_with_toast(request, reverse("sales:contract", args=[pk]), text)


def _plans(text: str, *, is_schedule: bool) -> list[actions.MilestonePlan]:
    plans = []
    for number, line in enumerate(filter(None, (line.strip() for line in text.splitlines())), 1):
        name, amount, day = [*(part.strip() for part in line.split(";")), "", ""][:3]
        try:
            due_on = date.fromisoformat(day) if day else None
            plans.append(
                actions.MilestonePlan(name=name, amount=Decimal(amount), due_on=due_on, bills_on_due_day=is_schedule)
            )
        except (InvalidOperation, ValueError):
            raise invalid(
                "/lines", _("Line %(number)s: write it as Design; 4000; 2026-05-31.") % {"number": number}
            ) from None
    return plans
