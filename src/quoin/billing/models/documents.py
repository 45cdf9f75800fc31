"""Tables of what left the house: the bytes issued, the client's way to them, retention released."""

from typing import ClassVar

from django.db import models

from quoin.accounts.models import LegalEntity
from quoin.base.db.tenancy import (
    Reference,
    TenantModel,
    amount_field,
    tenant_table,
)
from quoin.billing.models.invoices import Invoice


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
