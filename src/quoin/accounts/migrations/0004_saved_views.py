"""The view that a list opens with, and one name per view of a list."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_roles_and_duties")]
    operations = [
        migrations.AddField(
            model_name="membership", name="default_views", field=models.JSONField(default=dict),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                fields=("tenant_id", "membership", "list_key", "name"), name="saved_view_name"
            ),
        ),
    ]
