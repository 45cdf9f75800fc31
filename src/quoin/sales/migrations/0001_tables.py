"""Contracts and the milestones of their price."""

from django.db import models

from quoin.base.db import migrating
from quoin.base.db.tenancy import Reference

table = migrating.tables("sales")


class Migration(migrating.Migration):
    initial = True
    replaces = [("sales", "0001_initial"), ("sales", "0002_hours_listed")]
    dependencies = [
        ("accounts", "0001_tables"),
        ("base", "0002_tables"),
        ("catalog", "0001_tables"),
        ("clients", "0001_tables"),
    ]
    operations = [
        table(
            "Contract",
            [
                ("number", models.TextField()),
                ("name", models.TextField()),
                ("kind", models.CharField(max_length=20)),
                ("status", models.CharField(default="active", max_length=12)),
                ("currency", models.CharField(max_length=3)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("increment_minutes", models.PositiveSmallIntegerField(default=1)),
                ("increment_scope", models.CharField(default="entry", max_length=12)),
                ("rounding_direction", models.CharField(default="up", max_length=8)),
                ("cap_amount", models.DecimalField(decimal_places=4, max_digits=19, null=True)),
                ("cap_is_hard", models.BooleanField(default=True)),
                ("fixed_amount", models.DecimalField(decimal_places=4, max_digits=19, null=True)),
                ("expense_markup_ratio", models.DecimalField(decimal_places=4, default=0, max_digits=7)),
                ("line_grouping", models.CharField(default="task", max_length=8)),
                ("frequency", models.CharField(default="monthly", max_length=12)),
                ("needs_note", models.BooleanField(default=False)),
                ("is_vat_inclusive", models.BooleanField(default=False)),
                ("payment_days", models.PositiveSmallIntegerField(null=True)),
                ("purchase_order", models.TextField(default="")),
                ("purchase_order_amount", models.DecimalField(decimal_places=4, max_digits=19, null=True)),
                ("purchase_order_until", models.DateField(null=True)),
                ("retainer_fee", models.DecimalField(decimal_places=4, max_digits=19, null=True)),
                ("retainer_minutes", models.PositiveIntegerField(null=True)),
                ("rollover_months", models.PositiveSmallIntegerField(default=0)),
                ("overage_rate_per_hour", models.DecimalField(decimal_places=6, max_digits=19, null=True)),
                ("retention_ratio", models.DecimalField(decimal_places=4, default=0, max_digits=7)),
                ("recognition", models.CharField(default="as_billed", max_length=20)),
                ("planned_cost", models.DecimalField(decimal_places=4, max_digits=19, null=True)),
                ("note", models.TextField(default="")),
                ("client", Reference("clients.client")),
                ("entity", Reference("accounts.legalentity")),
                ("rate_card", Reference("catalog.ratecard", null=True)),
                ("shows_hours", models.BooleanField(default=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "number"), name="contract_number"),
            models.CheckConstraint(condition=models.Q(("increment_minutes__gte", 1)), name="contract_increment"),
            indexes=[models.Index(fields=["tenant_id", "client"], name="contract_client")],
        ),
        table(
            "Milestone",
            [
                ("position", models.PositiveIntegerField()),
                ("name", models.TextField()),
                ("amount", models.DecimalField(decimal_places=4, max_digits=19)),
                ("due_on", models.DateField(null=True)),
                ("bills_on_due_day", models.BooleanField(default=False)),
                ("reached_on", models.DateField(null=True)),
                ("contract", Reference("sales.contract")),
            ],
            models.UniqueConstraint(fields=("tenant_id", "contract", "position"), name="milestone_position"),
        ),
    ]
