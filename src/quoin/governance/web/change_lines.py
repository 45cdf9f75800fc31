"""The lines of a draft: one form for each kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.governance import queries
from quoin.governance.actions import change_lines as actions
from quoin.governance.web.forms import ExtendLineForm, PeopleLineForm, PriceLineForm, TaskLineForm, minutes_of
from quoin.kernel.errors import NotFound

LINE_FORMS: dict[str, tuple[Callable[..., forms.Form], Any]] = {
    "add_task": (TaskLineForm, _lazy("Add a task")),
    "extend_task": (ExtendLineForm, _lazy("Extend a task")),
    "price": (PriceLineForm, _lazy("Add a price")),
    "people": (PeopleLineForm, _lazy("Ask for people")),
}


@page("governance.change_line.add", methods=("GET", "POST"))
def add(request: ActorRequest, pk: str, line_kind: str) -> HttpResponse:
    if line_kind not in LINE_FORMS:
        raise NotFound("There is nothing at this address.")
    change = queries.change_for(request.actor, object_id("cho", pk))
    make, verb = LINE_FORMS[line_kind]
    form = make(request.actor, change.project, request.POST or None)
    back = reverse("governance:change", args=[pk])
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if value not in {None, ""}}
        if "hours" in given:
            given["minutes"] = minutes_of(given.pop("hours"))
        with respond.refusals_on(form):
            actions.add_line(request.actor, order_id=change.id, kind=line_kind, **given)
            return respond.redirect_with_toast(request, back, _("Line added"), undo=undo_token(request.actor))
    return respond.form_page(request, form, title=verb, verb=verb, cancel_url=back)


@page("governance.change_line.remove", methods=("POST",))
def remove(request: ActorRequest, pk: str, order_line: str) -> HttpResponse:
    actions.remove_line(request.actor, order_line_id=object_id("chl", order_line))
    url = reverse("governance:change", args=[pk])
    return respond.redirect_with_toast(request, url, _("Line removed"), undo=undo_token(request.actor))
