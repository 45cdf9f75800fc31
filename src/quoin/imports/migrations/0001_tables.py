"""Files that are read in, line by line, with what each became."""

from django.db import models

from quoin.base.db import migrating
from quoin.base.db.tenancy import Reference

table = migrating.tables("imports")


class Migration(migrating.Migration):
    initial = True
    replaces = [("imports", "0001_initial"), ("imports", "0002_runs"), ("imports", "0003_expenses_by_file")]
    dependencies = [("base", "0002_tables")]
    operations = [
        table(
            "ImportBatch",
            [
                ("status", models.CharField(default="draft", max_length=10)),
                ("profile", models.TextField(default="")),
                ("source", models.TextField(default="")),
                ("file_name", models.TextField()),
                ("file_sha256", models.CharField(max_length=64)),
                ("file_bytes", models.BigIntegerField()),
                ("answers", models.JSONField(default=dict)),
                ("plan_sha256", models.CharField(default="", max_length=64)),
                ("report", models.JSONField(default=dict)),
                ("written", models.JSONField(default=dict)),
                ("undo_report", models.JSONField(default=dict)),
                ("started_at", models.DateTimeField()),
                ("started_by_id", models.UUIDField(null=True)),
                ("planned_at", models.DateTimeField(null=True)),
                ("applied_at", models.DateTimeField(null=True)),
                ("applied_by_id", models.UUIDField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by_id", models.UUIDField(null=True)),
            ],
            models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "planned", "applied", "undone"])),
                name="import_batch_status",
            ),
            indexes=[models.Index(fields=["tenant_id", "-started_at"], name="import_batch_newest")],
        ),
        table(
            "ImportProfile",
            [
                ("name", models.TextField()),
                ("profile", models.TextField(default="")),
                ("answers", models.JSONField(default=dict)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "name"), name="import_profile_name"),
        ),
        table(
            "ImportFile",
            [
                ("content", models.BinaryField()),
                ("batch", Reference("imports.importbatch", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "batch"), name="import_file_once"),
            trail="none",
        ),
        table(
            "ImportLine",
            [
                ("position", models.PositiveIntegerField()),
                ("outcome", models.CharField(max_length=6)),
                ("file", models.TextField()),
                ("line", models.PositiveIntegerField()),
                ("external_key", models.TextField(default="")),
                ("client", models.TextField(default="")),
                ("project", models.TextField(default="")),
                ("person", models.TextField(default="")),
                ("work_on", models.DateField(null=True)),
                ("minutes", models.PositiveIntegerField()),
                ("seconds", models.DecimalField(decimal_places=3, max_digits=16)),
                ("amount", models.DecimalField(decimal_places=9, max_digits=24, null=True)),
                ("currency", models.CharField(default="", max_length=3)),
                ("reason", models.TextField(default="")),
                ("before", models.JSONField(null=True)),
                ("batch", Reference("imports.importbatch")),
                ("kind", models.CharField(default="entry", max_length=7)),
                ("vat_amount", models.DecimalField(decimal_places=9, max_digits=24, null=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "batch", "position"), name="import_line_place"),
            models.CheckConstraint(condition=models.Q(("kind__in", ["entry", "expense"])), name="import_line_kind"),
            trail="none",
        ),
        table(
            "ImportLink",
            [
                ("kind", models.CharField(max_length=10)),
                ("source", models.TextField()),
                ("external_id", models.TextField()),
                ("object_id", models.UUIDField()),
                ("batch", Reference("imports.importbatch")),
            ],
            models.UniqueConstraint(fields=("tenant_id", "kind", "external_id"), name="import_link_once"),
        ),
        table(
            "ImportRecord",
            [
                ("position", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("outcome", models.CharField(max_length=6)),
                ("object_id", models.UUIDField()),
                ("label", models.TextField()),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField()),
                ("batch", Reference("imports.importbatch")),
            ],
            models.UniqueConstraint(fields=("tenant_id", "batch", "position"), name="import_record_place"),
            trail="none",
        ),
        table(
            "ImportRun",
            [
                ("asked_at", models.DateTimeField()),
                ("asked_by_id", models.UUIDField(null=True)),
                ("total", models.PositiveIntegerField()),
                ("stop_asked_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(default="", max_length=7)),
                ("message", models.TextField(default="")),
                ("batch", Reference("imports.importbatch", models.CASCADE)),
            ],
            models.CheckConstraint(
                condition=models.Q(("outcome__in", ["", "done", "failed", "stopped"])), name="import_run_outcome"
            ),
            models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("tenant_id", "batch"), name="import_run_once"
            ),
        ),
    ]
