"""Tables of imports: what was imported from which file, what became of each row, and what is known from where."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from quoin.base.db.tenancy import Reference, TenantModel, currency_field, tenant_table


class ImportBatch(TenantModel):
    """One import: a file with the answers of the person, the plan that was shown, and what came of it."""

    prefix = "imp"

    status = models.CharField(max_length=10, default="draft")
    """draft, planned, applied or undone."""
    profile = models.TextField(default="")
    """As asked for; '' lets the headers tell."""
    source = models.TextField(default="")
    """The tool, as it was found: the first part of external ids."""
    file_name = models.TextField()
    file_sha256 = models.CharField(max_length=64)
    file_bytes = models.BigIntegerField()
    answers = models.JSONField(default=dict)
    """How to read, what names mean, what to write (queries.answers)."""
    plan_sha256 = models.CharField(max_length=64, default="")
    report = models.JSONField(default=dict)
    """What the plan said: counts by kind and outcome, check sums, differences, findings."""
    written = models.JSONField(default=dict)
    """What applying wrote, by kind."""
    undo_report = models.JSONField(default=dict)
    """What undoing removed, and what it left and why."""
    started_at = models.DateTimeField()
    started_by_id = models.UUIDField(null=True)
    planned_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    applied_by_id = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("imports_importbatch"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "planned", "applied", "undone"]), name="import_batch_status"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "-started_at"], name="import_batch_newest")]


class ImportRun(TenantModel):
    """An import that is applied in the background: asked for, perhaps stopped, and how it ended."""

    prefix = "imr"

    batch = Reference(ImportBatch, models.CASCADE)
    asked_at = models.DateTimeField()
    asked_by_id = models.UUIDField(null=True)
    total = models.PositiveIntegerField()
    """Rows of time of the file, for the progress."""
    stop_asked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=7, default="")
    """done, failed or stopped; '' while it waits or runs."""
    message = models.TextField(default="")
    """Why it failed."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("imports_importrun", batch="imports_importbatch"),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "done", "failed", "stopped"]), name="import_run_outcome"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "batch"], condition=Q(ended_at__isnull=True), name="import_run_once"
            ),
        ]


class ImportFile(TenantModel):
    """The bytes of an upload that waits to be applied. They are thrown away when it is: they hold personal data."""

    batch = Reference(ImportBatch, models.CASCADE)
    content = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            *tenant_table("imports_importfile", audited=False, batch="imports_importbatch"),
            models.UniqueConstraint(fields=["tenant_id", "batch"], name="import_file_once"),
        ]


class ImportLink(TenantModel):
    """Which object an id of another system means. Time entries carry theirs themselves."""

    kind = models.CharField(max_length=10)
    source = models.TextField()
    external_id = models.TextField()
    object_id = models.UUIDField()
    batch = Reference(ImportBatch)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("imports_importlink", batch="imports_importbatch"),
            models.UniqueConstraint(fields=["tenant_id", "kind", "external_id"], name="import_link_once"),
        ]


class ImportRecord(TenantModel):
    """An object that an import made or changed, with how it was before and how it was left."""

    batch = Reference(ImportBatch)
    position = models.PositiveIntegerField()
    """In the order of writing; undo goes backwards."""
    kind = models.CharField(max_length=10)
    """client, person, project, task, member, category, contract, card, rate, cost or entity."""
    outcome = models.CharField(max_length=6)
    """new or change."""
    object_id = models.UUIDField()
    label = models.TextField()
    before = models.JSONField(null=True)
    after = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            *tenant_table("imports_importrecord", audited=False, batch="imports_importbatch"),
            models.UniqueConstraint(fields=["tenant_id", "batch", "position"], name="import_record_place"),
        ]


class ImportLine(TenantModel):
    """A row of time or an expense of the file and what became of it: the file's side of the reconciliation."""

    batch = Reference(ImportBatch)
    kind = models.CharField(max_length=7, default="entry")
    """entry or expense."""
    position = models.PositiveIntegerField()
    outcome = models.CharField(max_length=6)
    """new, change, same, skip or error."""
    file = models.TextField()
    line = models.PositiveIntegerField()
    external_key = models.TextField(default="")
    client = models.TextField(default="")
    project = models.TextField(default="")
    person = models.TextField(default="")
    work_on = models.DateField(null=True)
    minutes = models.PositiveIntegerField()
    seconds = models.DecimalField(max_digits=16, decimal_places=3)
    amount = models.DecimalField(max_digits=24, decimal_places=9, null=True)
    """As the file says, unrounded; of an expense what was paid, with its VAT."""
    vat_amount = models.DecimalField(max_digits=24, decimal_places=9, null=True)
    """Of an expense; null where the file tells none."""
    receipt_sha256 = models.CharField(max_length=64, default="")
    """Of an expense; '' where the file has no receipt of it."""
    currency = currency_field(default="")
    reason = models.TextField(default="")
    """Plain English, or a packed sentence (services.lines.read_reason)."""
    before = models.JSONField(null=True)
    """The entry or expense as it was, where the import changed it."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("imports_importline", audited=False, batch="imports_importbatch"),
            models.UniqueConstraint(fields=["tenant_id", "batch", "position"], name="import_line_place"),
            models.CheckConstraint(condition=Q(kind__in=["entry", "expense"]), name="import_line_kind"),
        ]


class ImportProfile(TenantModel):
    """Answers that are kept under a name for the next file of the same kind."""

    prefix = "ipr"

    name = models.TextField()
    profile = models.TextField(default="")
    answers = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("imports_importprofile"),
            models.UniqueConstraint(fields=["tenant_id", "name"], name="import_profile_name"),
        ]
