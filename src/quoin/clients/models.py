"""Tables of clients."""

from typing import ClassVar

from django.db import models

from quoin.base.db.tenancy import Reference, TenantModel, currency_field, tenant_table
from quoin.people.models import Person


class Client(TenantModel):
    """An organization that buys work."""

    prefix = "cli"

    number = models.TextField()
    name = models.TextField()
    legal_name = models.TextField(default="")
    country = models.CharField(max_length=2)
    vat_id = models.TextField(default="")
    registration_id = models.TextField(default="")
    street = models.TextField(default="")
    city = models.TextField(default="")
    postal_code = models.TextField(default="")
    currency = currency_field()
    language = models.CharField(max_length=5, default="en")
    payment_days = models.PositiveSmallIntegerField(default=30)
    invoice_email = models.TextField(default="")
    electronic_address = models.TextField(default="")
    """`scheme:identifier` (EN 16931 BT-49)."""
    buyer_reference = models.TextField(default="")
    web_domain = models.TextField(default="")
    owner = Reference(Person, null=True)
    notes = models.TextField(default="")
    is_active = models.BooleanField(default=True)
    is_internal = models.BooleanField(default=False)
    """The firm itself, for internal projects: never billed."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("clients_client", owner="people_person"),
            models.UniqueConstraint(fields=["tenant_id", "number"], name="client_number"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "name"], name="client_name")]


class Contact(TenantModel):
    """A person at the client."""

    prefix = "con"

    client = Reference(Client)
    name = models.TextField()
    email = models.TextField(default="")
    phone = models.TextField(default="")
    job_title = models.TextField(default="")
    gets_invoices = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = tenant_table("clients_contact", client="clients_client")
        indexes: ClassVar = [models.Index(fields=["tenant_id", "client"], name="contact_client")]
