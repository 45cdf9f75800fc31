"""Tables of what a contract has used up: months of a retainer, cap and purchase order."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from quoin.base.db.tenancy import (
    Reference,
    TenantModel,
    amount_field,
    tenant_table,
)
from quoin.sales.models import Contract


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
