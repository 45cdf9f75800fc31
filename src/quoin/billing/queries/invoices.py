"""Invoices as people may see them: all of the firm, or those of the projects that somebody manages or works on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, DecimalField, F, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from quoin.accounts.models import LegalEntity
from quoin.base.actions import permission
from quoin.base.actor import Actor, Scope
from quoin.base.listing import Column, Kind, Listing, Status, View
from quoin.base.mail.models import MailMessage
from quoin.base.ui.icons import Meaning
from quoin.base.ui.needs import Need
from quoin.base.ui.palette import Hit
from quoin.billing.models import (
    BillingRun,
    Invoice,
    InvoiceItem,
    InvoiceLine,
    InvoiceLink,
    IssuedDocument,
    PaymentApplication,
)
from quoin.billing.queries.documents import document_of, snapshot
from quoin.billing.queries.parties import buyer_of, draft_treatment, seller_of, wrong_vat_ids
from quoin.billing.queries.receivables import VIEW as VIEW_PAYMENTS
from quoin.billing.queries.receivables import overdue, with_open
from quoin.billing.queries.service_periods import periods_of
from quoin.billing.rules.einvoice_check import findings
from quoin.billing.rules.tax import VatCategory
from quoin.billing.types import Share
from quoin.kernel.errors import NotFound, Problem
from quoin.kernel.money import Rounding
from quoin.projects.models import Project, ProjectMember

VIEW = permission("billing.invoice.view", _("See invoices"))
STATUSES = {
    "draft": Status("neutral", _("Draft")),
    "in_review": Status("info", _("In review")),
    "approved": Status("info", _("Approved")),
    "open": Status("info", _("Issued")),
    "part_paid": Status("warning", _("Part-paid")),
    "overdue": Status("danger", _("Overdue")),
    "paid": Status("success", _("Paid")),
    "credit_note": Status("neutral", _("Credit note")),
}
INVOICES = Listing(
    key="invoices",
    columns=(
        Column(key="number", label=_("Number"), value=lambda row: row.number or _("draft")),
        Column(key="client", label=_("Client"), source="client__name"),
        Column(key="state", label=_("Status"), kind=Kind.STATUS, statuses=STATUSES),
        Column(key="issue_on", label=_("Issued"), kind=Kind.DAY),
        Column(key="due_on", label=_("Due"), kind=Kind.DAY),
        Column(key="net", label=_("Net"), kind=Kind.MONEY, source="net_amount", currency="currency", is_totalled=True),
        Column(key="tax", label=_("VAT"), kind=Kind.MONEY, source="tax_amount", currency="currency", is_totalled=True),
        Column(
            key="gross", label=_("Gross"), kind=Kind.MONEY, source="gross_amount", currency="currency", is_totalled=True
        ),
        Column(
            key="open", label=_("Open"), kind=Kind.MONEY, source="open_shown", currency="currency", is_totalled=True
        ),
        Column(key="kind", label=_("Kind"), is_default=False),
        Column(key="status", label=_("Step"), is_default=False),
    ),
    search=("number__icontains", "client__name__icontains", "purchase_order__icontains"),
    sort="-issue_on",
    views=(
        View(key="drafts", label=_("Drafts"), query="status[in]=draft,in_review,approved"),
        View(key="issued", label=_("Issued"), query="status=issued&kind=invoice"),
        View(key="overdue", label=_("Overdue"), query="state=overdue"),
        View(key="credit_notes", label=_("Credit notes"), query="kind=credit_note"),
    ),
)  # fmt: skip


def visible_invoices(actor: Actor) -> QuerySet[Any]:
    """Invoices with `state` and what is open, as far as the actor's right to see them reaches."""
    actor.require(VIEW)
    rows: QuerySet[Any] = with_open(Invoice.objects.select_related("client", "entity", "contract", "run", "corrects"))
    if actor.scope(VIEW) is not Scope.ALL:
        own = Project.objects.filter(
            Q(manager_id=actor.person_id)
            | Q(id__in=ProjectMember.objects.filter(person=actor.person_id).values("project_id"))
        )
        rows = rows.filter(id__in=InvoiceLine.objects.filter(project__in=own.values("id")).values("invoice_id"))
    is_open = Q(status="issued", kind="invoice", open_amount__gt=0)
    shown: QuerySet[Any] = rows.annotate(
        state=Case(
            When(kind="credit_note", then=Value("credit_note")),
            When(~Q(status="issued"), then=F("status")),
            When(open_amount__lte=0, then=Value("paid")),
            When(due_on__lt=actor.today, then=Value("overdue")),
            When(settled__gt=0, then=Value("part_paid")),
            default=Value("open"),
            output_field=CharField(),
        ),
        open_shown=Case(
            When(is_open, then=F("open_amount")),
            default=Value(0),
            output_field=DecimalField(max_digits=19, decimal_places=4),
        ),
    )
    return shown


def invoice_for(actor: Actor, invoice_id: UUID) -> Any:
    """The invoice, if it may be seen."""
    found = visible_invoices(actor).filter(id=invoice_id).first()
    if found is None:
        raise NotFound("There is no such invoice.")
    return found


def lines_of(invoice: Invoice) -> list[InvoiceLine]:
    """Lines in order, each with `entries`: how many charges stand on it."""
    rows = InvoiceLine.objects.filter(invoice=invoice).select_related("project", "task", "contract")
    lines = list(rows.order_by("position"))
    found = InvoiceItem.objects.filter(line_id__in=[line.id for line in lines]).values("line_id")
    counts = {row["line_id"]: row["n"] for row in found.annotate(n=Count("id")).order_by()}
    for line in lines:
        line.entries = counts.get(line.id, 0)  # type: ignore[attr-defined]  # shown by screens
    return lines


def line_for(actor: Actor, line_id: UUID) -> InvoiceLine:
    """The line, if its invoice may be seen."""
    line = InvoiceLine.objects.select_related("invoice").filter(id=line_id).first()
    if line is None:
        raise NotFound("There is no such line.")
    invoice_for(actor, line.invoice_id)
    return line


def items_of(line: InvoiceLine) -> QuerySet[InvoiceItem]:
    """The work on a line, by day."""
    rows = InvoiceItem.objects.filter(line=line).select_related("charge__person", "charge__task", "charge__project")
    return rows.order_by("charge__work_on", "charge__person__name", "charge_id")


def document_bytes(invoice: Invoice) -> IssuedDocument:
    """The issued files of an invoice that was seen; NotFound for a draft."""
    found = IssuedDocument.objects.filter(invoice=invoice).first()
    if found is None:
        raise NotFound("A draft has no document yet. Issue it first.")
    return found


def draft_findings(invoice: Invoice) -> tuple[Problem, ...]:
    """What the exact check would refuse if the draft were issued today."""
    entity, client = invoice.entity, invoice.client
    on = invoice.period_until or invoice.created_at.date()
    found = draft_treatment(entity, client, on=on)
    has_vat = found.category is not VatCategory.NOT_SUBJECT
    exemptions = {found.category.value: found.exemption} if found.exemption.text or found.exemption.code else {}
    parties = snapshot(seller_of(entity, has_vat=has_vat), buyer_of(client, has_vat=has_vat), entity, exemptions)
    number, issue_on, due = invoice.number, invoice.issue_on, invoice.due_on
    invoice.number, invoice.issue_on, invoice.due_on = "DRAFT-0000", on, due or on
    lines = list(InvoiceLine.objects.filter(invoice=invoice).order_by("position"))
    document = document_of(invoice, lines, parties=parties, periods=periods_of(lines))
    invoice.number, invoice.issue_on, invoice.due_on = number, issue_on, due
    return findings(document, mode=Rounding(invoice.rounding), wrong_vat_ids=wrong_vat_ids(entity, client))


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What happened to an invoice after it was made."""

    credit_notes: tuple[Invoice, ...]
    applications: tuple[PaymentApplication, ...]
    mails: tuple[MailMessage, ...]
    links: tuple[InvoiceLink, ...]


def story_of(invoice: Invoice) -> Story:
    """Credits, payments, mails and openings of an invoice that was seen."""
    return Story(
        credit_notes=tuple(Invoice.objects.filter(corrects=invoice, status="issued").order_by("sequence")),
        applications=tuple(
            PaymentApplication.objects.filter(invoice=invoice)
            .select_related("payment", "credit_note")
            .order_by("applied_at")
        ),
        mails=tuple(MailMessage.objects.filter(about=invoice.public_id).order_by("queued_at")),
        links=tuple(InvoiceLink.objects.filter(invoice=invoice).order_by("-created_at")),
    )


def runs(actor: Actor) -> QuerySet[BillingRun]:
    """Billing runs, newest first."""
    actor.require(VIEW, Scope.ALL)
    return BillingRun.objects.order_by("-number")


def run_for(actor: Actor, run_id: UUID) -> BillingRun:
    """The run, if it may be seen."""
    found = runs(actor).filter(id=run_id).first()
    if found is None:
        raise NotFound("There is no such billing run.")
    return found


def drafts_of(actor: Actor, run: BillingRun) -> QuerySet[Invoice]:
    """Invoices of a run, by client."""
    return visible_invoices(actor).filter(run=run).order_by("client__name", "id")


def invoice_hits(actor: Actor, text: str) -> Iterator[Hit]:
    """Invoices in the command palette, by number or client."""
    if not actor.may(VIEW):
        return
    rows = visible_invoices(actor).filter(Q(number__icontains=text) | Q(client__name__icontains=text))
    for row in rows.order_by("-issue_on", "-id")[:6]:
        rank = 0 if (row.number or "").lower() == text.lower() else 5
        title = row.number or _t("Draft of %(client)s") % {"client": row.client.name}
        yield Hit(
            _t("Invoice"), title, reverse("billing:invoice", args=[row.public_id]), row.client.name, "invoice", rank
        )


def billing_needs(actor: Actor) -> Iterable[Need]:
    """Drafts to review and invoices that are overdue."""
    if not actor.may(VIEW, Scope.ALL):
        return
    drafts = Invoice.objects.exclude(status="issued").exclude(status="approved").count()
    if drafts and actor.may("billing.invoice.issue"):
        yield Need(
            ngettext("%(count)s draft waits for review", "%(count)s drafts wait for review", drafts)
            % {"count": drafts},
            f"{reverse('billing:invoices')}?status[in]=draft,in_review,approved",
            _t("Review"), meaning=Meaning.INFO, rank=30,
        )  # fmt: skip
    late = overdue(actor).count() if actor.may(VIEW_PAYMENTS) else 0
    if late:
        yield Need(
            ngettext("%(count)s invoice is overdue", "%(count)s invoices are overdue", late) % {"count": late},
            reverse("billing:receivables"), _t("Look"), meaning=Meaning.DANGER, rank=20,
        )  # fmt: skip


def share_of(invoice: Invoice) -> Share:
    """The invoice as the one that money is for."""
    return Share(invoice_id=invoice.id)


def entity_id_of(code: str) -> UUID:
    """The company of this code; without a code the only one there is."""
    rows = LegalEntity.objects.filter(code__iexact=code) if code else LegalEntity.objects.all()
    found = list(rows.values_list("id", flat=True)[:2])
    if len(found) != 1:
        raise NotFound("Say which company by its code.")
    return found[0]


def hash_of(invoice: Invoice) -> str:
    """The invoice's place in the hash chain; empty for a draft."""
    return IssuedDocument.objects.filter(invoice=invoice).values_list("hash", flat=True).first() or ""


def invoice_ids_of_project(project_id: UUID) -> QuerySet[InvoiceLine, UUID]:
    """Invoices with a line of the project."""
    return InvoiceLine.objects.filter(project_id=project_id).values_list("invoice_id", flat=True)
