"""Tables of integrations: who is told, and what became of each telling."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from quoin.base.db.tenancy import Reference, TenantModel, tenant_table


class WebhookEndpoint(TenantModel):
    """An address that is told about events."""

    prefix = "whk"

    url = models.TextField()
    description = models.TextField(default="")
    event_names = ArrayField(models.TextField(), default=list)
    """Names of events; `billing.*` stands for all of an app, `*` for all."""
    secret = models.TextField()
    """Sealed; shown once when it is made."""
    previous_secret = models.TextField(default="")
    """Sealed; signs beside the new one until `previous_until`."""
    previous_until = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_reason = models.TextField(default="")
    owner_email = models.TextField(default="")
    """Who is told when the endpoint is paused because it does not answer."""
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = tenant_table("integrations_webhookendpoint")


class WebhookDelivery(TenantModel):
    """One event for one endpoint, with every try. The id of the event is the `webhook-id` of all tries."""

    prefix = "whd"

    endpoint = Reference(WebhookEndpoint, models.CASCADE)
    event_id = models.UUIDField()
    event_name = models.TextField()
    body = models.TextField()
    status = models.CharField(max_length=10, default="waiting")
    tries = models.PositiveSmallIntegerField(default=0)
    log = models.JSONField(default=list)
    """Each try: at, status, milliseconds, error, answer."""
    last_status = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(default="")
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("integrations_webhookdelivery", audited=False, endpoint="integrations_webhookendpoint"),
            models.UniqueConstraint(fields=["tenant_id", "endpoint", "event_id"], name="webhook_delivery_once"),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "delivered", "failed", "held"]), name="webhook_delivery_status"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "-created_at"], name="webhook_delivery_newest"),
            models.Index(fields=["tenant_id", "endpoint", "status"], name="webhook_delivery_endpoint"),
        ]
