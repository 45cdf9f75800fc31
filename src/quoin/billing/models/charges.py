"""Tables of what is priced: charges, their rollup by month, and what was written down."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from quoin.accounts.models import LegalEntity
from quoin.base.db.tenancy import (
    Reference,
    RowSecurity,
    TenantModel,
    amount_field,
    currency_field,
    rate_field,
    tenant_table,
)
from quoin.clients.models import Client
from quoin.people.models import Person
from quoin.projects.models import Project, Task
from quoin.sales.models import Contract


class Charge(TenantModel):
    """One priced fact: an approved entry or expense, a milestone, a fee. Each has exactly one live charge.

    For every live charge: minutes on live invoice lines + written off + still unbilled = its minutes.
    """

    prefix = "chg"

    kind = models.CharField(max_length=10)
    """time, expense, milestone, fee, overage or prepaid (billing.types.ChargeKind)."""
    source_id = models.UUIDField()
    source_version = models.PositiveIntegerField(default=1)
    part = models.PositiveSmallIntegerField(default=1)
    """A cap may split a charge: part 1 is billed, part 2 waits."""
    batch_id = models.UUIDField(null=True)
    """The action that charged it; the journals of that charging have it as their source."""
    entity = Reference(LegalEntity)
    client = Reference(Client)
    contract = Reference(Contract, null=True)
    project = Reference(Project, null=True)
    task = Reference(Task, null=True)
    person = Reference(Person, null=True)
    work_on = models.DateField()
    minutes = models.PositiveIntegerField(default=0)
    """As worked."""
    billable_minutes = models.PositiveIntegerField(default=0)
    """After the contract's increments per entry."""
    rate_id = models.UUIDField(null=True)
    """The rate card row that priced it."""
    rate_per_hour = rate_field(null=True)
    currency = currency_field()
    amount = amount_field(default=0)
    """Price, net, in the contract's currency."""
    base_amount = amount_field(default=0)
    """The price in the entity's currency, as it was posted to unbilled work; zero where nothing was posted."""
    cost_amount = amount_field(default=0)
    cost_currency = currency_field()
    """The entity's currency."""
    is_stepped = models.BooleanField(default=False)
    """Whether billing increments were applied, as they are to the parts of a split charge."""
    status = models.CharField(max_length=12, default="unbilled")
    """unbilled, drafted, billed, written_off, included (in a fixed price or retainer), non_billable or void."""
    held_until = models.DateField(null=True)
    hold_reason = models.TextField(default="")
    note = models.TextField(default="")
    """What the client reads."""
    charged_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            # What it points at is checked per statement (migration 0014): a month has ten thousands of charges.
            *tenant_table("billing_charge", audited=False),
            models.UniqueConstraint(
                fields=["tenant_id", "source_id", "kind", "part"], condition=~Q(status="void"), name="charge_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["unbilled", "drafted", "billed", "written_off", "included", "non_billable", "void"]
                ),
                name="charge_status",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "project", "work_on"], name="charge_project_day"),
            models.Index(
                fields=["tenant_id", "contract", "work_on"], condition=Q(status="unbilled"), name="charge_unbilled"
            ),
            models.Index(
                fields=["tenant_id", "contract", "work_on"], condition=Q(status="drafted"), name="charge_drafted"
            ),
            # What a fee or a fixed price pays for: counted when a retainer's month is settled and on its page.
            models.Index(
                fields=["tenant_id", "contract", "work_on"], condition=Q(status="included"), name="charge_included"
            ),
        ]


class ChargeMonth(models.Model):
    """Rollup kept by triggers on Charge: minutes, price and cost per month, project, person, kind and status."""

    pk = models.CompositePrimaryKey("tenant_id", "month_on", "project_id", "person_id", "kind", "status", "currency")
    tenant_id = models.UUIDField()
    month_on = models.DateField()
    project_id = models.UUIDField()
    """The nil UUID where a charge has none."""
    person_id = models.UUIDField()
    kind = models.CharField(max_length=10)
    status = models.CharField(max_length=12)
    currency = currency_field()
    cost_currency = currency_field()
    minutes = models.BigIntegerField()
    billable_minutes = models.BigIntegerField()
    amount = models.DecimalField(max_digits=24, decimal_places=4)
    cost_amount = models.DecimalField(max_digits=24, decimal_places=4)
    charges = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [RowSecurity(name="billing_chargemonth_rows")]


class WriteDown(TenantModel):
    """A change of what is billed, before issue; worked minutes stay. Negative amounts write up."""

    prefix = "wrd"

    charge = Reference(Charge)
    minutes = models.IntegerField(default=0)
    """Billable minutes given up."""
    amount = amount_field()
    base_amount = amount_field(default=0)
    """In the entity's currency, as it was posted."""
    reason = models.TextField()
    decided_by_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField()
    reverses = Reference("billing.WriteDown", null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("billing_writedown", append_only=True, charge="billing_charge", reverses="billing_writedown"),
            models.CheckConstraint(condition=~Q(reason=""), name="write_down_reason"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "charge"], name="write_down_charge")]
