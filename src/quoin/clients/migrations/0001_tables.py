"""Clients and their contacts."""

from django.db import models

from quoin.base.db import migrating
from quoin.base.db.tenancy import Reference

table = migrating.tables("clients")


class Migration(migrating.Migration):
    initial = True
    replaces = [("clients", "0001_initial")]
    dependencies = [("base", "0002_tables"), ("people", "0001_tables")]
    operations = [
        table(
            "Client",
            [
                ("number", models.TextField()),
                ("name", models.TextField()),
                ("legal_name", models.TextField(default="")),
                ("country", models.CharField(max_length=2)),
                ("vat_id", models.TextField(default="")),
                ("registration_id", models.TextField(default="")),
                ("street", models.TextField(default="")),
                ("city", models.TextField(default="")),
                ("postal_code", models.TextField(default="")),
                ("currency", models.CharField(max_length=3)),
                ("language", models.CharField(default="en", max_length=5)),
                ("payment_days", models.PositiveSmallIntegerField(default=30)),
                ("invoice_email", models.TextField(default="")),
                ("electronic_address", models.TextField(default="")),
                ("buyer_reference", models.TextField(default="")),
                ("web_domain", models.TextField(default="")),
                ("notes", models.TextField(default="")),
                ("is_active", models.BooleanField(default=True)),
                ("is_internal", models.BooleanField(default=False)),
                ("owner", Reference("people.person", null=True)),
            ],
            models.UniqueConstraint(fields=("tenant_id", "number"), name="client_number"),
            indexes=[models.Index(fields=["tenant_id", "name"], name="client_name")],
        ),
        table(
            "Contact",
            [
                ("name", models.TextField()),
                ("email", models.TextField(default="")),
                ("phone", models.TextField(default="")),
                ("job_title", models.TextField(default="")),
                ("gets_invoices", models.BooleanField(default=False)),
                ("client", Reference("clients.client")),
            ],
            indexes=[models.Index(fields=["tenant_id", "client"], name="contact_client")],
        ),
    ]
