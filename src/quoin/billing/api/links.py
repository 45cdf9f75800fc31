"""The client's way to an invoice over the API: make a link, renew it, end it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from quoin.base.http.api import ApiIn, ApiRequest, Router, operation, respond_json, whole_list
from quoin.billing.actions import links
from quoin.billing.api.wire import InvoiceId, LinkId
from quoin.billing.queries import invoices as queries
from quoin.kernel.ids import public_id

router = Router(tags=["invoices"])


class LinkIn(ApiIn):
    """For whom the link is, for the record."""

    sent_to: str = ""


@router.get("/invoices/{invoice_id}/links", summary="Client links of an invoice")
@operation(queries.VIEW)
def list_links(request: ApiRequest, invoice_id: InvoiceId) -> HttpResponse:
    row = queries.invoice_for(request.actor, invoice_id)
    data = [link_out(link) for link in queries.story_of(row).links]
    return whole_list(data)


@router.post("/invoices/{invoice_id}/links", summary="Make a client link; its address is shown once")
@operation("billing.link.create", needs_key=True)
def create_link(request: ApiRequest, invoice_id: InvoiceId, body: LinkIn) -> HttpResponse:
    made = links.create_link(request.actor, invoice_id=invoice_id, sent_to=body.sent_to)
    return respond_json({**link_out(made.link), "url": made.url}, status=201)


@router.post("/links/{link_id}/renew", summary="Renew a client link for fourteen days")
@operation("billing.link.renew")
def renew_link(request: ApiRequest, link_id: LinkId) -> HttpResponse:
    return respond_json(link_out(links.renew_link(request.actor, link_id=link_id)))


@router.post("/links/{link_id}/revoke", summary="End a client link now")
@operation("billing.link.revoke")
def revoke_link(request: ApiRequest, link_id: LinkId) -> HttpResponse:
    return respond_json(link_out(links.revoke_link(request.actor, link_id=link_id)))


def link_out(row: Any) -> dict[str, Any]:
    """A link without its secret, which nobody knows any more."""
    return {
        "id": row.public_id,
        "invoice_id": public_id("inv", row.invoice_id),
        "sent_to": row.sent_to,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "revoked_at": row.revoked_at,
        "last_opened_at": row.last_opened_at,
        "opened_count": row.opened_count,
    }
