"""Contracts say whether invoices list the hours behind them."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sales", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField(model_name="contract", name="shows_hours", field=models.BooleanField(default=True)),
    ]
