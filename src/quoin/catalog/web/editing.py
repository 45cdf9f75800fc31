"""Changing a rate card itself: its name, and whether it is the company's; taking its last version away."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.catalog.actions import rates as actions
from quoin.catalog.queries.cards import card_for, last_version


class CardEditForm(forms.Form):
    """What may be changed of a card; its currency stays."""

    name = forms.CharField(label=gettext_lazy("Name"))
    is_default = forms.BooleanField(
        label=gettext_lazy("The company card"), required=False,
        help_text=gettext_lazy("Prices all work that has no rate of its own."),
    )  # fmt: skip


@page("catalog.rate_card.update", methods=("GET", "POST"))
def card_edit(request: ActorRequest, pk: str) -> HttpResponse:
    row = card_for(request.actor, object_id("rca", pk))
    form = CardEditForm(request.POST or None, initial={"name": row.name, "is_default": row.is_default})
    back = reverse("catalog:card", args=[pk])
    if request.method == "POST" and form.is_valid():
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        with respond.refusals_on(form):
            if changed:
                actions.update_rate_card(request.actor, card_id=row.id, **changed)
            return respond.redirect_with_toast(request, back, _("Saved"), undo=undo_token(request.actor))
    title = _("Edit %(name)s") % {"name": row.name}
    return respond.form_page(request, form, title=title, verb=_("Save"), cancel_url=back)


@page("catalog.rate.remove", methods=("POST",))
def version_remove(request: ActorRequest, pk: str) -> HttpResponse:
    """Take the version that starts last away; the rates before it go on."""
    row = card_for(request.actor, object_id("rca", pk))
    count = actions.remove_rates(request.actor, rate_ids=last_version(request.actor, row.id).rate_ids)
    text = ngettext("%(count)s rate removed", "%(count)s rates removed", count) % {"count": count}
    return respond.redirect_with_toast(request, reverse("catalog:card", args=[pk]), text)
