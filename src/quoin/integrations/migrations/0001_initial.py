"""Endpoints of webhooks and the log of their deliveries."""

import django.contrib.postgres.fields
import django.db.models.deletion
import quoin.base.db.context
import quoin.base.db.tenancy
import quoin.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('base', '0002_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='WebhookEndpoint',
            fields=[
                ('tenant_id', models.UUIDField(default=quoin.base.db.context.current_tenant, editable=False)),
                ('id', models.UUIDField(default=quoin.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('url', models.TextField()),
                ('description', models.TextField(default='')),
                ('event_names', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('secret', models.TextField()),
                ('previous_secret', models.TextField(default='')),
                ('previous_until', models.DateTimeField(null=True)),
                ('paused_at', models.DateTimeField(null=True)),
                ('paused_reason', models.TextField(default='')),
                ('owner_email', models.TextField(default='')),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'constraints': [quoin.base.db.tenancy.TenantKey(name='integrations_webhookendpoint_key'), quoin.base.db.tenancy.RowSecurity(name='integrations_webhookendpoint_rows'), quoin.base.db.tenancy.Audited(inserts=True, name='integrations_webhookendpoint_trail')],
            },
        ),
        migrations.CreateModel(
            name='WebhookDelivery',
            fields=[
                ('tenant_id', models.UUIDField(default=quoin.base.db.context.current_tenant, editable=False)),
                ('id', models.UUIDField(default=quoin.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('event_id', models.UUIDField()),
                ('event_name', models.TextField()),
                ('body', models.TextField()),
                ('status', models.CharField(default='waiting', max_length=10)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('log', models.JSONField(default=list)),
                ('last_status', models.PositiveSmallIntegerField(default=0)),
                ('last_error', models.TextField(default='')),
                ('created_at', models.DateTimeField()),
                ('next_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('endpoint', quoin.base.db.tenancy.Reference(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='integrations.webhookendpoint')),
            ],
            options={
                'indexes': [models.Index(fields=['tenant_id', '-created_at'], name='webhook_delivery_newest'), models.Index(fields=['tenant_id', 'endpoint', 'status'], name='webhook_delivery_endpoint')],
                'constraints': [quoin.base.db.tenancy.TenantKey(name='integrations_webhookdelivery_key'), quoin.base.db.tenancy.RowSecurity(name='integrations_webhookdelivery_rows'), quoin.base.db.tenancy.TenantReference(column='endpoint_id', name='integrations_webhookdelivery_endpoint_fk', to='integrations_webhookendpoint'), models.UniqueConstraint(fields=('tenant_id', 'endpoint', 'event_id'), name='webhook_delivery_once'), models.CheckConstraint(condition=models.Q(('status__in', ['waiting', 'delivered', 'failed', 'held'])), name='webhook_delivery_status')],
            },
        ),
    ]
