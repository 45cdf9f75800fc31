from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("base", "0003_limits")]

    operations = [
        migrations.CreateModel(
            name="JobDone",
            fields=[
                ("job_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("attempt", models.PositiveIntegerField()),
                ("done_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]
