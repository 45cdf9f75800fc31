"""Endpoints of webhooks and the log of their deliveries."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from quoin.base.db import migrating
from quoin.base.db.tenancy import Reference

table = migrating.tables("integrations")


class Migration(migrating.Migration):
    initial = True
    replaces = [("integrations", "0001_initial")]
    dependencies = [("base", "0002_tables")]
    operations = [
        table(
            "WebhookEndpoint",
            [
                ("url", models.TextField()),
                ("description", models.TextField(default="")),
                ("event_names", ArrayField(base_field=models.TextField(), default=list, size=None)),
                ("secret", models.TextField()),
                ("previous_secret", models.TextField(default="")),
                ("previous_until", models.DateTimeField(null=True)),
                ("paused_at", models.DateTimeField(null=True)),
                ("paused_reason", models.TextField(default="")),
                ("owner_email", models.TextField(default="")),
                ("created_at", models.DateTimeField()),
            ],
        ),
        table(
            "WebhookDelivery",
            [
                ("event_id", models.UUIDField()),
                ("event_name", models.TextField()),
                ("body", models.TextField()),
                ("status", models.CharField(default="waiting", max_length=10)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("log", models.JSONField(default=list)),
                ("last_status", models.PositiveSmallIntegerField(default=0)),
                ("last_error", models.TextField(default="")),
                ("created_at", models.DateTimeField()),
                ("next_at", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("endpoint", Reference("integrations.webhookendpoint", models.CASCADE)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "endpoint", "event_id"), name="webhook_delivery_once"),
            models.CheckConstraint(
                condition=models.Q(("status__in", ["waiting", "delivered", "failed", "held"])),
                name="webhook_delivery_status",
            ),
            indexes=[
                models.Index(fields=["tenant_id", "-created_at"], name="webhook_delivery_newest"),
                models.Index(fields=["tenant_id", "endpoint", "status"], name="webhook_delivery_endpoint"),
            ],
            trail="none",
        ),
    ]
