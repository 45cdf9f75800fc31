"""Checklists that visits copy."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.field import actions, queries
from quoin.field.queries import acceptance as reads
from quoin.field.queries.lists import CHECKLISTS
from quoin.field.web.forms import ChecklistForm

_CREATE, _EDIT = "field.checklist.create", "field.checklist.edit"


@page(queries.VIEW)
def checklists(request: ActorRequest) -> HttpResponse:
    new = reverse("field:checklist_new") if request.actor.may(_CREATE) else ""
    screen = Screen(
        title=_("Checklists"),
        area=_("Work"),
        empty=Empty(
            text=_("A checklist says what to look at for a kind of equipment; visits copy it."), url=new,
            verb=_("Make a checklist") if new else "",
        ),
        row_url=(lambda row: reverse("field:checklist", args=[row.public_id])) if request.actor.may(_EDIT) else None,
        primary=Link(label=_("Make a checklist"), url=new, icon="plus") if new else None,
    )  # fmt: skip
    return list_page(request, CHECKLISTS, reads.checklists(request.actor), screen)


@page(_CREATE, methods=("GET", "POST"))
def new_checklist(request: ActorRequest) -> HttpResponse:
    form = ChecklistForm(request.POST or None)
    del form.fields["is_active"]
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            actions.create_checklist(request.actor, **form.values())
            return _back(request)
    back = reverse("field:checklists")
    return respond.form_page(request, form, title=_("Make a checklist"), verb=_("Save"), cancel_url=back)


@page(_EDIT, methods=("GET", "POST"))
def checklist(request: ActorRequest, pk: str) -> HttpResponse:
    found = reads.checklist_for(request.actor, object_id("ckl", pk))
    lines = "\n".join(f"{row.text}{' *' if row.needs_photo else ''}" for row in reads.lines_of_checklist(found))
    initial = {"name": found.name, "kind": found.kind, "lines": lines, "is_active": found.is_active}
    form = ChecklistForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            actions.edit_checklist(request.actor, checklist_id=found.id, **form.values())
            return _back(request)
    back = reverse("field:checklists")
    return respond.form_page(request, form, title=found.name, verb=_("Save"), cancel_url=back)


def _back(request: ActorRequest) -> HttpResponse:
    url = reverse("field:checklists")
    return respond.redirect_with_toast(request, url, _("Saved"), undo=undo_token(request.actor))
