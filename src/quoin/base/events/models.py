"""The outbox."""

from typing import ClassVar

from django.db import models

from quoin.base.db.tenancy import TenantModel, tenant_table


class Event(TenantModel):
    """Something that happened, written in the transaction in which it happened."""

    prefix = "evt"

    name = models.TextField()
    at = models.DateTimeField()
    action_id = models.UUIDField()
    payload = models.JSONField()

    class Meta:
        constraints: ClassVar = tenant_table("base_event", append_only=True)
        indexes: ClassVar = [models.Index(fields=["tenant_id", "at"], name="event_at")]
