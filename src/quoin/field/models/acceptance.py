"""What a client accepted: certificates that never change, and the units that stand at clients since."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from quoin.base.db.tenancy import Reference, TenantModel, tenant_table
from quoin.field.models.work import DeliveredUnit, Delivery
from quoin.people.models import Person


class Acceptance(TenantModel):
    """The client's word that goods are accepted. The printed file is kept with its SHA-256; nothing of it changes."""

    prefix = "acp"

    delivery = Reference(Delivery)
    number = models.PositiveIntegerField()
    """Counts within the firm."""
    accepted_on = models.DateField()
    accepted_by = models.TextField()
    remarks = models.TextField(default="")
    """What is still to be put right; the client accepts all the same."""
    signature_id = models.UUIDField(null=True)
    content = models.JSONField()
    """All that is printed, as it was then."""
    printed_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    issued_by = Reference(Person, null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "field_acceptance",
                append_only=True,
                delivery="field_delivery",
                signature="base_storedfile",
                printed="base_storedfile",
                issued_by="people_person",
            ),
            models.UniqueConstraint(fields=["tenant_id", "number"], name="acceptance_number"),
            models.CheckConstraint(condition=~Q(accepted_by=""), name="acceptance_by"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "delivery"], name="acceptance_of")]


class AcceptanceWithdrawal(TenantModel):
    """A certificate that does not count any more, and why. It stays where it is."""

    acceptance = Reference(Acceptance)
    reason = models.TextField()
    withdrawn_at = models.DateTimeField()
    withdrawn_by = Reference(Person, null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "field_acceptancewithdrawal",
                append_only=True,
                acceptance="field_acceptance",
                withdrawn_by="people_person",
            ),
            models.UniqueConstraint(fields=["tenant_id", "acceptance"], name="acceptance_withdrawn_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="acceptance_withdrawn_why"),
        ]


class AcceptedUnit(TenantModel):
    """A piece that the client accepted: the installed base. A unit is accepted once."""

    unit = Reference(DeliveredUnit)
    delivery = Reference(Delivery)
    acceptance = Reference(Acceptance)
    accepted_on = models.DateField()
    warranty_until = models.DateField(null=True)
    """The last day of the warranty."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "field_acceptedunit",
                unit="field_deliveredunit",
                delivery="field_delivery",
                acceptance="field_acceptance",
            ),
            models.UniqueConstraint(fields=["tenant_id", "unit"], name="unit_accepted_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "acceptance"], name="accepted_by_certificate")]
