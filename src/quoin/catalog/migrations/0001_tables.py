"""Rate cards and categories of expenses."""

from django.db import models

from quoin.base.db import migrating
from quoin.base.db.tenancy import Reference

table = migrating.tables("catalog")


class Migration(migrating.Migration):
    initial = True
    replaces = [("catalog", "0001_initial"), ("catalog", "0002_templates_moved")]
    dependencies = [("base", "0002_tables")]
    operations = [
        table(
            "ExpenseCategory",
            [
                ("name", models.TextField()),
                ("kind", models.CharField(default="receipt", max_length=12)),
                ("rate_per_unit", models.DecimalField(decimal_places=6, max_digits=19, null=True)),
                ("currency", models.CharField(default="EUR", max_length=3)),
                ("is_vat_recoverable", models.BooleanField(default=True)),
                ("is_active", models.BooleanField(default=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "name"), name="expense_category_name"),
        ),
        table(
            "RateCard",
            [
                ("name", models.TextField()),
                ("currency", models.CharField(max_length=3)),
                ("is_default", models.BooleanField(default=False)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "name"), name="rate_card_name"),
            models.UniqueConstraint(
                condition=models.Q(("is_default", True)), fields=("tenant_id", "currency"), name="rate_card_default"
            ),
        ),
        table(
            "Rate",
            [
                ("project_id", models.UUIDField(null=True)),
                ("contract_id", models.UUIDField(null=True)),
                ("client_id", models.UUIDField(null=True)),
                ("person_id", models.UUIDField(null=True)),
                ("job_role_id", models.UUIDField(null=True)),
                ("amount_per_hour", models.DecimalField(decimal_places=6, max_digits=19)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                ("card", Reference("catalog.ratecard")),
            ],
            models.UniqueConstraint(
                fields=(
                    "tenant_id",
                    "card",
                    "project_id",
                    "contract_id",
                    "client_id",
                    "person_id",
                    "job_role_id",
                    "valid_from",
                ),
                name="rate_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=models.Q(("amount_per_hour__gte", 0)), name="rate_positive"),
        ),
    ]
