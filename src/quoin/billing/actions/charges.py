"""Holding unbilled work back, and writing it down or up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, permission, running_action_id, touch, undo_with
from quoin.base.actor import Actor, Scope
from quoin.base.events import emit
from quoin.billing.models import Charge, WriteDown
from quoin.billing.services import writing_down
from quoin.billing.services.charging import NO_RATE
from quoin.billing.types import ChargeBilled, ChargeKind, ChargeStatus
from quoin.kernel.errors import NotFound, invalid
from quoin.timesheets.services import decide

permission(writing_down.OVER_LIMIT, _("Write down more than the limit"))


@action("billing.charge.hold", label=_("Hold unbilled work back"))
def hold_charges(actor: Actor, *, charge_ids: Iterable[UUID | str], until: date | str, reason: str) -> int:
    """Leave charges out of billing runs before a day; returns how many."""
    day = date.fromisoformat(str(until))
    if not reason.strip():
        raise invalid("/reason", "Say why the work is held back.")
    if day <= actor.today:
        raise invalid("/until", "Hold until a later day than today.")
    ids = _unbilled(charge_ids)
    count = Charge.objects.filter(id__in=ids).update(held_until=day, hold_reason=reason.strip())
    touch(f"{count} charges", reason=reason)
    undo_with("billing.charge.release", charge_ids=ids)
    return count


@action("billing.charge.release", label=_("Release held work"))
def release_charges(actor: Actor, *, charge_ids: Iterable[UUID | str]) -> int:
    """Let billing runs take the charges again. What waits for a rate is released by pricing it."""
    ids = _unbilled(charge_ids)
    if Charge.objects.filter(id__in=ids, hold_reason=NO_RATE).exists():
        raise ChargeBilled("Some of this work waits for a rate: add the rate and price it again.")
    count = Charge.objects.filter(id__in=ids).update(held_until=None, hold_reason="")
    touch(f"{count} charges")
    return count


@action("billing.charge.write_down", label=_("Write unbilled work down"))
def write_down_charges(
    actor: Actor,
    *,
    charge_ids: Iterable[UUID | str],
    reason: str,
    minutes: int | None = None,
    amount: Decimal | None = None,
) -> tuple[WriteDown, ...]:
    """Give up billable minutes or money. Several charges are given up whole; one may be given up in part."""
    ids = [UUID(str(charge_id)) for charge_id in charge_ids]
    if not ids:
        raise invalid("/charge_ids", "Choose the entries first.")
    if len(ids) != 1 and (minutes is not None or amount is not None):
        raise invalid("/charge_ids", "Part of the minutes or the price is given up charge by charge.")
    changes = [writing_down.Change(charge_id, minutes, amount) for charge_id in ids]
    rows = writing_down.write_down(actor, changes, reason=reason)
    touch(f"{len(rows)} charges", reason=reason)
    undo_with("billing.write_down.take_back", write_down_ids=[row.id for row in rows], reason="Undone")
    emit(actor, "billing.charge.written_down", running_action_id(), write_down_ids=[row.id for row in rows])
    return rows


@action("billing.charge.write_up", label=_("Raise the price of unbilled work"))
def write_up_charge(actor: Actor, *, charge_id: UUID | str, amount: Decimal, reason: str) -> WriteDown:
    """Bill more for a charge than its rate says."""
    row = writing_down.write_up(actor, charge_id=UUID(str(charge_id)), amount=amount, reason=reason)
    touch(row.charge.public_id, reason=reason)
    undo_with("billing.write_down.take_back", write_down_ids=[row.id], reason="Undone")
    emit(actor, "billing.charge.written_up", running_action_id(), write_down_ids=[row.id])
    return row


@action("billing.write_down.take_back", label=_("Take a write-down back"))
def take_back_write_downs(actor: Actor, *, write_down_ids: Iterable[UUID | str], reason: str) -> tuple[WriteDown, ...]:
    """The work is unbilled at its old price again; refused once it is billed."""
    ids = [UUID(str(row_id)) for row_id in write_down_ids]
    if WriteDown.objects.filter(id__in=ids).count() != len(ids):
        raise NotFound("There is no such write-down.")
    rows = tuple(writing_down.take_back(actor, write_down_id=row_id, reason=reason) for row_id in ids)
    touch(f"{len(rows)} charges", reason=reason)
    return rows


@action("billing.charge.reopen", label=_("Open approved work for correction"))
def reopen_charges(actor: Actor, *, charge_ids: Iterable[UUID | str], reason: str) -> int:
    """Take the approval of unbilled time back: the person who worked corrects it and hands it in again."""
    if not reason.strip():
        raise invalid("/reason", "Say what is to be corrected; the person who worked reads it.")
    ids = _unbilled(charge_ids)
    rows = list(Charge.objects.filter(id__in=ids).values_list("kind", "source_id"))
    if not rows or any(kind != ChargeKind.TIME for kind, _ in rows):
        raise invalid("/charge_ids", "Only worked time is opened here. An expense is opened in Expenses.")
    entries = sorted({source_id for _, source_id in rows})
    decide.reopen(actor, scope=Scope.ALL, entry_ids=entries, note=reason.strip())
    touch(f"{len(entries)} entries", reason=reason)
    return len(entries)


def _unbilled(charge_ids: Iterable[UUID | str]) -> list[UUID]:
    ids = {UUID(str(charge_id)) for charge_id in charge_ids}
    if not ids:
        raise invalid("/charge_ids", "Choose the entries first.")
    rows = list(Charge.objects.select_for_update().filter(id__in=ids).order_by("id").values_list("id", "status"))
    if len(rows) != len(ids):
        raise NotFound("One of these charges does not exist.")
    if any(status != ChargeStatus.UNBILLED for _, status in rows):
        raise ChargeBilled("Only unbilled work is held back or released.")
    return [charge_id for charge_id, _ in rows]
