"""An invoice through a client link: no sign-in, nothing but what the client received and the hours behind it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quoin.base.clock import utc_now
from quoin.base.db.context import tenant_transaction
from quoin.base.http.views import public
from quoin.billing.actions.links import note_opening
from quoin.kernel.errors import NotFound
from quoin.portal import queries

_TYPES = {"pdf": "application/pdf", "ubl": "application/xml", "cii": "application/xml"}


@public
@require_safe
def invoice(request: HttpRequest, secret: str) -> HttpResponse:
    """The invoice with its lines; each opens its hours."""
    now = utc_now()
    try:
        actor = queries.actor_of_link(secret, now=now)
        with tenant_transaction(actor):
            sheet = queries.sheet_of(secret, now=now)
            note_opening(actor, link_id=sheet.link_id)
    except NotFound as fault:
        return private(
            render(request, "portal/gone.html", {"title": _("Link not valid"), "text": fault.detail}, status=404)
        )
    with translation.override(sheet.language):
        context = {"title": sheet.number, "sheet": sheet, "secret": secret, "company": sheet.seller}
        return private(render(request, "portal/invoice.html", context))


@public
@require_safe
def download(request: HttpRequest, secret: str, kind: str) -> HttpResponse:
    """PDF or e-invoice, byte for byte as issued."""
    now = utc_now()
    try:
        actor = queries.actor_of_link(secret, now=now)
        with tenant_transaction(actor, read_only=True):
            number, document = queries.document_of(secret, now=now)
    except NotFound as fault:
        return private(
            render(request, "portal/gone.html", {"title": _("Link not valid"), "text": fault.detail}, status=404)
        )
    content = {"pdf": document.pdf, "ubl": document.ubl, "cii": document.cii}[kind]
    response = HttpResponse(bytes(content), content_type=_TYPES[kind])
    name = f"{number}.pdf" if kind == "pdf" else f"{number}-{kind}.xml"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(response)


def private(response: HttpResponse) -> HttpResponse:
    """Kept by no cache and no search engine, and told to no other site."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
