"""Where the minutes and the money of charges are (I-13): approved, billed, written off, still unbilled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum

from quoin.billing.models import Charge, InvoiceItem, WriteDown
from quoin.billing.types import ChargeFate
from quoin.kernel.errors import NotFound
from quoin.kernel.money import Money
from quoin.ledger.types import Valued


@dataclass(frozen=True, slots=True)
class Standing:
    """A charge with its fate, and what of it stands in the books as unbilled work."""

    charge: Charge
    fate: ChargeFate
    carried: Valued


def locked_standings(charge_ids: Iterable[UUID]) -> tuple[Standing, ...]:
    """These live charges, locked in id order; NotFound if one does not exist or is void."""
    ids = set(charge_ids)
    rows = list(
        Charge.objects.select_for_update(of=("self",))
        .select_related("entity")
        .filter(id__in=ids)
        .exclude(status="void")
        .order_by("id")
    )
    if len(rows) != len(ids):
        raise NotFound("One of these charges does not exist any more. Load the page again.")
    return standings(rows)


def standings(rows: Iterable[Charge]) -> tuple[Standing, ...]:
    """The fates of charges, in their order."""
    charges = tuple(rows)
    ids = [charge.id for charge in charges]
    changes: dict[UUID, Mapping[str, Any]] = {row["charge_id"]: row for row in _changes(ids)}
    billed: dict[UUID, Mapping[str, Any]] = {row["charge_id"]: row for row in _billed(ids)}
    return tuple(_standing(charge, changes.get(charge.id, {}), billed.get(charge.id, {})) for charge in charges)


def _changes(ids: list[UUID]) -> Iterable[Mapping[str, Any]]:
    return (
        WriteDown.objects.filter(charge_id__in=ids)
        .values("charge_id")
        .annotate(
            off_minutes=Sum("minutes"),
            down=Sum("amount", filter=Q(amount__gt=0, reverses=None) | Q(reverses__amount__gt=0)),
            up=Sum("amount", filter=Q(amount__lt=0, reverses=None) | Q(reverses__amount__lt=0)),
            base=Sum("base_amount"),
        )
    )


def _billed(ids: list[UUID]) -> Iterable[Mapping[str, Any]]:
    found = InvoiceItem.objects.filter(charge_id__in=ids, is_live=True)
    return found.values("charge_id").annotate(billed_minutes=Sum("minutes"), billed=Sum("amount"))


def _standing(charge: Charge, changes: Mapping[str, Any], billed: Mapping[str, Any]) -> Standing:
    currency = charge.currency
    nothing = Decimal(0)
    down, up = changes.get("down") or nothing, changes.get("up") or nothing
    fate = ChargeFate(
        approved_minutes=charge.billable_minutes,
        approved=Money(charge.amount, currency),
        billed_minutes=int(billed.get("billed_minutes") or 0),
        billed=Money(billed.get("billed") or nothing, currency),
        written_off_minutes=int(changes.get("off_minutes") or 0),
        written_off=Money(down, currency),
        written_up=Money(-up, currency),
    )
    carried = Valued(
        Money(charge.amount - down - up, currency),
        Money(charge.base_amount - (changes.get("base") or nothing), charge.cost_currency),
    )
    return Standing(charge, fate, carried)
