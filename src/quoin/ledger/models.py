"""Tables of the ledger. Posted journals never change; a fix is a reversal."""

from typing import ClassVar

from django.db import models
from django.db.models import Func
from django.db.models.functions import Cast

from quoin.accounts.models import LegalEntity
from quoin.base.db.tenancy import Reference, TenantModel, amount_field, currency_field, tenant_table


class Account(TenantModel):
    """An account of the tenant's chart. `role` is what the posting rules call it (1150, 4000, ...)."""

    prefix = "acc"

    role = models.CharField(max_length=8)
    code = models.TextField()
    name = models.TextField()
    kind = models.CharField(max_length=12)
    """An AccountKind: asset, liability, revenue or cost."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("ledger_account"),
            models.UniqueConstraint(fields=["tenant_id", "role"], name="account_role"),
            models.UniqueConstraint(fields=["tenant_id", "code"], name="account_code"),
        ]


class FiscalPeriod(TenantModel):
    """A month of a legal entity's books."""

    prefix = "prd"

    entity = Reference(LegalEntity)
    starts_on = models.DateField()
    ends_on = models.DateField()
    """First day after the period."""
    closed_at = models.DateTimeField(null=True)
    closed_by_id = models.UUIDField(null=True)
    open_again_until = models.DateTimeField(null=True)
    """A closed period takes postings again up to this moment, and is closed by itself after it."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("ledger_fiscalperiod", entity="accounts_legalentity"),
            models.UniqueConstraint(fields=["tenant_id", "entity", "starts_on"], name="fiscal_period_once"),
        ]


class Journal(TenantModel):
    """A posted, balanced set of lines with its source. Guarded by triggers of the migration."""

    prefix = "jou"

    entity = Reference(LegalEntity)
    posting_on = models.DateField()
    source_kind = models.TextField()
    """What was posted: approval, invoice, payment, write_down, recognition, ..."""
    source_id = models.UUIDField()
    source_version = models.PositiveIntegerField(default=1)
    memo = models.TextField(default="")
    reverses = Reference("ledger.Journal", null=True)
    posted_at = models.DateTimeField()
    posted_in = models.TextField(db_default=Cast(Func(function="pg_current_xact_id"), models.TextField()))
    """The database transaction that posted it: later ones may add no lines."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("ledger_journal", append_only=True, entity="accounts_legalentity", reverses="ledger_journal"),
            models.UniqueConstraint(
                fields=["tenant_id", "source_kind", "source_id", "source_version", "entity"], name="journal_source"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "reverses"],
                condition=models.Q(reverses__isnull=False),
                name="journal_reversed_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "entity", "posting_on"], name="journal_posting")]


class JournalLine(TenantModel):
    """One line: debit positive, credit negative, in its own and in the entity's currency."""

    journal = Reference(Journal)
    position = models.PositiveIntegerField()
    account = Reference(Account)
    currency = currency_field()
    amount = amount_field()
    base_amount = amount_field()
    client_id = models.UUIDField(null=True)
    contract_id = models.UUIDField(null=True)
    project_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    obligation_id = models.UUIDField(null=True)
    """Dimensions; opaque to the ledger. A promise with an obligation id is not part of its contract's position."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("ledger_journalline", append_only=True, journal="ledger_journal", account="ledger_account"),
            models.UniqueConstraint(fields=["tenant_id", "journal", "position"], name="journal_line_position"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "account", "project_id"], name="journal_line_account"),
            models.Index(fields=["tenant_id", "project_id"], name="journal_line_project"),
            models.Index(fields=["tenant_id", "contract_id", "account"], name="journal_line_contract"),
            models.Index(
                fields=["tenant_id", "obligation_id", "account"],
                condition=models.Q(obligation_id__isnull=False),
                name="journal_line_obligation",
            ),
        ]


class FxRate(models.Model):
    """Units of a currency per euro on a day (ECB reference rates). Global: the same for all tenants."""

    currency = currency_field()
    on = models.DateField()
    per_euro = models.DecimalField(max_digits=20, decimal_places=10)
    source = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["currency", "on", "source"], name="fx_rate_once")]
