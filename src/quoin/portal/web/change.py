"""A change order through a client link: read it, accept or decline it with a name. No sign-in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quoin.base.clock import utc_now
from quoin.base.db.context import tenant_transaction
from quoin.base.http.views import public
from quoin.governance.actions.changes import answer_change
from quoin.kernel.errors import DomainError, NotFound
from quoin.portal.queries.changes import Offer, answering_actor, offer_of
from quoin.portal.web.invoice import private

_LONGEST = 120


@public
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, secret: str) -> HttpResponse:
    """The change order; a POST answers it."""
    try:
        actor = answering_actor(secret, now=utc_now())
        if request.method == "POST":
            return _answered(request, secret)
        with tenant_transaction(actor, read_only=True):
            offer = offer_of(actor, secret)
    except NotFound as fault:
        context = {"title": _("Link not valid"), "text": fault.detail}
        return private(render(request, "portal/gone.html", context, status=404))
    return _page(request, secret, offer)


def _answered(request: HttpRequest, secret: str) -> HttpResponse:
    actor = answering_actor(secret, now=utc_now())
    with tenant_transaction(actor, read_only=True):
        offer = offer_of(actor, secret)
    try:
        answer_change(
            actor, order_link_id=offer.link_id, is_accepted=request.POST.get("answer") == "accept",
            answered_by=request.POST.get("name", "")[:_LONGEST], note=request.POST.get("note", "")[:1000],
        )  # fmt: skip
    except NotFound:
        raise
    except DomainError as fault:
        return _page(request, secret, offer, problem=fault.detail, status=fault.status)
    return private(redirect("portal:change", secret=secret))


def _page(request: HttpRequest, secret: str, offer: Offer, *, problem: str = "", status: int = 200) -> HttpResponse:
    with translation.override(offer.language):
        context = {
            "title": offer.title, "offer": offer, "secret": secret, "company": offer.seller, "problem": problem,
        }  # fmt: skip
        return private(render(request, "portal/change.html", context, status=status))
