"""The trail, events, files, numbers, mail and limits that every app stands on."""

from django.db import migrations, models

from quoin.base.db import migrating
from quoin.base.db.tenancy import AppendOnly, RowSecurity

# Both are scratch: they need no log, and an empty one after a crash is right.
SCRATCH = """
ALTER TABLE base_ratebucket SET UNLOGGED;
CREATE UNLOGGED TABLE base_cache (
  cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX base_cache_expires ON base_cache (expires);
"""

table = migrating.tables("base")


class Migration(migrating.Migration):
    initial = True
    replaces = [("base", "0002_initial"), ("base", "0003_limits"), ("base", "0004_jobs")]
    dependencies = [("base", "0001_trail")]
    operations = [
        table(
            "AuditAction",
            [
                ("name", models.TextField()),
                ("at", models.DateTimeField()),
                ("actor_id", models.UUIDField(null=True)),
                ("actor_name", models.TextField()),
                ("source", models.TextField()),
                ("request_id", models.UUIDField()),
                ("target", models.TextField(default="")),
                ("reason", models.TextField(default="")),
                ("arguments", models.JSONField(default=dict)),
                ("undo", models.JSONField(null=True)),
                ("viewed_by_id", models.UUIDField(null=True)),
            ],
            indexes=[
                models.Index(fields=["tenant_id", "at"], name="audit_action_at"),
                models.Index(fields=["tenant_id", "target"], name="audit_action_target"),
            ],
            trail="append only",
        ),
        migrations.CreateModel(
            name="AuditChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("tenant_id", models.UUIDField(editable=False)),
                ("action_id", models.UUIDField()),
                ("table_name", models.TextField()),
                ("row_id", models.UUIDField()),
                ("operation", models.CharField(max_length=1)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["tenant_id", "action_id"], name="audit_change_action"),
                    models.Index(fields=["tenant_id", "row_id"], name="audit_change_row"),
                ],
                "constraints": [
                    RowSecurity(name="base_auditchange_rows"),
                    AppendOnly(name="base_auditchange_append_only"),
                ],
            },
        ),
        table(
            "AuditSeal",
            [
                ("number", models.PositiveIntegerField()),
                ("sealed_at", models.DateTimeField()),
                ("last_change_id", models.BigIntegerField()),
                ("rows", models.PositiveIntegerField()),
                ("previous_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "number"), name="audit_seal_number"),
            trail="append only",
        ),
        table(
            "Event",
            [
                ("name", models.TextField()),
                ("at", models.DateTimeField()),
                ("action_id", models.UUIDField()),
                ("payload", models.JSONField()),
            ],
            indexes=[models.Index(fields=["tenant_id", "at"], name="event_at")],
            trail="append only",
        ),
        table(
            "IdempotencyKey",
            [
                ("key", models.TextField()),
                ("route", models.TextField()),
                ("caller", models.TextField()),
                ("body_sha256", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("response", models.BinaryField(default=b"")),
                ("content_type", models.TextField(default="")),
                ("used_at", models.DateTimeField()),
            ],
            models.UniqueConstraint(fields=("tenant_id", "caller", "route", "key"), name="idempotency_once"),
            trail="none",
        ),
        table(
            "MailMessage",
            [
                ("to", models.TextField()),
                ("subject", models.TextField()),
                ("text", models.TextField()),
                ("about", models.TextField(default="")),
                ("file_ids", models.JSONField(default=list)),
                ("queued_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.TextField(default="")),
            ],
            indexes=[
                models.Index(
                    condition=models.Q(("sent_at", None)), fields=["tenant_id", "queued_at"], name="mail_unsent"
                )
            ],
            trail="none",
        ),
        table(
            "NumberSeries",
            [
                ("series", models.TextField()),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "series"), name="number_series_once"),
            trail="none",
        ),
        table(
            "StoredFile",
            [
                ("name", models.TextField()),
                ("content_type", models.TextField()),
                ("size_bytes", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                ("stored_at", models.DateTimeField()),
            ],
            trail="append only",
        ),
        migrations.CreateModel(
            name="RateBucket",
            fields=[
                ("key", models.TextField(primary_key=True, serialize=False)),
                ("tokens", models.DecimalField(decimal_places=4, max_digits=12)),
                ("was_allowed", models.BooleanField()),
                ("filled_at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["filled_at"], name="rate_bucket_filled")]},
        ),
        migrations.CreateModel(
            name="JobDone",
            fields=[
                ("job_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("attempt", models.PositiveIntegerField()),
                ("done_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.RunSQL(SCRATCH, "DROP TABLE base_cache;"),
    ]
