"""Acceptance certificates and the installed base."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.base.ui.lists import Empty, Screen, list_page
from quoin.field import actions, queries
from quoin.field.queries import acceptance
from quoin.field.queries.lists import ACCEPTANCE_STATUSES, ACCEPTANCES, INSTALLED_BASE
from quoin.field.web.forms import AcceptForm

_ISSUE, _WITHDRAW = "field.acceptance.issue", "field.acceptance.withdraw"


@page(queries.VIEW)
def installed_base(request: ActorRequest) -> HttpResponse:
    """What stands at clients: every unit that was accepted, with its warranty."""
    screen = Screen(
        title=_("Installed base"),
        area=_("Work"),
        empty=Empty(
            text=_("Nothing is installed yet."),
            detail=_("Units appear here once a client has signed for them."),
            url=reverse("field:deliveries"),
            verb=_("Open deliveries"),
        ),
        row_url=lambda row: _url(row.acceptance),
    )
    return list_page(request, INSTALLED_BASE, acceptance.installed_base(request.actor), screen)


@page(queries.VIEW)
def certificates(request: ActorRequest) -> HttpResponse:
    screen = Screen(
        title=_("Acceptance certificates"),
        area=_("Work"),
        empty=Empty(
            text=_("No certificates yet. They are issued from a delivery that is installed."),
            url=reverse("field:deliveries"),
            verb=_("Open deliveries"),
        ),
        row_url=_url,
        crumbs=((_("Installed base"), reverse("field:installed_base")),),
    )
    return list_page(request, ACCEPTANCES, acceptance.visible_certificates(request.actor), screen)


@page(_ISSUE, methods=("GET", "POST"))
def accept(request: ActorRequest, pk: str) -> HttpResponse:
    """The client accepts goods: the form, then the certificate."""
    found = queries.delivery_for(request.actor, object_id("dlv", pk))
    posted = request.method == "POST"
    form = AcceptForm(
        found, request.POST if posted else None, request.FILES if posted else None, initial={"on": request.actor.today}
    )
    if posted and form.is_valid():
        with respond.refusals_on(form):
            made = actions.issue_acceptance(request.actor, delivery_id=found.id, **form.values())
            text = _("Certificate %(number)s issued") % {"number": _number(made)}
            return respond.redirect_with_toast(request, _url(made), text, undo=undo_token(request.actor))
    back = reverse("field:delivery", args=[pk])
    title = _("Acceptance of %(item)s") % {"item": found.item}
    return respond.form_page(request, form, title=title, verb=_("Issue the certificate"), cancel_url=back)


@page(queries.VIEW)
def certificate(request: ActorRequest, pk: str) -> HttpResponse:
    found = acceptance.certificate_for(request.actor, object_id("acp", pk))
    withdrawn = acceptance.withdrawal_of(found)
    context: dict[str, Any] = {
        "title": found.content["title"],
        "number_text": _number(found),
        "area": _("Installed base"),
        "crumbs": ((_("Acceptance certificates"), reverse("field:acceptances")),),
        "status": ACCEPTANCE_STATUSES["withdrawn" if withdrawn else "valid"],
        "certificate": found,
        "withdrawn": withdrawn,
        "delivery": found.delivery,
        "labels": found.content["labels"],
        "facts": found.content["facts"],
        "units": found.content["units"],
        "may_withdraw": request.actor.may(_WITHDRAW) and withdrawn is None,
    }
    return respond.page(request, "field/certificate.html", context)


@page(queries.VIEW)
def printed(request: ActorRequest, pk: str) -> HttpResponse:
    """The file as it was signed; its bytes are compared with the kept hash first."""
    found, content = acceptance.printed_of(request.actor, object_id("acp", pk))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{_number(found)}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@page(_WITHDRAW, methods=("POST",))
def withdraw(request: ActorRequest, pk: str) -> HttpResponse:
    found = acceptance.certificate_for(request.actor, object_id("acp", pk))
    actions.withdraw_acceptance(request.actor, acceptance_id=found.id, reason=request.POST.get("reason", ""))
    return respond.redirect_with_toast(request, _url(found), _("The certificate does not count any more"))


def _number(found: Any) -> str:
    return f"A-{found.number:04d}"


def _url(found: Any) -> str:
    return reverse("field:acceptance", args=[found.public_id])
