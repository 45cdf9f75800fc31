"""Tables of recognition."""

from typing import ClassVar

from django.db import models

from quoin.base.db.tenancy import Reference, TenantModel, amount_field, currency_field, tenant_table
from quoin.sales.models import Contract


class Recognition(TenantModel):
    """Revenue of a contract recognised up to a day: the cumulative amount and the step that was posted."""

    prefix = "rec"

    contract = Reference(Contract)
    up_to_on = models.DateField()
    """Last day covered."""
    method = models.CharField(max_length=20)
    progress_ratio = models.DecimalField(max_digits=12, decimal_places=10)
    cumulative_amount = amount_field()
    step_amount = amount_field()
    currency = currency_field()
    basis = models.JSONField(default=dict)
    """The figures the progress was computed from."""
    recognised_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            *tenant_table("revenue_recognition", append_only=True, contract="sales_contract"),
            models.UniqueConstraint(
                fields=["tenant_id", "contract", "up_to_on", "cumulative_amount"], name="recognition_once"
            ),
        ]
