"""Tables of insights: rollups that no app below keeps."""

from typing import ClassVar

from django.db import models

from quoin.base.db.tenancy import RowSecurity, currency_field


class EarnedMonth(models.Model):
    """Rollup kept by triggers on journal lines: revenue per month, contract, project and person, in base currency.

    Credit is positive here. Lines without a client, contract, project or person have the nil UUID.
    """

    pk = models.CompositePrimaryKey(
        "tenant_id", "month_on", "project_id", "person_id", "contract_id", "client_id", "entity_id", "currency"
    )
    tenant_id = models.UUIDField()
    month_on = models.DateField()
    project_id = models.UUIDField()
    person_id = models.UUIDField()
    contract_id = models.UUIDField()
    client_id = models.UUIDField()
    entity_id = models.UUIDField()
    currency = currency_field()
    amount = models.DecimalField(max_digits=24, decimal_places=4)
    lines = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [RowSecurity(name="insights_earnedmonth_rows")]
