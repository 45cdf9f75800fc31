"""How documents are printed: language, logo, and the hours behind them. Read once for all that are issued together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from quoin.accounts.models import Tenant
from quoin.base.db.context import current_tenant
from quoin.base.files.models import StoredFile
from quoin.billing.adapters.pdf_content import HoursEntry, Presentation
from quoin.billing.models import Invoice, InvoiceItem
from quoin.billing.types import ChargeKind
from quoin.people.models import Person
from quoin.projects.models import Task

_PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg"}


def presentations_of(documents: Iterable[tuple[Invoice, Sequence[InvoiceItem]]]) -> dict[UUID, Presentation]:
    """Language, logo and hours of the printed documents, by invoice; each comes with its work."""
    found = list(documents)
    is_demo = Tenant.objects.get(id=current_tenant()).is_demo
    logo_ids = {invoice.entity.logo_id for invoice, _ in found if invoice.entity.logo_id}
    pictures = StoredFile.objects.filter(id__in=logo_ids, content_type__in=_PICTURES)
    logos = {logo.id: (bytes(logo.content), _PICTURES[logo.content_type]) for logo in pictures}
    hours = hours_of({
        invoice.id: items for invoice, items in found if invoice.shows_hours and invoice.kind == "invoice"
    })  # fmt: skip
    presentations = {}
    for invoice, _ in found:
        logo, kind = logos.get(invoice.entity.logo_id, (b"", "png")) if invoice.entity.logo_id else (b"", "png")
        presentations[invoice.id] = Presentation(
            language=invoice.client.language, logo=logo, logo_kind=kind, entries=hours.get(invoice.id, ()),
            is_demo=is_demo,
        )  # fmt: skip
    return presentations


def hours_of(work: Mapping[UUID, Iterable[InvoiceItem]]) -> dict[UUID, tuple[HoursEntry, ...]]:
    """The billed time behind invoices, by day and person."""
    billed = {
        key: [item for item in items if item.charge.kind == ChargeKind.TIME and item.minutes > 0]
        for key, items in work.items()
    }
    charges = [item.charge for items in billed.values() for item in items]
    people = dict(Person.objects.filter(id__in={row.person_id for row in charges}).values_list("id", "name"))
    tasks = dict(Task.objects.filter(id__in={row.task_id for row in charges}).values_list("id", "name"))
    return {key: _entries(items, people, tasks) for key, items in billed.items()}


def _entries(
    items: Iterable[InvoiceItem], people: Mapping[UUID, str], tasks: Mapping[UUID, str]
) -> tuple[HoursEntry, ...]:
    rows = [
        (row.work_on, people[row.person_id] if row.person_id else "", row.id, row, item.minutes)
        for item in items
        for row in (item.charge,)
    ]
    return tuple(
        HoursEntry(
            worked_on=day, person=person, task=tasks[charge.task_id] if charge.task_id else "", note=charge.note,
            minutes=minutes,
        )
        for day, person, _, charge, minutes in sorted(rows, key=lambda row: row[:3])
    )  # fmt: skip
