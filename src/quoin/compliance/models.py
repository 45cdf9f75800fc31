"""Exports of everything: what was asked for, and the zip in parts."""

from typing import ClassVar

from django.db import models

from quoin.base.db.tenancy import Reference, TenantModel, tenant_table


class Export(TenantModel):
    """One export of the whole firm."""

    prefix = "xpt"

    asked_at = models.DateTimeField()
    asked_by = models.TextField()
    form = models.TextField()
    """csv or json."""
    has_private = models.BooleanField(default=False)
    """Whether reasons of absence are in it."""
    finished_at = models.DateTimeField(null=True)
    size_bytes = models.BigIntegerField(null=True)
    rows = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, default="")

    class Meta:
        constraints: ClassVar = [
            *tenant_table("compliance_export"),
            models.CheckConstraint(condition=models.Q(form__in=("csv", "json")), name="export_form_known"),
        ]


class ExportPart(TenantModel):
    """Some megabytes of the zip, so that neither writing nor sending it holds it in memory."""

    export = Reference(Export)
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            *tenant_table("compliance_exportpart", audited=False, export="compliance_export"),
            models.UniqueConstraint(fields=["tenant_id", "export", "number"], name="export_part_number"),
        ]
