"""What a client sees through a link: an allow-list of plain values. No cost, no margin, no internal note."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from quoin.accounts.models import Door
from quoin.base.actor import Actor, Scope, Source
from quoin.billing.actions.links import OPEN, digest_of
from quoin.billing.models import InvoiceItem, InvoiceLine, InvoiceLink, IssuedDocument, PrepaidPack
from quoin.billing.queries.packs import quantity
from quoin.kernel.errors import NotFound
from quoin.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Hours:
    """One entry behind a line."""

    on: date
    person: str
    task: str
    note: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as it is printed, with the hours behind it."""

    description: str
    minutes: int
    net: Money
    hours: tuple[Hours, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepaid:
    """What the client bought ahead on a contract of the invoice, and what is left of it now."""

    name: str
    bought: str
    left: str
    expires_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """An invoice as its client may see it."""

    link_id: UUID
    number: str
    is_credit_note: bool
    seller: str
    buyer: str
    language: str
    issue_on: date | None
    due_on: date | None
    net: Money
    tax: Money
    gross: Money
    iban: str
    expires_at: datetime
    lines: tuple[Line, ...]
    packs: tuple[Prepaid, ...] = ()


def actor_of_link(secret: str, *, now: datetime) -> Actor:
    """Who stands behind a link: somebody who may note that it was opened, and nothing else."""
    door = Door.objects.filter(kind="link", key=digest_of(secret)).first()
    if door is None:
        raise NotFound("This link is not valid any more. Ask the sender for a new one.")
    return Actor(
        tenant_id=door.tenant_id, grants={OPEN: Scope.OWN}, now=now, name="Client link", source=Source.PORTAL,
    )  # fmt: skip


def sheet_of(secret: str, *, now: datetime) -> Sheet:
    """The invoice of a link that is alive; NotFound else."""
    link = _link(secret, now=now)
    row = link.invoice
    lines = list(InvoiceLine.objects.filter(invoice=row).order_by("position"))
    return Sheet(
        link_id=link.id,
        number=row.number or "",
        is_credit_note=row.kind == "credit_note",
        seller=row.parties["seller"]["name"],
        buyer=row.parties["buyer"]["name"],
        language=row.client.language,
        issue_on=row.issue_on,
        due_on=row.due_on,
        net=Money(row.net_amount, row.currency).round(),
        tax=Money(row.tax_amount, row.currency).round(),
        gross=Money(row.gross_amount + row.rounding_amount, row.currency).round(),
        iban=row.parties["bank"]["iban"],
        expires_at=link.expires_at,
        lines=tuple(_line(line, row.currency) for line in lines),
        packs=_packs(row.client_id, {line.contract_id for line in lines if line.contract_id}),
    )


def document_of(secret: str, *, now: datetime) -> tuple[str, IssuedDocument]:
    """Number and issued files of the link's invoice."""
    link = _link(secret, now=now)
    return link.invoice.number or "", IssuedDocument.objects.get(invoice=link.invoice)


def _link(secret: str, *, now: datetime) -> InvoiceLink:
    rows = InvoiceLink.objects.select_related("invoice__client").filter(digest=digest_of(secret), revoked_at=None)
    link = rows.filter(expires_at__gt=now).first()
    if link is None:
        raise NotFound("This link has expired. Ask the sender to renew it.")
    return link


def _packs(client_id: UUID, contract_ids: set[UUID]) -> tuple[Prepaid, ...]:
    rows = PrepaidPack.objects.filter(client_id=client_id, contract_id__in=contract_ids, is_closed=False)
    return tuple(
        Prepaid(
            name=row.name, bought=quantity(row, row.size), left=quantity(row, row.left_size),
            expires_on=row.expires_on,
        )
        for row in rows.order_by("number")
    )  # fmt: skip


def _line(line: InvoiceLine, currency: str) -> Line:
    items = InvoiceItem.objects.filter(line=line, charge__kind="time").select_related("charge__person", "charge__task")
    hours = tuple(
        Hours(
            item.charge.work_on, item.charge.person.name if item.charge.person else "",
            item.charge.task.name if item.charge.task else "", item.charge.note, item.minutes,
        )
        for item in items.order_by("charge__work_on", "charge_id")
    )  # fmt: skip
    return Line(
        description=line.description, minutes=line.billed_minutes, net=Money(line.net_amount, currency).round(),
        hours=hours,
    )  # fmt: skip
