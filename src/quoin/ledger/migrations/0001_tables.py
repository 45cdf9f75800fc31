"""Accounts, journals and their lines, fiscal periods and exchange rates."""

from django.db import migrations, models
from django.db.models.functions import Cast

from quoin.base.db import migrating
from quoin.base.db.tenancy import Reference

table = migrating.tables("ledger")


class Migration(migrating.Migration):
    initial = True
    replaces = [("ledger", "0001_initial"), ("ledger", "0004_line_contract"), ("ledger", "0005_obligations")]
    dependencies = [("accounts", "0001_tables"), ("base", "0002_tables")]
    operations = [
        table(
            "Account",
            [
                ("role", models.CharField(max_length=8)),
                ("code", models.TextField()),
                ("name", models.TextField()),
                ("kind", models.CharField(max_length=12)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "role"), name="account_role"),
            models.UniqueConstraint(fields=("tenant_id", "code"), name="account_code"),
        ),
        migrations.CreateModel(
            name="FxRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3)),
                ("on", models.DateField()),
                ("per_euro", models.DecimalField(decimal_places=10, max_digits=20)),
                ("source", models.TextField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("currency", "on", "source"), name="fx_rate_once")]
            },
        ),
        table(
            "Journal",
            [
                ("posting_on", models.DateField()),
                ("source_kind", models.TextField()),
                ("source_id", models.UUIDField()),
                ("source_version", models.PositiveIntegerField(default=1)),
                ("memo", models.TextField(default="")),
                ("posted_at", models.DateTimeField()),
                (
                    "posted_in",
                    models.TextField(db_default=Cast(models.Func(function="pg_current_xact_id"), models.TextField())),
                ),
                ("entity", Reference("accounts.legalentity")),
                ("reverses", Reference("ledger.journal", null=True)),
            ],
            models.UniqueConstraint(
                fields=("tenant_id", "source_kind", "source_id", "source_version", "entity"), name="journal_source"
            ),
            models.UniqueConstraint(
                condition=models.Q(("reverses__isnull", False)),
                fields=("tenant_id", "reverses"),
                name="journal_reversed_once",
            ),
            indexes=[models.Index(fields=["tenant_id", "entity", "posting_on"], name="journal_posting")],
            trail="append only",
        ),
        table(
            "JournalLine",
            [
                ("position", models.PositiveIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("amount", models.DecimalField(decimal_places=4, max_digits=19)),
                ("base_amount", models.DecimalField(decimal_places=4, max_digits=19)),
                ("client_id", models.UUIDField(null=True)),
                ("contract_id", models.UUIDField(null=True)),
                ("project_id", models.UUIDField(null=True)),
                ("person_id", models.UUIDField(null=True)),
                ("account", Reference("ledger.account")),
                ("journal", Reference("ledger.journal")),
                ("obligation_id", models.UUIDField(null=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "journal", "position"), name="journal_line_position"),
            indexes=[
                models.Index(fields=["tenant_id", "account", "project_id"], name="journal_line_account"),
                models.Index(fields=["tenant_id", "project_id"], name="journal_line_project"),
                models.Index(fields=["tenant_id", "contract_id", "account"], name="journal_line_contract"),
                models.Index(
                    condition=models.Q(("obligation_id__isnull", False)),
                    fields=["tenant_id", "obligation_id", "account"],
                    name="journal_line_obligation",
                ),
            ],
            trail="append only",
        ),
        table(
            "FiscalPeriod",
            [
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by_id", models.UUIDField(null=True)),
                ("entity", Reference("accounts.legalentity")),
                ("open_again_until", models.DateTimeField(null=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "entity", "starts_on"), name="fiscal_period_once"),
        ),
    ]
