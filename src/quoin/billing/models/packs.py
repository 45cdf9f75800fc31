"""Tables of prepaid packs: what was bought ahead, and every move that brought it to what is left."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from quoin.base.db.tenancy import (
    Reference,
    TenantModel,
    amount_field,
    currency_field,
    tenant_table,
)
from quoin.billing.models.charges import Charge
from quoin.clients.models import Client
from quoin.sales.models import Contract


class PrepaidPack(TenantModel):
    """Hours or money that a client bought ahead. Triggers of its moves keep what is left, never below zero."""

    prefix = "pck"

    number = models.PositiveIntegerField()
    name = models.TextField()
    contract = Reference(Contract)
    client = Reference(Client)
    unit = models.CharField(max_length=8, default="minutes")
    """minutes, or money: the price of work at the agreed rates."""
    size = amount_field()
    currency = currency_field()
    price_amount = amount_field()
    """Net; VAT is charged with the sale."""
    entered_amount = amount_field(null=True)
    """The price as it was agreed, with its VAT, where the contract's prices include it."""
    sold_on = models.DateField()
    expires_on = models.DateField(null=True)
    """First day on which it is not usable any more."""
    overflow = models.CharField(max_length=8, default="bill")
    """What becomes of work without room: bill, hold or refuse."""
    project_ids = ArrayField(models.UUIDField(), default=list)
    role_ids = ArrayField(models.UUIDField(), default=list)
    """What it covers; empty is all of the contract."""
    note = models.TextField(default="")
    left_size = amount_field(default=0)
    left_amount = amount_field(default=0)
    """Of the price: what is owed to the client in work."""
    is_closed = models.BooleanField(default=False)
    """Expired, paid back or taken back: draws nothing more."""
    sold_at = models.DateTimeField()
    expiry_told_for = models.DateField(null=True)
    """The expiry day that was pointed out by mail."""
    is_low_told = models.BooleanField(default=False)
    """Whether it was said that little is left."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table("billing_prepaidpack", contract="sales_contract", client="clients_client"),
            models.UniqueConstraint(fields=["tenant_id", "number"], name="pack_number"),
            models.CheckConstraint(
                condition=Q(left_size__gte=0, left_amount__gte=0)
                & Q(left_size__lte=F("size"), left_amount__lte=F("price_amount")),
                name="pack_not_overdrawn",
            ),
            models.CheckConstraint(
                condition=Q(left_size__gt=0) | Q(left_amount=0), name="pack_empty_is_worth_nothing"
            ),
            models.CheckConstraint(condition=Q(size__gt=0, price_amount__gte=0), name="pack_size"),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gt=F("sold_on")), name="pack_expires_after_sale"
            ),
            models.CheckConstraint(
                condition=Q(unit__in=["minutes", "money"], overflow__in=["bill", "hold", "refuse"]), name="pack_words"
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["tenant_id", "contract"], name="pack_contract")]


class PackMove(TenantModel):
    """A change of what is left of a pack: positive adds, negative uses up. What is left is their sum."""

    prefix = "pmv"

    pack = Reference(PrepaidPack)
    kind = models.CharField(max_length=10)
    """sale, draw, give_back, expire, revive, refund or cancel (billing.types.MoveKind)."""
    position = models.PositiveIntegerField(default=0)
    """In the order of the moves of the pack; set by the database."""
    on = models.DateField()
    """Day of the work, or of what was decided."""
    units = amount_field()
    amount = amount_field()
    """The part of the price."""
    base_amount = amount_field(default=0)
    charge = Reference(Charge, null=True)
    minutes = models.IntegerField(default=0)
    value_amount = amount_field(default=0)
    """What of the charge is covered: minutes and their price at the agreed rate; negative when given back."""
    reason = models.TextField(default="")
    reverses = Reference("billing.PackMove", null=True)
    batch_id = models.UUIDField(null=True)
    """The action that made it; the journals have it as their source."""
    moved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "billing_packmove", append_only=True,
                pack="billing_prepaidpack", charge="billing_charge", reverses="billing_packmove",
            ),
            models.UniqueConstraint(fields=["tenant_id", "pack", "position"], name="pack_move_position"),
            models.UniqueConstraint(
                fields=["tenant_id", "reverses"], condition=Q(reverses__isnull=False), name="pack_move_reversed_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="sale", units__gt=0)
                | Q(kind__in=["draw", "expire", "refund", "cancel"], units__lt=0)
                | Q(kind__in=["give_back", "revive"], units__gt=0, reverses__isnull=False),
                name="pack_move_sign",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["draw", "give_back"], charge__isnull=False)
                | (~Q(kind__in=["draw", "give_back"]) & Q(charge=None)),
                name="pack_move_charge",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["tenant_id", "charge"], name="pack_move_charge_row")]
