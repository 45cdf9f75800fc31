"""Tables of contracts."""

from typing import ClassVar

from django.db import models

from quoin.accounts.models import LegalEntity
from quoin.base.db.tenancy import Reference, TenantModel, amount_field, currency_field, rate_field, tenant_table
from quoin.catalog.models import RateCard
from quoin.clients.models import Client


class Contract(TenantModel):
    """What a client agreed to pay, and how it is billed. Terms are read by billing as values."""

    prefix = "ctr"

    number = models.TextField()
    name = models.TextField()
    client = Reference(Client)
    entity = Reference(LegalEntity)
    kind = models.CharField(max_length=20)
    """time_and_materials, fixed_price, retainer or non_billable."""
    status = models.CharField(max_length=12, default="active")
    """draft, active or closed."""
    currency = currency_field()
    rate_card = Reference(RateCard, null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    increment_minutes = models.PositiveSmallIntegerField(default=1)
    increment_scope = models.CharField(max_length=12, default="entry")
    rounding_direction = models.CharField(max_length=8, default="up")
    cap_amount = amount_field(null=True)
    cap_is_hard = models.BooleanField(default=True)
    fixed_amount = amount_field(null=True)
    """Price of a fixed-price contract, net."""
    expense_markup_ratio = models.DecimalField(max_digits=7, decimal_places=4, default=0)
    line_grouping = models.CharField(max_length=8, default="task")
    shows_hours = models.BooleanField(default=True)
    """Whether the PDF of an invoice lists the hours behind it; the client's link shows them in any case."""
    frequency = models.CharField(max_length=12, default="monthly")
    needs_note = models.BooleanField(default=False)
    is_vat_inclusive = models.BooleanField(default=False)
    payment_days = models.PositiveSmallIntegerField(null=True)
    """Null: as the client's."""
    purchase_order = models.TextField(default="")
    purchase_order_amount = amount_field(null=True)
    purchase_order_until = models.DateField(null=True)
    retainer_fee = amount_field(null=True)
    retainer_minutes = models.PositiveIntegerField(null=True)
    rollover_months = models.PositiveSmallIntegerField(default=0)
    overage_rate_per_hour = rate_field(null=True)
    retention_ratio = models.DecimalField(max_digits=7, decimal_places=4, default=0)
    recognition = models.CharField(max_length=20, default="as_billed")
    """right_to_invoice, cost_to_cost, milestone, straight_line or as_billed."""
    planned_cost = amount_field(null=True)
    """Cost at completion, for cost-to-cost recognition; in the entity's currency."""
    note = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "sales_contract",
                client="clients_client",
                entity="accounts_legalentity",
                rate_card="catalog_ratecard",
            ),
            models.UniqueConstraint(fields=["tenant_id", "number"], name="contract_number"),
            models.CheckConstraint(condition=models.Q(increment_minutes__gte=1), name="contract_increment"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "client"], name="contract_client")]


class Milestone(TenantModel):
    """A part of a fixed price that is billed when it is reached, or on its day."""

    prefix = "mil"

    contract = Reference(Contract)
    position = models.PositiveIntegerField()
    name = models.TextField()
    amount = amount_field()
    due_on = models.DateField(null=True)
    bills_on_due_day = models.BooleanField(default=False)
    """A payment schedule: due by date, no sign-off needed."""
    reached_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("sales_milestone", contract="sales_contract"),
            models.UniqueConstraint(fields=["tenant_id", "contract", "position"], name="milestone_position"),
        ]
