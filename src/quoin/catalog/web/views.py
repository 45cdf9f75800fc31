"""Rate cards: the list, a card's grid of versions, new rates and new versions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.catalog import queries
from quoin.catalog.actions import rates as actions
from quoin.catalog.queries import choices
from quoin.catalog.queries.cards import RateLine, card_for, card_grid
from quoin.catalog.queries.cards import cards as visible_cards
from quoin.catalog.queries.lists import CARDS
from quoin.catalog.web.forms import CardForm, RateForm, VersionForm
from quoin.kernel.money import Money


@page(queries.VIEW)
def cards(request: ActorRequest) -> HttpResponse:
    may_add = request.actor.may("catalog.rate_card.create")
    new = reverse("catalog:card_new")
    screen = Screen(
        title=_("Rate cards"),
        area=_("Money"),
        empty=Empty(
            text=_("One company rate card is enough to start."),
            url=new if may_add else "",
            verb=_("New rate card") if may_add else "",
        ),
        row_url=lambda row: reverse("catalog:card", args=[row.public_id]),
        primary=Link(label=_("New rate card"), url=new, icon="plus") if may_add else None,
    )
    return list_page(request, CARDS, visible_cards(request.actor), screen)


@page(queries.VIEW)
def card(request: ActorRequest, pk: str) -> HttpResponse:
    grid = card_grid(request.actor, object_id("rca", pk))
    names = choices.names(request.actor)
    currency = grid.card.currency
    context: dict[str, Any] = {
        "title": grid.card.name,
        "area": _("Rate cards"),
        "number_text": _("company card") if grid.card.is_default else "",
        "crumbs": ((_("Rate cards"), reverse("catalog:cards")),),
        "card": grid.card,
        "dates": grid.dates,
        "lines": [(_who(line, names), _where(line, names), _cells(line, currency)) for line in grid.lines],
        "may_add": request.actor.may("catalog.rate.add"),
        "may_edit": request.actor.may("catalog.rate_card.update"),
        "may_remove": request.actor.may("catalog.rate.remove") and bool(grid.lines),
    }
    return respond.page(request, "catalog/card.html", context)


@page("catalog.rate_card.create", methods=("GET", "POST"))
def card_new(request: ActorRequest) -> HttpResponse:
    form = CardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            row = actions.create_rate_card(request.actor, **form.cleaned_data)
            url = reverse("catalog:card", args=[row.public_id])
            return respond.redirect_with_toast(request, url, _("%(name)s added") % {"name": row.name})
    back = reverse("catalog:cards")
    return respond.form_page(request, form, title=_("New rate card"), verb=_("Add rate card"), cancel_url=back)


@page("catalog.rate.add", methods=("GET", "POST"))
def rate_new(request: ActorRequest, pk: str) -> HttpResponse:
    card_id = card_for(request.actor, object_id("rca", pk)).id
    form = RateForm(request.actor, request.POST or None, initial={"from_on": request.actor.today})
    back = reverse("catalog:card", args=[pk])
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        keys = {name: UUID(found[name]) for name in ("role_id", "person_id", "client_id") if found[name]}
        with respond.refusals_on(form):
            rate = actions.NewRate(per_hour=found["per_hour"], **keys)
            actions.add_rates(request.actor, card_id=card_id, from_on=found["from_on"], rates=[rate])
            return respond.redirect_with_toast(request, back, _("Rate added"))
    return respond.form_page(request, form, title=_("New rate"), verb=_("Add rate"), cancel_url=back)


@page("catalog.rate.add", methods=("GET", "POST"))
def version_new(request: ActorRequest, pk: str) -> HttpResponse:
    """The effect of what is typed is shown by billing, which knows the work that is not billed yet."""
    grid = card_grid(request.actor, object_id("rca", pk))
    form = VersionForm(request.POST or None, initial={"from_on": request.actor.today})
    back = reverse("catalog:card", args=[pk])
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            rows = actions.add_rates(request.actor, card_id=grid.card.id, **form.cleaned_data)
            count = len(rows)
            text = ngettext("%(count)s rate changed", "%(count)s rates changed", count) % {"count": count}
            return respond.redirect_with_toast(request, back, text)
    context = {
        "form": form,
        "title": _("New version"),
        "verb": _("Change the rates"),
        "cancel_url": back,
        "intro": _("Every rate of the card changes from the day on. Nothing before it is touched."),
        "card": grid.card,
    }
    return respond.page(request, "catalog/version.html", context, status=422 if form.errors else 200)


def _who(line: RateLine, names: dict[str, str]) -> str:
    if line.key.person_id:
        return names.get(str(line.key.person_id), _("somebody who left"))
    return names[str(line.key.role_id)] if line.key.role_id else _("Everybody")


def _where(line: RateLine, names: dict[str, str]) -> str:
    if line.key.project_id:
        return _("one project")
    if line.key.contract_id:
        return _("one contract")
    return names.get(str(line.key.client_id), _("one client")) if line.key.client_id else ""


def _cells(line: RateLine, currency: str) -> list[tuple[Money | None, bool]]:
    return [
        (None if row is None else Money(row.amount_per_hour, currency), row is not None and row == line.current)
        for row in line.versions
    ]
