"""Tables of the catalog."""

from typing import ClassVar

from django.db import models

from quoin.base.db.tenancy import Reference, TenantModel, currency_field, rate_field, tenant_table


class RateCard(TenantModel):
    """Prices in one currency; a client, contract or the tenant's default points at it."""

    prefix = "rca"

    name = models.TextField()
    currency = currency_field()
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("catalog_ratecard"),
            models.UniqueConstraint(fields=["tenant_id", "name"], name="rate_card_name"),
            models.UniqueConstraint(
                fields=["tenant_id", "currency"], condition=models.Q(is_default=True), name="rate_card_default"
            ),
        ]


class Rate(TenantModel):
    """A price per hour from a day on, for whatever its key columns name; null means any."""

    prefix = "rat"

    card = Reference(RateCard)
    project_id = models.UUIDField(null=True)
    contract_id = models.UUIDField(null=True)
    client_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    job_role_id = models.UUIDField(null=True)
    amount_per_hour = rate_field()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    """First day it no longer applies."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("catalog_rate", card="catalog_ratecard"),
            models.UniqueConstraint(
                fields=[
                    "tenant_id",
                    "card",
                    "project_id",
                    "contract_id",
                    "client_id",
                    "person_id",
                    "job_role_id",
                    "valid_from",
                ],
                name="rate_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=models.Q(amount_per_hour__gte=0), name="rate_positive"),
        ]


class ExpenseCategory(TenantModel):
    """Kind of expense; mileage and per diem have a rate per unit."""

    prefix = "exc"

    name = models.TextField()
    kind = models.CharField(max_length=12, default="receipt")
    """receipt, mileage or per_diem."""
    rate_per_unit = rate_field(null=True)
    currency = currency_field(default="EUR")
    is_vat_recoverable = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("catalog_expensecategory"),
            models.UniqueConstraint(fields=["tenant_id", "name"], name="expense_category_name"),
        ]
