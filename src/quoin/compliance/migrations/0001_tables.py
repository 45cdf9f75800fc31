"""Exports of everything a tenant has, in parts."""

from django.db import models

from quoin.base.db import migrating
from quoin.base.db.tenancy import Reference

table = migrating.tables("compliance")


class Migration(migrating.Migration):
    initial = True
    replaces = [("compliance", "0003_exports")]
    dependencies = [("base", "0002_tables")]
    operations = [
        table(
            "Export",
            [
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.TextField()),
                ("form", models.TextField()),
                ("has_private", models.BooleanField(default=False)),
                ("finished_at", models.DateTimeField(null=True)),
                ("size_bytes", models.BigIntegerField(null=True)),
                ("rows", models.BigIntegerField(null=True)),
                ("sha256", models.CharField(default="", max_length=64)),
            ],
            models.CheckConstraint(condition=models.Q(("form__in", ("csv", "json"))), name="export_form_known"),
        ),
        table(
            "ExportPart",
            [
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                ("export", Reference("compliance.export")),
            ],
            models.UniqueConstraint(fields=("tenant_id", "export", "number"), name="export_part_number"),
            trail="none",
        ),
    ]
