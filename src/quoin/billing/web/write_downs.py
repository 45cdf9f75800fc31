"""What was given up or added before issue: the list, taking it back; a higher price; pricing again."""

from __future__ import annotations

from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui.lists import Bulk, Empty, Link, Screen, list_page
from quoin.billing.actions import charges as actions
from quoin.billing.actions import pricing
from quoin.billing.queries import VIEW
from quoin.billing.queries.write_downs import WRITE_DOWNS, price_changes
from quoin.billing.web.unbilled import ReasonForm, asked, chosen
from quoin.kernel.errors import invalid


class WriteUpForm(forms.Form):
    """How much more is billed, and why."""

    amount = forms.DecimalField(label=gettext_lazy("Bill so much more"), min_value=0, max_digits=15, decimal_places=4)
    reason = forms.CharField(label=gettext_lazy("Reason"))


class NoForm(forms.Form):
    """Only a yes is asked for."""


@page(VIEW)
def write_downs(request: ActorRequest) -> HttpResponse:
    may_take_back = request.actor.may("billing.write_down.take_back")
    back = reverse("billing:unbilled")
    screen = Screen(
        title=_("Write-downs and write-ups"),
        area=_("Unbilled work"),
        crumbs=((_("Unbilled work"), back),),
        empty=Empty(
            text=_("Nothing was given up."),
            detail=_("Open an amount of unbilled work, tick entries, and write them off, or one of them up."),
            url=back,
            verb=_("Unbilled work"),
        ),
        row_id=lambda row: row.public_id,
        row_meaning=lambda row: "" if row.standing == "open" else "neutral",
        links=(Link(label=_("Unbilled work"), url=back),),
        bulk=(Bulk(label=_("Take back"), url=reverse("billing:write_downs_take_back")),) if may_take_back else (),
    )
    return list_page(request, WRITE_DOWNS, price_changes(request.actor), screen)


@page("billing.write_down.take_back", methods=("GET", "POST"))
def take_back(request: ActorRequest) -> HttpResponse:
    """The chosen work is unbilled at its old price again; the list posts what is ticked, the form the reason."""
    ticked = request.POST.getlist("ids")
    if ticked:
        return HttpResponseRedirect(f"{request.path}?{urlencode({'ids': ticked}, doseq=True)}", status=303)
    ids = [object_id("wrd", text) for text in request.GET.getlist("ids")]
    if not ids:
        raise invalid("/ids", _("Tick what is to be taken back first."))

    def run(form: forms.Form) -> str:
        actions.take_back_write_downs(request.actor, write_down_ids=ids, reason=form.cleaned_data["reason"])
        return _("Taken back")

    title = ngettext("Take %(count)s change back", "Take %(count)s changes back", len(ids)) % {"count": len(ids)}
    form = ReasonForm(request.POST or None)
    return asked(request, form, run, title=title, verb=_("Take back"), back=reverse("billing:write_downs"))


@page("billing.charge.write_up", methods=("GET", "POST"))
def write_up(request: ActorRequest) -> HttpResponse:
    """Bill more for one entry than its rate says."""
    ids = chosen(request)
    if len(ids) != 1:
        raise invalid("/ids", _("A price is raised entry by entry. Tick one."))

    def run(form: forms.Form) -> str:
        actions.write_up_charge(request.actor, charge_id=ids[0], **form.cleaned_data)
        return _("Written up")

    return asked(request, WriteUpForm(request.POST or None), run, title=_("Write up an entry"), verb=_("Write up"))


@page("billing.charge.reprice", methods=("GET", "POST"))
def price_again(request: ActorRequest) -> HttpResponse:
    """Apply the rates of today's cards to the chosen entries."""
    ids = chosen(request)

    def run(_form: forms.Form) -> str:
        plan = pricing.reprice_charges(request.actor, charge_ids=ids)
        count = len(plan.changes)
        text = ngettext("%(count)s entry has a new price", "%(count)s entries have a new price", count)
        kept = ngettext("%(kept)s kept its price", "%(kept)s kept their price", len(ids) - count)
        return f"{text % {'count': count}}. {kept % {'kept': len(ids) - count}}."

    title = ngettext("Price %(count)s entry again", "Price %(count)s entries again", len(ids)) % {"count": len(ids)}
    return asked(
        request, NoForm(request.POST if request.method == "POST" else None), run, title=title, verb=_("Price again"),
        intro=_("The rates of today's cards apply. What was written down, split or rounded in steps keeps its price."),
    )  # fmt: skip
