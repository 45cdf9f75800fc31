"""Ways in: the sign-in page, the link of an invitation, and the first start of an empty instance."""

from __future__ import annotations

import hashlib
import hmac
import logging
from importlib.resources import files
from typing import Any
from zoneinfo import available_timezones

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.views import LoginView
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.module_loading import import_string
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from quoin.accounts import actions
from quoin.accounts.queries.links import user_of_link
from quoin.accounts.queries.standing import tenant_ids
from quoin.base.clock import utc_now
from quoin.base.http.views import public
from quoin.base.ui import respond
from quoin.kernel.currency import CODES

_LOG = logging.getLogger(__name__)
_SCRIPTS = {
    "webauthn-json.js": "allauth.mfa:static/mfa/js/webauthn-json.js",
    "webauthn.js": "allauth.mfa:static/mfa/js/webauthn.js",
    "recovery_codes.js": "allauth.mfa:static/mfa/js/recovery_codes.js",
    "onload.js": "allauth.account:static/account/js/onload.js",
}


class SignIn(LoginView):  # type: ignore[misc]  # the library has no types
    """E-mail and password or passkey; on a demo also its accounts."""

    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "GET" and not tenant_ids():
            return redirect("accounts:start")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.IS_DEMO:
            context["demo_accounts"] = import_string(settings.QUOIN_DEMO_ACCOUNTS)()
        return context


sign_in = public(SignIn.as_view())


@public
def script(_request: HttpRequest, name: str) -> HttpResponse:
    """The sign-in library's own scripts for passkeys, from its package."""
    if name not in _SCRIPTS:
        raise Http404
    package, _colon, path = _SCRIPTS[name].partition(":")
    response = HttpResponse(files(package).joinpath(path).read_bytes(), content_type="text/javascript")
    response["Cache-Control"] = "public, max-age=86400"
    return response


@public
def closed(_request: HttpRequest) -> HttpResponse:
    """Where the sign-in library lets users change their address: whose address it is decides which firm they are in."""
    raise Http404


@public
def link(request: HttpRequest, token: str) -> HttpResponseBase:
    """Sign in once by the link of an invitation; the click, not the mail program's look, uses it up."""
    user = user_of_link(token)
    if request.method == "POST" and user is not None:
        answer: HttpResponseBase = perform_login(
            request, Login(user=user, redirect_url="/password/set/" if not user.has_usable_password() else "/")
        )
        return answer
    return render(request, "accounts/link.html", {"user_of_link": user}, status=200 if user else 410)


def start_code() -> str:
    """The one-time code of an empty instance; of no use once a firm exists."""
    return hmac.new(settings.SECRET_KEY.encode(), b"first start", hashlib.sha256).hexdigest()[:10]


class StartForm(forms.Form):
    code = forms.CharField(label=_("One-time code"))
    firm = forms.CharField(label=_("Name of the firm"))
    name = forms.CharField(label=_("Your name"))
    email = forms.EmailField(label=_("E-mail"))
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput, help_text=_("At least 12 characters."))
    country = forms.CharField(
        label=_("Country of your company"),
        max_length=2,
        help_text=_("As DE. It opens the company that works and bills; its address follows in the settings."),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in sorted(CODES)], initial="EUR")
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=[(name, name) for name in sorted(available_timezones())],
        initial="UTC",
        help_text=_("Clock times are in it, also those of imported files that name none."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial="en")

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip()
        if not hmac.compare_digest(code, start_code()):
            raise forms.ValidationError(_("This is not the code in the server's log."))
        return code

    def clean_country(self) -> str:
        country: str = self.cleaned_data["country"].strip().upper()
        if len(country) != len("DE") or not (country.isalpha() and country.isascii()):
            raise forms.ValidationError(_("Write the country as two letters, as in DE."))
        return country

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


@public
def start(request: HttpRequest) -> HttpResponseBase:
    """Create the firm and its first administrator. Gone as soon as there is one."""
    if tenant_ids():
        return redirect("account_login")
    form = StartForm(request.POST or None)
    if request.method != "POST":
        _LOG.warning("First start: the one-time code is %s", start_code())
    elif form.is_valid():
        with respond.refusals_on(form):
            return _create(request, form.cleaned_data)
    return render(
        request, "accounts/start.html", {"form": form, "title": _("Open your firm")}, status=422 if form.errors else 200
    )


def _create(request: HttpRequest, given: dict[str, str]) -> HttpResponseBase:
    new = actions.NewTenant(
        name=given["firm"], slug=slugify(given["firm"]) or "firm", currency=given["currency"], zone=given["zone"],
        locale=given["language"],
    )  # fmt: skip
    # A company that is refused leaves no firm behind.
    with transaction.atomic():
        user = actions.new_user(given["email"], given["name"], given["password"])
        actor = actions.create_tenant(new, now=utc_now(), administrator=user)
        actions.open_company(actor, firm=new.name, country=given["country"], currency=new.currency)
    answer: HttpResponseBase = perform_login(request, Login(user=user))
    return answer
