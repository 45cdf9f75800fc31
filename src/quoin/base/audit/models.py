"""Tables of the audit trail. Rows are written once; nothing here points at business tables."""

from typing import ClassVar

from django.db import models

from quoin.base.db.tenancy import AppendOnly, RowSecurity, TenantModel, tenant_table


class AuditAction(TenantModel):
    """One command: who, when, what, why and from where."""

    prefix = "act"

    name = models.TextField()
    at = models.DateTimeField()
    """Time of the database, not of the client."""
    actor_id = models.UUIDField(null=True)
    actor_name = models.TextField()
    source = models.TextField()
    request_id = models.UUIDField()
    target = models.TextField(default="")
    """Public id of the thing commanded, for search."""
    reason = models.TextField(default="")
    arguments = models.JSONField(default=dict)
    undo = models.JSONField(null=True)
    """How to take it back: `{"action": name, "arguments": {...}}`; null if it cannot be."""
    viewed_by_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = tenant_table("base_auditaction", append_only=True)
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "at"], name="audit_action_at"),
            models.Index(fields=["tenant_id", "target"], name="audit_action_target"),
        ]


class AuditChange(models.Model):
    """One changed row: its columns before and after. Written by trigger only."""

    id = models.BigAutoField(primary_key=True)
    tenant_id = models.UUIDField(editable=False)
    action_id = models.UUIDField()
    table_name = models.TextField()
    row_id = models.UUIDField()
    operation = models.CharField(max_length=1)
    """I, U or D."""
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar = [
            RowSecurity(name="base_auditchange_rows"),
            AppendOnly(name="base_auditchange_append_only"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "action_id"], name="audit_change_action"),
            models.Index(fields=["tenant_id", "row_id"], name="audit_change_row"),
        ]


class AuditSeal(TenantModel):
    """A link of the tenant's hash chain over all actions and changes up to a moment."""

    number = models.PositiveIntegerField()
    sealed_at = models.DateTimeField()
    last_change_id = models.BigIntegerField()
    rows = models.PositiveIntegerField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("base_auditseal", append_only=True),
            models.UniqueConstraint(fields=["tenant_id", "number"], name="audit_seal_number"),
        ]
