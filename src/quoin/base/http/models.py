"""Idempotency keys and rate limits."""

from typing import ClassVar

from django.db import models

from quoin.base.db.tenancy import TenantModel, tenant_table


class IdempotencyKey(TenantModel):
    """The stored answer of a request: key, effect and answer are one transaction."""

    key = models.TextField()
    route = models.TextField()
    caller = models.TextField()
    """Token or user that sent it."""
    body_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    response = models.BinaryField(default=b"")
    content_type = models.TextField(default="")
    used_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            *tenant_table("base_idempotencykey", audited=False),
            models.UniqueConstraint(fields=["tenant_id", "caller", "route", "key"], name="idempotency_once"),
        ]


class RateBucket(models.Model):
    """A caller's bucket. Global and unlogged: it holds no business fact and may be lost."""

    key = models.TextField(primary_key=True)
    tokens = models.DecimalField(max_digits=12, decimal_places=4)
    was_allowed = models.BooleanField()
    filled_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["filled_at"], name="rate_bucket_filled")]
