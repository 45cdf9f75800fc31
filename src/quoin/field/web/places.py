"""Sites of clients, and the equipment that crews share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.field import actions, queries
from quoin.field.queries.lists import EQUIPMENT, SITES
from quoin.field.web.forms import EquipmentForm, NewSiteForm, SiteForm
from quoin.kernel.errors import NotFound

_SITE = (
    "name", "street", "postal_code", "city", "country", "latitude", "longitude", "contact_name", "contact_phone",
    "access_note",
)  # fmt: skip
_EQUIPMENT = ("name", "kind", "registration", "certificate_id", "is_active")


@page(queries.VIEW)
def sites(request: ActorRequest) -> HttpResponse:
    may_edit = request.actor.may("field.site.edit")
    new = reverse("field:site_new") if request.actor.may("field.site.create") else ""
    screen = Screen(
        title=_("Sites"),
        area=_("Work"),
        empty=Empty(
            text=_("Sites are where crews go: plants, shops, offices."), url=new, verb=_("Add a site") if new else ""
        ),
        row_url=(lambda row: reverse("field:site", args=[row.public_id])) if may_edit else None,
        primary=Link(label=_("Add a site"), url=new, icon="plus") if new else None,
    )
    return list_page(request, SITES, queries.visible_sites(request.actor), screen)


@page("field.site.create", methods=("GET", "POST"))
def new_site(request: ActorRequest) -> HttpResponse:
    form = NewSiteForm(request.actor, request.POST or None)

    def make(values: dict[str, Any]) -> object:
        return actions.create_site(request.actor, **values)

    return _answer(request, form, make, title=_("Add a site"), back=reverse("field:sites"))


@page("field.site.edit", methods=("GET", "POST"))
def site(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.site_for(request.actor, object_id("sit", pk))
    form = SiteForm(request.POST or None, initial={name: getattr(found, name) for name in _SITE})

    def save(values: dict[str, Any]) -> object:
        return actions.edit_site(request.actor, site_id=found.id, **values)

    return _answer(request, form, save, title=found.name, back=reverse("field:sites"))


@page(queries.VIEW)
def equipment(request: ActorRequest) -> HttpResponse:
    may_edit = request.actor.may("field.equipment.edit")
    new = reverse("field:equipment_new") if request.actor.may("field.equipment.create") else ""
    screen = Screen(
        title=_("Equipment"),
        area=_("Work"),
        empty=Empty(
            text=_("Vans, cranes and tool sets that one crew at a time can have."), url=new,
            verb=_("Add equipment") if new else "",
        ),
        row_url=(lambda row: reverse("field:equipment_edit", args=[row.public_id])) if may_edit else None,
        primary=Link(label=_("Add equipment"), url=new, icon="plus") if new else None,
    )  # fmt: skip
    return list_page(request, EQUIPMENT, queries.shared_equipment(request.actor), screen)


@page("field.equipment.create", methods=("GET", "POST"))
def new_equipment(request: ActorRequest) -> HttpResponse:
    form = EquipmentForm(request.POST or None)

    def make(values: dict[str, Any]) -> object:
        return actions.create_equipment(request.actor, **values)

    return _answer(request, form, make, title=_("Add equipment"), back=reverse("field:equipment"))


@page("field.equipment.edit", methods=("GET", "POST"))
def edit_equipment(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.shared_equipment(request.actor).filter(id=object_id("eqp", pk)).first()
    if found is None:
        raise NotFound("There is no such equipment.")
    form = EquipmentForm(request.POST or None, initial={name: getattr(found, name) for name in _EQUIPMENT})

    def save(values: dict[str, Any]) -> object:
        return actions.edit_equipment(request.actor, equipment_id=found.id, **values)

    return _answer(request, form, save, title=found.name, back=reverse("field:equipment"))


def _answer(
    request: ActorRequest, form: forms.Form, do: Callable[[dict[str, Any]], object], *, title: str, back: str
) -> HttpResponse:
    """The form, or what comes of it."""
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            do(form.cleaned_data)
            return respond.redirect_with_toast(request, back, _("Saved"), undo=undo_token(request.actor))
    return respond.form_page(request, form, title=title, verb=_("Save"), cancel_url=back)
