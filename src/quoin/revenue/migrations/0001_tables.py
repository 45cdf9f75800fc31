"""What was earned on contracts with a fixed price, step by step."""

from django.db import models

from quoin.base.db import migrating
from quoin.base.db.tenancy import Reference

table = migrating.tables("revenue")


class Migration(migrating.Migration):
    initial = True
    replaces = [("revenue", "0001_initial")]
    dependencies = [("base", "0002_tables"), ("sales", "0001_tables")]
    operations = [
        table(
            "Recognition",
            [
                ("up_to_on", models.DateField()),
                ("method", models.CharField(max_length=20)),
                ("progress_ratio", models.DecimalField(decimal_places=10, max_digits=12)),
                ("cumulative_amount", models.DecimalField(decimal_places=4, max_digits=19)),
                ("step_amount", models.DecimalField(decimal_places=4, max_digits=19)),
                ("currency", models.CharField(max_length=3)),
                ("basis", models.JSONField(default=dict)),
                ("recognised_at", models.DateTimeField()),
                ("contract", Reference("sales.contract")),
            ],
            models.UniqueConstraint(
                fields=("tenant_id", "contract", "up_to_on", "cumulative_amount"), name="recognition_once"
            ),
            trail="append only",
        )
    ]
