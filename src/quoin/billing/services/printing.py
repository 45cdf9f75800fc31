"""How a document is printed: language, logo, and the hours behind it."""

from __future__ import annotations

from collections.abc import Iterable

from quoin.accounts.models import Tenant
from quoin.base.db.context import current_tenant
from quoin.base.files.models import StoredFile
from quoin.billing.adapters.pdf_content import HoursEntry, Presentation
from quoin.billing.models import Invoice, InvoiceItem


def presentation_of(invoice: Invoice) -> Presentation:
    """Language, logo and hours of the printed document."""
    tenant = Tenant.objects.get(id=current_tenant())
    logo = StoredFile.objects.filter(id=invoice.entity.logo_id).first() if invoice.entity.logo_id else None
    is_picture = logo is not None and logo.content_type in {"image/png", "image/jpeg", "image/svg+xml"}
    kinds = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg"}
    return Presentation(
        language=invoice.client.language,
        logo=bytes(logo.content) if logo is not None and is_picture else b"",
        logo_kind=kinds[logo.content_type] if logo is not None and is_picture else "png",
        entries=hours_of([invoice]) if invoice.shows_hours and invoice.kind == "invoice" else (),
        is_demo=tenant.is_demo,
    )


def hours_of(invoices: Iterable[Invoice]) -> tuple[HoursEntry, ...]:
    """The billed time behind invoices, by day and person."""
    rows = (
        InvoiceItem.objects.filter(line__invoice__in=list(invoices), charge__kind="time", minutes__gt=0)
        .order_by("charge__work_on", "charge__person__name", "charge_id")
        .values_list("charge__work_on", "charge__person__name", "charge__task__name", "charge__note", "minutes")
    )
    return tuple(
        HoursEntry(worked_on=day, person=person or "", task=task or "", note=note, minutes=minutes)
        for day, person, task, note, minutes in rows
    )
