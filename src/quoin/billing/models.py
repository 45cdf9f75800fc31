"""Tables of billing. Issued documents never change: triggers of the migration refuse it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from quoin.accounts.models import LegalEntity
from quoin.base.db.tenancy import (
    Reference,
    RowSecurity,
    TenantModel,
    amount_field,
    currency_field,
    rate_field,
    tenant_table,
)
from quoin.clients.models import Client
from quoin.people.models import Person
from quoin.projects.models import Project, Task
from quoin.sales.models import Contract


class Charge(TenantModel):
    """One priced fact: an approved entry or expense, a milestone, a fee. Each has exactly one live charge.

    For every live charge: minutes on live invoice lines + written off + still unbilled = its minutes.
    """

    prefix = "chg"

    kind = models.CharField(max_length=10)
    """time, expense, milestone, fee, overage or prepaid (billing.types.ChargeKind)."""
    source_id = models.UUIDField()
    source_version = models.PositiveIntegerField(default=1)
    part = models.PositiveSmallIntegerField(default=1)
    """A cap may split a charge: part 1 is billed, part 2 waits."""
    batch_id = models.UUIDField(null=True)
    """The action that charged it; the journals of that charging have it as their source."""
    entity = Reference(LegalEntity)
    client = Reference(Client)
    contract = Reference(Contract, null=True)
    project = Reference(Project, null=True)
    task = Reference(Task, null=True)
    person = Reference(Person, null=True)
    work_on = models.DateField()
    minutes = models.PositiveIntegerField(default=0)
    """As worked."""
    billable_minutes = models.PositiveIntegerField(default=0)
    """After the contract's increments per entry."""
    rate_id = models.UUIDField(null=True)
    """The rate card row that priced it."""
    rate_per_hour = rate_field(null=True)
    currency = currency_field()
    amount = amount_field(default=0)
    """Price, net, in the contract's currency."""
    base_amount = amount_field(default=0)
    """The price in the entity's currency, as it was posted to unbilled work; zero where nothing was posted."""
    cost_amount = amount_field(default=0)
    cost_currency = currency_field()
    """The entity's currency."""
    is_stepped = models.BooleanField(default=False)
    """Whether billing increments were applied, as they are to the parts of a split charge."""
    status = models.CharField(max_length=12, default="unbilled")
    """unbilled, drafted, billed, written_off, included (in a fixed price or retainer), non_billable or void."""
    held_until = models.DateField(null=True)
    hold_reason = models.TextField(default="")
    note = models.TextField(default="")
    """What the client reads."""
    charged_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "billing_charge", audited=False,
                entity="accounts_legalentity", client="clients_client", contract="sales_contract",
                project="projects_project", task="projects_task", person="people_person",
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "source_id", "kind", "part"], condition=~Q(status="void"), name="charge_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["unbilled", "drafted", "billed", "written_off", "included", "non_billable", "void"]
                ),
                name="charge_status",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "project", "work_on"], name="charge_project_day"),
            models.Index(
                fields=["tenant_id", "contract", "work_on"], condition=Q(status="unbilled"), name="charge_unbilled"
            ),
            models.Index(
                fields=["tenant_id", "contract", "work_on"], condition=Q(status="drafted"), name="charge_drafted"
            ),
        ]


class ChargeMonth(models.Model):
    """Rollup kept by triggers on Charge: minutes, price and cost per month, project, person, kind and status."""

    pk = models.CompositePrimaryKey("tenant_id", "month_on", "project_id", "person_id", "kind", "status", "currency")
    tenant_id = models.UUIDField()
    month_on = models.DateField()
    project_id = models.UUIDField()
    """The nil UUID where a charge has none."""
    person_id = models.UUIDField()
    kind = models.CharField(max_length=10)
    status = models.CharField(max_length=12)
    currency = currency_field()
    cost_currency = currency_field()
    minutes = models.BigIntegerField()
    billable_minutes = models.BigIntegerField()
    amount = models.DecimalField(max_digits=24, decimal_places=4)
    cost_amount = models.DecimalField(max_digits=24, decimal_places=4)
    charges = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [RowSecurity(name="billing_chargemonth_rows")]


class WriteDown(TenantModel):
    """A change of what is billed, before issue; worked minutes stay. Negative amounts write up."""

    prefix = "wrd"

    charge = Reference(Charge)
    minutes = models.IntegerField(default=0)
    """Billable minutes given up."""
    amount = amount_field()
    base_amount = amount_field(default=0)
    """In the entity's currency, as it was posted."""
    reason = models.TextField()
    decided_by_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField()
    reverses = Reference("billing.WriteDown", null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("billing_writedown", append_only=True, charge="billing_charge", reverses="billing_writedown"),
            models.CheckConstraint(condition=~Q(reason=""), name="write_down_reason"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "charge"], name="write_down_charge")]


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
    """What brings the amount due to the agreed total (EN 16931 BT-114); only where prices include VAT."""
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


class IssuedDocument(TenantModel):
    """The bytes that were issued, and their place in the legal entity's hash chain."""

    prefix = "doc"

    entity = Reference(LegalEntity)
    invoice = Reference(Invoice)
    position = models.PositiveIntegerField()
    content = models.JSONField()
    """Canonical content: number, dates, parties, lines with items, tax, totals."""
    pdf = models.BinaryField()
    ubl = models.BinaryField()
    cii = models.BinaryField()
    pdf_sha256 = models.CharField(max_length=64)
    ubl_sha256 = models.CharField(max_length=64)
    cii_sha256 = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "billing_issueddocument", append_only=True, entity="accounts_legalentity", invoice="billing_invoice"
            ),
            models.UniqueConstraint(fields=["tenant_id", "invoice"], name="issued_document_once"),
            models.UniqueConstraint(fields=["tenant_id", "entity", "position"], name="issued_document_position"),
        ]


class Payment(TenantModel):
    """Money received from a client."""

    prefix = "pay"

    entity = Reference(LegalEntity)
    client = Reference(Client)
    received_on = models.DateField()
    amount = amount_field()
    currency = currency_field()
    fx_rate = models.DecimalField(max_digits=20, decimal_places=10, default=1)
    method = models.CharField(max_length=12, default="transfer")
    reference = models.TextField(default="")
    external_id = models.TextField(null=True)
    """Id at the bank or provider: the same payment is recorded once."""
    recorded_at = models.DateTimeField()
    base_amount = amount_field(default=0)
    """In the entity's currency, at the day's rate."""
    reverses = Reference("billing.Payment", null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "billing_payment", append_only=True,
                entity="accounts_legalentity", client="clients_client", reverses="billing_payment",
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "external_id"], condition=Q(external_id__isnull=False), name="payment_once"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "reverses"], condition=Q(reverses__isnull=False), name="payment_reversed_once"
            ),
        ]  # fmt: skip


class PaymentApplication(TenantModel):
    """Part of a payment, or of a credit note, set against an invoice."""

    prefix = "pap"

    payment = Reference(Payment, null=True)
    credit_note = Reference(Invoice, null=True)
    invoice = Reference(Invoice)
    amount = amount_field()
    """Negative takes an application back."""
    discount_amount = amount_field(default=0)
    """Cash discount, gross, taken with it."""
    base_amount = amount_field(default=0)
    """The carried value that it cleared, in the entity's currency, discount included."""
    applied_at = models.DateTimeField()
    applied_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "billing_paymentapplication", append_only=True,
                payment="billing_payment", credit_note="billing_invoice", invoice="billing_invoice",
            ),
            models.CheckConstraint(
                condition=Q(payment=None, credit_note__isnull=False) | Q(payment__isnull=False, credit_note=None),
                name="application_source",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "invoice"], name="application_invoice"),
            models.Index(fields=["tenant_id", "payment"], name="application_payment"),
        ]


class BankStatement(TenantModel):
    """An imported bank file."""

    prefix = "bst"

    entity = Reference(LegalEntity)
    file_name = models.TextField()
    file_sha256 = models.CharField(max_length=64)
    imported_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            *tenant_table("billing_bankstatement", entity="accounts_legalentity"),
            models.UniqueConstraint(fields=["tenant_id", "file_sha256"], name="bank_statement_once"),
        ]


class BankLine(TenantModel):
    """A credit on a bank statement, waiting to be matched."""

    prefix = "bkl"

    statement = Reference(BankStatement)
    external_id = models.TextField()
    booked_on = models.DateField()
    amount = amount_field()
    currency = currency_field()
    name = models.TextField(default="")
    iban = models.TextField(default="")
    text = models.TextField(default="")
    payment = Reference(Payment, null=True)
    is_ignored = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("billing_bankline", statement="billing_bankstatement", payment="billing_payment"),
            models.UniqueConstraint(fields=["tenant_id", "external_id"], name="bank_line_once"),
        ]


class RetainerPeriod(TenantModel):
    """A month of a retainer: included, rolled in, used, over and expired minutes."""

    prefix = "ret"

    contract = Reference(Contract)
    starts_on = models.DateField()
    ends_on = models.DateField()
    included_minutes = models.PositiveIntegerField()
    fee_amount = amount_field(default=0)
    rolled_in_minutes = models.PositiveIntegerField(default=0)
    used_minutes = models.PositiveIntegerField(default=0)
    overage_minutes = models.PositiveIntegerField(default=0)
    expired_minutes = models.PositiveIntegerField(default=0)
    rolled_on = ArrayField(models.IntegerField(), default=list)
    """Minutes left per month of age, oldest first, handed to the next period."""
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("billing_retainerperiod", contract="sales_contract"),
            models.UniqueConstraint(fields=["tenant_id", "contract", "starts_on"], name="retainer_period_once"),
            models.CheckConstraint(
                condition=Q(used_minutes__lte=F("included_minutes") + F("rolled_in_minutes")),
                name="retainer_not_negative",
            ),
        ]


class RetentionRelease(TenantModel):
    """The client accepted the work: what an invoice kept back falls due."""

    invoice = Reference(Invoice)
    accepted_on = models.DateField()
    amount = amount_field()
    released_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            *tenant_table("billing_retentionrelease", append_only=True, invoice="billing_invoice"),
            models.UniqueConstraint(fields=["tenant_id", "invoice"], name="retention_released_once"),
        ]


class InvoiceLink(TenantModel):
    """A client's way to an invoice without an account: the secret is shown once and kept as SHA-256."""

    prefix = "lnk"

    invoice = Reference(Invoice)
    digest = models.CharField(max_length=64, unique=True)
    sent_to = models.TextField(default="")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    first_opened_at = models.DateTimeField(null=True)
    last_opened_at = models.DateTimeField(null=True)
    opened_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("billing_invoicelink", audited=False, invoice="billing_invoice"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "invoice"], name="invoice_link_invoice")]


class ContractUse(TenantModel):
    """How much of a contract's cap and purchase order is used; the database refuses more."""

    contract = Reference(Contract)
    billed_amount = amount_field(default=0)
    cap_amount = amount_field(null=True)
    order_number = models.TextField(default="")
    """The purchase order that `ordered_amount` was billed on."""
    ordered_amount = amount_field(default=0)
    order_limit_amount = amount_field(null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("billing_contractuse", audited=False, contract="sales_contract"),
            models.UniqueConstraint(fields=["tenant_id", "contract"], name="contract_use_once"),
            models.CheckConstraint(
                condition=Q(cap_amount=None) | Q(billed_amount__lte=F("cap_amount")), name="contract_cap_holds"
            ),
            models.CheckConstraint(
                condition=Q(order_limit_amount=None) | Q(ordered_amount__lte=F("order_limit_amount")),
                name="purchase_order_holds",
            ),
        ]
