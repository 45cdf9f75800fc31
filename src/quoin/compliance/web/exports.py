"""Everything of the firm as a zip: nobody is locked in."""

from __future__ import annotations

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import nav, respond
from quoin.base.ui.lists import Empty, Link, Screen, list_page
from quoin.compliance.actions.exports import create_export, delete_export
from quoin.compliance.queries import exports as queries
from quoin.compliance.web.audit import AREA

nav.add(
    nav.Entry(
        key="exports", group="admin", label=gettext_lazy("Export everything"), url_name="compliance:exports",
        icon="download", permission=queries.READ_EXPORTS, order=45,
    )
)  # fmt: skip


class ExportForm(forms.Form):
    form = forms.ChoiceField(
        label=gettext_lazy("File format"),
        choices=[("csv", gettext_lazy("CSV, for spreadsheets")), ("json", gettext_lazy("JSON, for programs"))],
        help_text=gettext_lazy(
            "One file for each kind of thing, the stored files, and a manifest with counts, sums and SHA-256. "
            "Costs and personal data are in it."
        ),
    )


@page(queries.READ_EXPORTS)
def exports(request: ActorRequest) -> HttpResponseBase:
    """Exports of the last week."""
    verb = gettext_lazy("Export everything")
    screen = Screen(
        title=verb, area=AREA,
        empty=Empty(
            text=_("Nothing exported yet."), url=reverse("compliance:export_new"), verb=verb,
            detail=_("All data of the firm in open formats, in one zip. It is kept for a week."),
        ),
        primary=Link(label=verb, url=reverse("compliance:export_new"), icon="download"),
        row_url=lambda export: reverse("compliance:export", args=[export.public_id]),
        row_id=lambda export: export.public_id,
    )  # fmt: skip
    return list_page(request, queries.EXPORTS, queries.exports(request.actor), screen)


@page("compliance.export.create", methods=("GET", "POST"))
def new(request: ActorRequest) -> HttpResponseBase:
    """Ask for one."""
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            create_export(request.actor, form=form.cleaned_data["form"])
            return respond.redirect_with_toast(
                request, reverse("compliance:exports"), _("The export is being written"),
                undo=undo_token(request.actor),
            )  # fmt: skip
    return respond.form_page(
        request, form, title=_("Export everything"), verb=_("Export"), cancel_url=reverse("compliance:exports")
    )


@page(queries.READ_EXPORTS)
def one(request: ActorRequest, pk: str) -> HttpResponseBase:
    """What is in it, and the ways to get it or be rid of it."""
    export = queries.export_for(request.actor, pk)
    context = {
        "title": pgettext("noun", "Export"), "area": AREA,
        "crumbs": ((_("Export everything"), reverse("compliance:exports")),),
        "export": export, "may_delete": request.actor.may("compliance.export.delete"),
    }  # fmt: skip
    return respond.page(request, "compliance/export.html", context)


@page(queries.READ_EXPORTS)
def file(request: ActorRequest, pk: str) -> HttpResponseBase:
    """The zip."""
    return queries.zip_response(queries.export_for(request.actor, pk))


@page("compliance.export.delete", methods=("POST",))
def delete(request: ActorRequest, pk: str) -> HttpResponseBase:
    """Be rid of it."""
    delete_export(request.actor, export_id=pk)
    return respond.redirect_with_toast(request, reverse("compliance:exports"), _("Export deleted"))
