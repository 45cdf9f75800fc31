"""Whose timesheet took a visit's hours: one may be refused and follow later."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("field", "0001_initial")]
    operations = [migrations.AddField("visitmember", "recorded_at", models.DateTimeField(null=True))]
