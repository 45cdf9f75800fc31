"""The client's way to an invoice: a link without an account, and the mail that brings it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.base.files.models import StoredFile
from quoin.base.mail.send import queue_mail
from quoin.billing.models import Invoice, InvoiceLink, IssuedDocument
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.kernel.ids import uuid7
from quoin.kernel.words import say

LIFE = timedelta(days=14)
OPEN = "billing.link.open"
_SECRET_BYTES = 24


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link and its address, which is known only now."""

    link: InvoiceLink
    url: str


@action("billing.link.create", label=_("Make a client link"))
def create_link(actor: Actor, *, invoice_id: UUID | str, sent_to: str = "") -> NewLink:
    """A link that shows the issued invoice and its hours for fourteen days."""
    invoice = _issued(invoice_id)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    link = InvoiceLink.objects.create(
        id=uuid7(), invoice=invoice, digest=digest_of(secret), sent_to=sent_to, created_at=actor.now,
        expires_at=actor.now + LIFE,
    )  # fmt: skip
    touch(invoice.public_id)
    return NewLink(link, f"{settings.QUOIN_URL.rstrip('/')}/c/{secret}")


@action("billing.link.renew", label=_("Renew a client link"))
def renew_link(actor: Actor, *, link_id: UUID | str) -> InvoiceLink:
    """Fourteen more days from now."""
    link = _link(link_id)
    link.expires_at = actor.now + LIFE
    link.save(update_fields=["expires_at"])
    touch(link.invoice.public_id)
    return link


@action("billing.link.revoke", label=_("Revoke a client link"))
def revoke_link(actor: Actor, *, link_id: UUID | str) -> InvoiceLink:
    """End a link now."""
    link = _link(link_id)
    link.revoked_at = actor.now
    link.save(update_fields=["revoked_at"])
    touch(link.invoice.public_id)
    return link


@action(OPEN, label=_("Open a client link"))
def note_opening(actor: Actor, *, link_id: UUID) -> None:
    """Note that the client looked at the invoice."""
    now = actor.now
    InvoiceLink.objects.filter(id=link_id, first_opened_at=None).update(first_opened_at=now)
    InvoiceLink.objects.filter(id=link_id).update(last_opened_at=now, opened_count=F("opened_count") + 1)


@action("billing.invoice.send", label=_("Send an invoice"))
def send_invoice(actor: Actor, *, invoice_id: UUID | str, to: str = "") -> NewLink:
    """Mail the PDF with a link to the invoice and the hours behind it."""
    invoice = _issued(invoice_id)
    address = to.strip() or invoice.client.invoice_email
    if "@" not in address:
        raise invalid(
            "/to",
            say(
                "%(client)s has no mail address for invoices. Add one or say where to send it.",
                client=invoice.client.name,
            ),
        )
    made = create_link(actor, invoice_id=invoice.id, sent_to=address)
    document = IssuedDocument.objects.get(invoice=invoice)
    stored = StoredFile.objects.create(
        id=uuid7(), name=f"{invoice.number}.pdf", content_type="application/pdf", size_bytes=len(document.pdf),
        sha256=document.pdf_sha256, content=bytes(document.pdf), stored_at=actor.now,
    )  # fmt: skip
    with translation.override(invoice.client.language):
        subject = _subject(invoice)
        text = _t(
            "Please find %(number)s over %(amount)s attached.\n\nSee it with the hours behind it here, without an"
            " account, until %(until)s:\n%(url)s\n\n%(company)s"
        ) % {
            "number": invoice.number,
            "amount": f"{invoice.currency} {invoice.gross_amount + invoice.rounding_amount:,.2f}",
            "until": made.link.expires_at.date(),
            "url": made.url,
            "company": invoice.entity.name,
        }
    queue_mail(actor, to=address, subject=subject, text=text, about=invoice.public_id, file_ids=(stored.id,))
    touch(invoice.public_id)
    emit(actor, "billing.invoice.sent", running_action_id(), invoice_id=invoice.id, to=address)
    return made


def digest_of(secret: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _subject(invoice: Invoice) -> str:
    words = _t("Credit note %(number)s") if invoice.kind == "credit_note" else _t("Invoice %(number)s")
    return words % {"number": invoice.number} + f" · {invoice.entity.name}"


def _issued(invoice_id: UUID | str) -> Invoice:
    found = Invoice.objects.select_related("client", "entity").filter(id=invoice_id).first()
    if found is None:
        raise NotFound("There is no such invoice.")
    if found.status != "issued":
        raise Conflict("A draft is not shown to the client. Issue it first.")
    return found


def _link(link_id: UUID | str) -> InvoiceLink:
    link = InvoiceLink.objects.select_for_update(of=("self",)).select_related("invoice").filter(id=link_id).first()
    if link is None:
        raise NotFound("There is no such link.")
    if link.revoked_at is not None:
        raise Conflict("This link was revoked. Make a new one.")
    return link
