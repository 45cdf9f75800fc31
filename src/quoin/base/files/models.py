"""Stored files."""

from typing import ClassVar

from django.db import models

from quoin.base.db.tenancy import TenantModel, tenant_table


class StoredFile(TenantModel):
    """Bytes that never change, found again by their SHA-256."""

    prefix = "fil"

    name = models.TextField()
    content_type = models.TextField()
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    stored_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = tenant_table("base_storedfile", append_only=True)
