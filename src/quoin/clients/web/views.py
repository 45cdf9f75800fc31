"""List of clients, the client's page, and its forms."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import keyfigures, respond
from quoin.base.ui.filling import Sheet, answer
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.clients import actions, queries
from quoin.clients.queries.frame import client_frame
from quoin.clients.queries.lists import CLIENTS
from quoin.clients.web.forms import ClientForm, ContactForm

_FIELDS = tuple(ClientForm.base_fields)


@page(queries.VIEW)
def clients(request: ActorRequest) -> HttpResponse:
    may_add = request.actor.may("clients.client.create")
    new = reverse("clients:new")
    screen = Screen(
        title=_("Clients"),
        area=_("Work"),
        empty=Empty(
            text=_("No clients yet: add or import them."),
            url=new if may_add else "",
            verb=_("New client") if may_add else "",
        ),
        row_url=lambda client: reverse("clients:client", args=[client.public_id]),
        primary=Link(label=_("New client"), url=new, icon="plus") if may_add else None,
    )
    return list_page(request, CLIENTS, queries.visible_clients(request.actor), screen)


@page(queries.VIEW)
def client(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.client_for(request.actor, object_id("cli", pk))
    context = client_frame(request.actor, found, current="overview") | {
        "figures": keyfigures.of("client", request, found),
        "contacts": queries.contacts_of(found),
        "may_edit": request.actor.may("clients.client.edit"),
        "may_add_contact": request.actor.may("clients.contact.create"),
        "may_edit_contact": request.actor.may("clients.contact.edit"),
        "may_delete_contact": request.actor.may("clients.contact.delete"),
    }
    return respond.page(request, "clients/client.html", context)


@page("clients.client.create", methods=("GET", "POST"))
def new(request: ActorRequest) -> HttpResponse:
    form = ClientForm(
        request.actor, request.POST or None, initial={"language": "en", "payment_days": 30, "is_active": True}
    )
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            made = actions.create_client(request.actor, **form.cleaned_data)
            url = reverse("clients:client", args=[made.public_id])
            return respond.redirect_with_toast(request, url, _("%(name)s added") % {"name": made.name})
    return respond.form_page(
        request, form, title=_("New client"), verb=_("Add client"), cancel_url=reverse("clients:clients")
    )


@page("clients.client.edit", methods=("GET", "POST"))
def edit(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.client_for(request.actor, object_id("cli", pk))
    form = ClientForm(request.actor, request.POST or None, initial={name: getattr(found, name) for name in _FIELDS})
    back = reverse("clients:client", args=[pk])
    if request.method == "POST" and form.is_valid():
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        with respond.refusals_on(form):
            if changed:
                actions.edit_client(request.actor, client_id=found.id, **changed)
            return respond.redirect_with_toast(request, back, _("Saved"))
    return respond.form_page(
        request, form, title=_("Edit %(name)s") % {"name": found.name}, verb=_("Save"), cancel_url=back
    )


@page("clients.contact.create", methods=("GET", "POST"))
def new_contact(request: ActorRequest, pk: str) -> HttpResponse:
    found = queries.client_for(request.actor, object_id("cli", pk))
    form = ContactForm(request.POST or None)
    back = reverse("clients:client", args=[pk])
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            actions.create_contact(request.actor, client_id=found.id, **form.cleaned_data)
            return respond.redirect_with_toast(request, back, _("Contact added"))
    return respond.form_page(request, form, title=_("New contact"), verb=_("Add contact"), cancel_url=back)


@page("clients.contact.edit", methods=("GET", "POST"))
def edit_contact(request: ActorRequest, pk: str, contact: str) -> HttpResponse:
    queries.client_for(request.actor, object_id("cli", pk))
    found = queries.contact_for(request.actor, object_id("con", contact))
    form = ContactForm(request.POST or None, initial={name: getattr(found, name) for name in ContactForm.base_fields})
    back = reverse("clients:client", args=[pk])

    def run() -> object:
        return actions.edit_contact(request.actor, contact_id=found.id, **form.cleaned_data)

    title = _("Edit %(name)s") % {"name": found.name}
    return answer(request, form, run, Sheet(title=title, verb=_("Save"), back=back, done=_("Saved")))


@page("clients.contact.delete", methods=("POST",))
def delete_contact(request: ActorRequest, pk: str, contact: str) -> HttpResponse:
    queries.client_for(request.actor, object_id("cli", pk))
    actions.delete_contact(request.actor, contact_id=queries.contact_for(request.actor, object_id("con", contact)).id)
    return respond.redirect_with_toast(
        request, reverse("clients:client", args=[pk]), _("Contact deleted"), undo=undo_token(request.actor)
    )
