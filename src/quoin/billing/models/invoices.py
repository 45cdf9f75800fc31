"""Tables of runs and of what they write: documents, lines, the charges on them, VAT."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from quoin.accounts.models import LegalEntity
from quoin.base.db.tenancy import (
    Reference,
    TenantModel,
    amount_field,
    currency_field,
    rate_field,
    tenant_table,
)
from quoin.billing.models.charges import Charge
from quoin.clients.models import Client
from quoin.projects.models import Project, Task
from quoin.sales.models import Contract


class BillingRun(TenantModel):
    """One run: its scope, its proof and its drafts."""

    prefix = "brn"

    number = models.PositiveIntegerField()
    key = models.TextField()
    """Same key, same run: a repeated command finds its own drafts."""
    work_until = models.DateField()
    scope = models.JSONField(default=dict)
    status = models.CharField(max_length=10, default="open")
    """open, issued or discarded."""
    proof = models.JSONField(default=dict)
    left_out = models.JSONField(default=list)
    started_at = models.DateTimeField()
    started_by_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("billing_billingrun"),
            models.UniqueConstraint(fields=["tenant_id", "key"], name="billing_run_key"),
            models.UniqueConstraint(fields=["tenant_id", "number"], name="billing_run_number"),
        ]


class Invoice(TenantModel):
    """An invoice or credit note: a draft until it has a number, unchangeable after."""

    prefix = "inv"

    kind = models.CharField(max_length=12, default="invoice")
    """invoice or credit_note."""
    status = models.CharField(max_length=10, default="draft")
    """draft, in_review, approved or issued. Paid, overdue and credited are computed from other rows."""
    number = models.TextField(null=True)
    series = models.TextField(default="")
    sequence = models.PositiveIntegerField(null=True)
    entity = Reference(LegalEntity)
    client = Reference(Client)
    contract = Reference(Contract, null=True)
    run = Reference(BillingRun, null=True)
    corrects = Reference("billing.Invoice", null=True)
    currency = currency_field()
    issue_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    tax_point_on = models.DateField(null=True)
    period_from = models.DateField(null=True)
    period_until = models.DateField(null=True)
    """Last day of the work billed."""
    net_amount = amount_field(default=0)
    tax_amount = amount_field(default=0)
    gross_amount = amount_field(default=0)
    retention_amount = amount_field(default=0)
    rounding_amount = amount_field(default=0)
    """What brings the amount due to the agreed total (EN 16931 BT-114); only where prices of lines include VAT."""
    base_amount = amount_field(default=0)
    """What the client owes by it, in the entity's currency, as it was posted at issue."""
    fx_rate = models.TextField(default="1")
    """Units of the entity's currency per unit of the invoice's, as an exact fraction."""
    payment_days = models.PositiveSmallIntegerField(default=30)
    rounding = models.CharField(max_length=12, default="half_up")
    is_vat_inclusive = models.BooleanField(default=False)
    purchase_order = models.TextField(default="")
    buyer_reference = models.TextField(default="")
    note = models.TextField(default="")
    checks = models.JSONField(default=list)
    parties = models.JSONField(default=dict)
    """Seller and buyer as printed, frozen at issue."""
    shows_hours = models.BooleanField(default=True)
    """Whether the PDF lists the hours behind the invoice."""
    run_key = models.TextField(default="")
    """Company, client, currency and order of a run's draft; a repeated run finds it by them."""
    grouping = models.CharField(max_length=8, default="")
    """How the draft groups its lines; empty: as each contract says."""
    last_net_amount = amount_field(null=True)
    """Net of the client's invoice before, for comparison."""
    created_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    issued_by_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "billing_invoice",
                entity="accounts_legalentity", client="clients_client", contract="sales_contract",
                run="billing_billingrun", corrects="billing_invoice",
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "series", "sequence"], condition=Q(sequence__isnull=False), name="invoice_sequence"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "entity", "number"], condition=Q(number__isnull=False), name="invoice_number"
            ),
            models.CheckConstraint(
                condition=(
                    Q(status="issued", number__isnull=False, issued_at__isnull=False, issue_on__isnull=False)
                    | (~Q(status="issued") & Q(number=None, issued_at=None))
                ),
                name="invoice_number_at_issue",
            ),
            models.CheckConstraint(
                condition=Q(gross_amount=F("net_amount") + F("tax_amount")), name="invoice_gross"
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "client", "issue_on"], name="invoice_client"),
            models.Index(fields=["tenant_id", "run"], name="invoice_run"),
        ]


class InvoiceLine(TenantModel):
    """A line of a document. Its net is the sum of its items, or typed by hand."""

    prefix = "inl"

    invoice = Reference(Invoice)
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    description = models.TextField()
    quantity = rate_field()
    unit = models.CharField(max_length=3)
    """UN/ECE recommendation 20: HUR, MIN, C62, LS, DAY."""
    unit_price = rate_field()
    net_amount = amount_field()
    worked_minutes = models.PositiveIntegerField(default=0)
    billed_minutes = models.PositiveIntegerField(default=0)
    tax_category = models.CharField(max_length=2, default="S")
    tax_percent = models.DecimalField(max_digits=7, decimal_places=4, default=0)
    tax_reason = models.TextField(default="")
    key = models.TextField(default="")
    """What its charges have in common; a repeated run finds its line by it."""
    entered_amount = amount_field(null=True)
    """The price with VAT as typed, where prices include VAT; the net is taken out of it."""
    contract = Reference(Contract, null=True)
    project = Reference(Project, null=True)
    task = Reference(Task, null=True)
    is_manual = models.BooleanField(default=False)
    is_edited = models.BooleanField(default=False)
    """Whether a person changed it; a repeated run leaves it alone."""
    corrects_line = Reference("billing.InvoiceLine", null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "billing_invoiceline",
                invoice="billing_invoice", contract="sales_contract", project="projects_project", task="projects_task",
                corrects_line="billing_invoiceline",
            ),
            models.UniqueConstraint(fields=["tenant_id", "invoice", "position"], name="invoice_line_position"),
        ]  # fmt: skip


class InvoiceItem(TenantModel):
    """A charge on a line. Live on at most one; a credit ends the life and keeps the row for reading."""

    line = Reference(InvoiceLine)
    charge = Reference(Charge)
    minutes = models.PositiveIntegerField(default=0)
    """Billed minutes."""
    amount = amount_field()
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("billing_invoiceitem", audited=False, line="billing_invoiceline", charge="billing_charge"),
            models.UniqueConstraint(
                fields=["tenant_id", "charge"], condition=Q(is_live=True), name="charge_on_one_line"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "line"], name="invoice_item_line")]


class InvoiceTax(TenantModel):
    """VAT of a document per category and rate (EN 16931 BG-23)."""

    invoice = Reference(Invoice)
    category = models.CharField(max_length=2)
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    base_amount = amount_field()
    tax_amount = amount_field()
    reason = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            *tenant_table("billing_invoicetax", audited=False, invoice="billing_invoice"),
            models.UniqueConstraint(fields=["tenant_id", "invoice", "category", "percent"], name="invoice_tax_once"),
        ]
