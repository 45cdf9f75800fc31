"""Screen 57: every setting on one page, with its meaning, its default, where it acts and who changed it."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quoin.accounts import actions
from quoin.accounts.queries import members as queries
from quoin.accounts.queries.options import option_rows
from quoin.accounts.web.profile import NATIVE, zones
from quoin.accounts.web.users import AREA
from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import nav, respond
from quoin.base.ui.formats import language
from quoin.base.ui.widgets import Suggested
from quoin.kernel.errors import invalid

nav.add(
    nav.Entry(
        key="settings", group="admin", label=gettext_lazy("Settings"), url_name="accounts:settings", icon="settings",
        permission=queries.SEE_SETTINGS, order=20,
    )
)  # fmt: skip


_LONGEST_FILE = 1_000_000


@page(queries.SEE_SETTINGS)
def settings_page(request: ActorRequest) -> HttpResponseBase:
    """All sections; `q` narrows."""
    words = request.GET.get("q", "").casefold().split()
    rows = [row for row in option_rows() if all(word in _text(row) for word in words)]
    context = {
        "title": _("Settings"), "area": AREA, "q": request.GET.get("q", ""),
        "sections": [(name, list(found)) for name, found in groupby(rows, key=lambda row: row["section"])],
        "tenant": queries.tenant_of(request.actor), "entities": queries.legal_entities(request.actor),
        "may_set": request.actor.may("accounts.setting.set"),
        "may_edit_entities": request.actor.may("accounts.legal_entity.edit"),
    }  # fmt: skip
    return respond.page(request, "accounts/settings.html", context)


def _text(row: dict[str, Any]) -> str:
    return f"{row['key']} {row['section']} {row['label']} {row['meaning']}".casefold()


@page("accounts.setting.set", methods=("POST",))
def save(request: ActorRequest, key: str) -> HttpResponseBase:
    """One setting."""
    actions.set_option(request.actor, key=key, value=request.POST.get("value", ""))
    return _back(request, _("Setting saved"))


@page("accounts.setting.reset", methods=("POST",))
def reset(request: ActorRequest, key: str) -> HttpResponseBase:
    """Back to the default."""
    actions.reset_option(request.actor, key=key)
    return _back(request, _("Back to the default"))


@page(queries.SEE_SETTINGS)
def export(_request: ActorRequest) -> HttpResponse:
    """The tenant's own values as YAML: one `key: value` per line."""
    rows = [row for row in option_rows() if not row["is_default"]]
    lines = [f"# {row['label']}\n{row['key']}: {json.dumps(row['value'], default=str)}\n" for row in rows]
    response = HttpResponse("".join(lines), content_type="application/yaml")
    response["Content-Disposition"] = 'attachment; filename="settings.yaml"'
    return response


@page("accounts.setting.set", methods=("POST",))
def read_in(request: ActorRequest) -> HttpResponseBase:
    """Read an exported file; all of it or nothing."""
    upload = request.FILES.get("file")
    text = upload.read(_LONGEST_FILE).decode() if upload is not None else ""
    chosen = [line.partition(":") for line in text.splitlines() if line.strip() and not line.startswith("#")]
    for key, _colon, value in chosen:
        try:
            actions.set_option(request.actor, key=key.strip(), value=json.loads(value))
        except json.JSONDecodeError as fault:
            raise invalid("/file", _("The line of %(key)s cannot be read.") % {"key": key}) from fault
    text = ngettext("%(count)s setting read", "%(count)s settings read", len(chosen)) % {"count": len(chosen)}
    return _back(request, text)


class CompanyForm(forms.Form):
    """The firm's own data; its language is one of those that there are, or stays the region of one that it has."""

    name = forms.CharField(label=gettext_lazy("Name of the firm"))
    zone = forms.CharField(
        label=gettext_lazy("Time zone"), widget=Suggested(zones),
        help_text=gettext_lazy("Type a city or a continent, as Berlin or Europe."),
    )  # fmt: skip
    locale = forms.ChoiceField(
        label=gettext_lazy("Language and region"),
        help_text=gettext_lazy("Of screens and mails whose reader chose none. It also says how numbers are written."),
    )

    def __init__(self, *args: Any, now: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = dict.fromkeys([*NATIVE, now])
        field = self.fields["locale"]
        field.choices = [(code, NATIVE.get(code) or language(code, code)) for code in codes]  # type: ignore[attr-defined]  # a ChoiceField


@page("accounts.tenant.edit", methods=("GET", "POST"))
def company(request: ActorRequest) -> HttpResponseBase:
    """The firm's own data."""
    tenant = queries.tenant_of(request.actor)
    form = CompanyForm(
        request.POST or None, now=tenant.locale,
        initial={"name": tenant.name, "zone": tenant.zone, "locale": tenant.locale},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            actions.edit_tenant(request.actor, **form.cleaned_data)
            return _back(request, _("Saved"))
    return respond.form_page(request, form, title=_("Firm"), verb=_("Save"), cancel_url=reverse("accounts:settings"))


class EntityForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"))
    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=12, help_text=gettext_lazy("Invoice numbers begin with it.")
    )
    country = forms.CharField(label=gettext_lazy("Country"), max_length=2)
    currency = forms.CharField(label=gettext_lazy("Currency"), max_length=3)
    vat_id = forms.CharField(label=gettext_lazy("VAT id"), required=False)
    registration_id = forms.CharField(label=gettext_lazy("Registration number"), required=False)
    street = forms.CharField(label=gettext_lazy("Street"), required=False)
    postal_code = forms.CharField(label=gettext_lazy("Postal code"), required=False)
    city = forms.CharField(label=gettext_lazy("City"), required=False)
    email = forms.CharField(label=gettext_lazy("E-mail"), required=False)
    phone = forms.CharField(label=gettext_lazy("Telephone"), required=False)
    contact_name = forms.CharField(label=gettext_lazy("Contact"), required=False)
    iban = forms.CharField(label=gettext_lazy("IBAN"), required=False)
    bic = forms.CharField(label=gettext_lazy("BIC"), required=False)
    electronic_address = forms.CharField(
        label=gettext_lazy("Electronic address"),
        required=False,
        help_text=gettext_lazy("scheme:identifier, as 0192:987654321"),
    )


@page("accounts.legal_entity.create", methods=("GET", "POST"))
def entity_create(request: ActorRequest) -> HttpResponseBase:
    """A new company."""
    form = EntityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            actions.create_legal_entity(request.actor, **form.cleaned_data)
            return _back(request, _("Legal entity created"))
    return respond.form_page(
        request, form, title=_("New legal entity"), verb=_("Create"), cancel_url=reverse("accounts:settings")
    )


@page("accounts.legal_entity.edit", methods=("GET", "POST"))
def entity(request: ActorRequest, pk: str) -> HttpResponseBase:
    """One company."""
    found = queries.legal_entity_for(request.actor, pk)
    form = EntityForm(request.POST or None, initial={name: getattr(found, name) for name in EntityForm.base_fields})
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            actions.edit_legal_entity(request.actor, entity_id=found.id, **form.cleaned_data)
            return _back(request, _("Legal entity saved"))
    return respond.form_page(request, form, title=found.name, verb=_("Save"), cancel_url=reverse("accounts:settings"))


def _back(request: ActorRequest, text: str) -> HttpResponse:
    return respond.redirect_with_toast(request, reverse("accounts:settings"), text, undo=undo_token(request.actor))
