"""Tables of money that came in: payments, what they pay, bank statements."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from quoin.accounts.models import LegalEntity
from quoin.base.db.tenancy import (
    Reference,
    TenantModel,
    amount_field,
    currency_field,
    tenant_table,
)
from quoin.billing.models.invoices import Invoice
from quoin.clients.models import Client


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
    bank_amount = amount_field(null=True)
    """What the bank account got, where that is not `amount`: another currency, or less what banks kept."""
    bank_currency = currency_field(null=True)
    charge_amount = amount_field(default=0)
    """What banks kept, in `bank_currency`."""

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
            models.CheckConstraint(
                condition=Q(bank_amount=None, bank_currency=None, charge_amount=0)
                | (
                    Q(bank_amount__isnull=False, bank_currency__isnull=False)
                    & (~Q(bank_currency=F("currency")) | Q(amount=F("bank_amount") + F("charge_amount")))
                ),
                name="payment_as_banked",
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
    paid_amount = amount_field(null=True)
    paid_currency = currency_field(null=True)
    """What the payer instructed, where the bank changed the money."""
    charge_amount = amount_field(default=0)
    """What banks kept, in the currency of the line."""
    payment = Reference(Payment, null=True)
    is_ignored = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("billing_bankline", statement="billing_bankstatement", payment="billing_payment"),
            models.UniqueConstraint(fields=["tenant_id", "external_id"], name="bank_line_once"),
        ]
