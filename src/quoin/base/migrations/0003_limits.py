from django.db import migrations, models

# Both are scratch: they need no log, and an empty one after a crash is right.
SQL = """
ALTER TABLE base_ratebucket SET UNLOGGED;
CREATE UNLOGGED TABLE base_cache (
  cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX base_cache_expires ON base_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("base", "0002_initial")]

    operations = [
        migrations.CreateModel(
            name="RateBucket",
            fields=[
                ("key", models.TextField(primary_key=True, serialize=False)),
                ("tokens", models.DecimalField(decimal_places=4, max_digits=12)),
                ("was_allowed", models.BooleanField()),
                ("filled_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["filled_at"], name="rate_bucket_filled")],
            },
        ),
        migrations.RunSQL(SQL, "DROP TABLE base_cache;"),
    ]
