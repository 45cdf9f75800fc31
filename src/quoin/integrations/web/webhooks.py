"""Screen 58: who is told about what, and whether they listen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import nav, respond
from quoin.integrations import actions
from quoin.integrations.queries import webhooks as queries
from quoin.integrations.queries.catalogue import choices
from quoin.kernel.errors import NotFound

AREA = gettext_lazy("Admin")
_RECENT = 8
nav.add(
    nav.Entry(
        key="integrations", group="admin", label=gettext_lazy("Integrations"), url_name="integrations:webhooks",
        icon="link", permission=queries.SEE, order=35,
    )
)  # fmt: skip


class WebhookForm(forms.Form):
    """An endpoint."""

    url = forms.CharField(
        label=gettext_lazy("Address"), help_text=gettext_lazy("https://, reachable from the internet."),
        widget=forms.URLInput(attrs={"placeholder": "https://hooks.example.com/quoin"}),
    )  # fmt: skip
    description = forms.CharField(label=gettext_lazy("What it is for"), required=False)
    owner_email = forms.EmailField(
        label=gettext_lazy("Who is told when it fails"), required=False,
        help_text=gettext_lazy("An e-mail address; the webhook is paused after ten tries in vain."),
    )  # fmt: skip
    event_names = forms.MultipleChoiceField(
        label=gettext_lazy("Events"), choices=choices, widget=forms.SelectMultiple(attrs={"size": 12}),
        help_text=gettext_lazy("Several with Ctrl; “billing.*” stands for all of an area."),
    )  # fmt: skip


@page(queries.SEE)
def webhooks(request: ActorRequest) -> HttpResponseBase:
    """All endpoints."""
    context = {
        "title": _("Integrations"), "area": AREA, "endpoints": list(queries.endpoints(request.actor)),
        "may_add": request.actor.may("integrations.webhook.create"),
    }  # fmt: skip
    return respond.page(request, "integrations/webhooks.html", context)


@page(queries.SEE)
def webhook(request: ActorRequest, pk: str) -> HttpResponseBase:
    """One endpoint with its latest deliveries."""
    return _page(request, pk)


@page("integrations.webhook.create", methods=("GET", "POST"))
def new(request: ActorRequest) -> HttpResponseBase:
    """Add an endpoint; its secret is on the answer and nowhere else."""
    form = WebhookForm(request.POST or None, initial={"event_names": ["*"]})
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            made = actions.create_webhook(request.actor, **form.cleaned_data)
            return _page(request, made.endpoint.public_id, secret=made.secret)
    return respond.page(
        request, "integrations/webhook_form.html",
        {"form": form, "title": _("New webhook"), "verb": _("Add"), "cancel_url": reverse("integrations:webhooks")},
        status=422 if form.errors else 200,
    )  # fmt: skip


@page("integrations.webhook.edit", methods=("GET", "POST"))
def edit(request: ActorRequest, pk: str) -> HttpResponseBase:
    """Change an endpoint."""
    found = queries.endpoint_for(request.actor, pk)
    back = reverse("integrations:webhook", args=[pk])
    names = tuple(WebhookForm.base_fields)
    form = WebhookForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    if request.method == "POST" and form.is_valid():
        with respond.refusals_on(form):
            actions.edit_webhook(request.actor, webhook_id=found.id, **form.cleaned_data)
            return respond.redirect_with_toast(request, back, _("Saved"), undo=undo_token(request.actor))
    return respond.form_page(request, form, title=_("Edit the webhook"), verb=_("Save"), cancel_url=back)


@page("integrations.webhook.rotate", methods=("POST",))
def rotate(request: ActorRequest, pk: str) -> HttpResponseBase:
    """A new secret."""
    made = actions.rotate_webhook_secret(request.actor, webhook_id=pk)
    return _page(request, pk, secret=made.secret)


@page(queries.SEE, methods=("POST",))
def act(request: ActorRequest, pk: str, verb: str) -> HttpResponseBase:
    """The verbs without a form: test, pause, resume, delete. Each action asks for its own right."""
    url = reverse("integrations:webhook", args=[pk])
    match verb:
        case "test":
            actions.test_webhook(request.actor, webhook_id=pk)
            text = _("The test event is on its way")
        case "pause":
            actions.pause_webhook(request.actor, webhook_id=pk)
            text = _("Paused: what happens meanwhile is kept")
        case "resume":
            actions.resume_webhook(request.actor, webhook_id=pk)
            text = _("Resumed")
        case "delete":
            actions.delete_webhook(request.actor, webhook_id=pk)
            url, text = reverse("integrations:webhooks"), _("Webhook deleted")
        case _:
            raise NotFound(_("There is nothing at this address."))
    return respond.redirect_with_toast(request, url, text, undo=undo_token(request.actor))


def _page(request: ActorRequest, pk: str, *, secret: str = "") -> HttpResponse:
    found = queries.endpoint_for(request.actor, pk)
    context: dict[str, Any] = {
        "title": found.url, "area": _("Integrations"), "secret": secret, "endpoint": found,
        "crumbs": ((_("Integrations"), reverse("integrations:webhooks")),),
        "deliveries": queries.deliveries(request.actor).filter(endpoint_id=found.id).order_by("-created_at")[:_RECENT],
        "statuses": queries.STATUSES, "may": _rights(request),
    }  # fmt: skip
    response = respond.page(request, "integrations/webhook.html", context)
    if secret:
        response["Cache-Control"] = "no-store"
    return response


def _rights(request: ActorRequest) -> dict[str, bool]:
    verbs = ("edit", "rotate", "test", "pause", "resume", "delete")
    return {verb: request.actor.may(f"integrations.webhook.{verb}") for verb in verbs}
