"""Prepaid packs: sell, invoice, cover work that waits, let lapse, pay back, take a sale back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.billing.models import Charge, Invoice, PackMove, PrepaidPack
from quoin.billing.services import pack_notices, packs
from quoin.billing.services.drawing import draw_waiting, give_back
from quoin.billing.types import ChargeStatus, MoveKind, Overflow
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.kernel.money import Money

_MOST_UNDONE = 500


@action("billing.pack.sell", label=_("Sell a prepaid pack"))
def sell_pack(  # noqa: PLR0913  what is agreed with the client
    actor: Actor,
    *,
    contract_id: UUID | str,
    name: str,
    price: Money,
    minutes: int | None = None,
    value: Decimal | str | None = None,
    sold_on: date | str | None = None,
    expires_on: date | str | None = None,
    overflow: Overflow | str = Overflow.BILL,
    project_ids: Sequence[UUID | str] = (),
    job_role_ids: Sequence[UUID | str] = (),
    note: str = "",
) -> PrepaidPack:
    """Sell hours, or work worth `value` at the agreed rates, for a price; its charge waits to be billed.

    Price and value are without VAT, and with it where the contract's prices include it.
    """
    if overflow not in set(Overflow):
        raise invalid("/overflow", "Work without room is billed, held or refused: bill, hold or refuse.")
    offer = packs.Offer(
        name=name, price=price, minutes=minutes, value=None if value is None else Decimal(str(value)),
        sold_on=_day(sold_on) or actor.today, expires_on=_day(expires_on), overflow=Overflow(overflow),
        project_ids=[UUID(str(key)) for key in project_ids], role_ids=[UUID(str(key)) for key in job_role_ids],
        note=note,
    )  # fmt: skip
    pack = packs.sell(actor, contract_id=UUID(str(contract_id)), offer=offer)
    touch(pack.public_id)
    undo_with("billing.pack.cancel", pack_id=pack.id, reason="Undone")
    emit(actor, "billing.pack.sold", running_action_id(), pack_id=pack.id)
    return pack


@action("billing.pack.bill", label=_("Draft the invoice of a pack"))
def bill_pack(actor: Actor, *, pack_id: UUID | str) -> Invoice:
    """A draft with the pack alone, so that it is invoiced at its sale; a billing run takes it as well."""
    draft = packs.draft_of(actor, packs.locked_pack(pack_id))
    touch(draft.public_id)
    undo_with("billing.invoice.discard", invoice_id=draft.id)
    return draft


@action("billing.pack.cover", label=_("Cover waiting work with packs"))
def cover_work(actor: Actor, *, contract_id: UUID | str) -> tuple[UUID, ...]:
    """Set unbilled time of a contract against its packs, oldest first; returns the charges that are covered now."""
    ids = draw_waiting(actor, contract_id=UUID(str(contract_id)))
    touch(f"{len(ids)} charges")
    if ids and len(ids) <= _MOST_UNDONE:
        undo_with("billing.pack.uncover", charge_ids=list(ids))
    return ids


@action("billing.pack.uncover", label=_("Take work off its pack"))
def uncover_work(actor: Actor, *, charge_ids: Sequence[UUID | str]) -> int:
    """Give back what the work took: it is unbilled again, at its rate. Returns how many charges."""
    ids = {UUID(str(key)) for key in charge_ids}
    rows = list(Charge.objects.select_for_update(of=("self",)).filter(id__in=ids).order_by("id"))
    if not ids or len(rows) != len(ids):
        raise NotFound("One of these charges does not exist.")
    drawn = set(PackMove.objects.filter(charge_id__in=ids, kind=MoveKind.DRAW).values_list("charge_id", flat=True))
    if drawn != ids or any(row.status != ChargeStatus.INCLUDED for row in rows):
        raise Conflict("Only work that a prepaid pack covers is taken off it.")
    give_back(actor, rows, is_open_again=True)
    touch(f"{len(rows)} charges")
    return len(rows)


@action("billing.pack.expire", label=_("Let a pack expire"))
def expire_pack(actor: Actor, *, pack_id: UUID | str) -> PackMove:
    """What is left after the expiry day is earned without work (breakage)."""
    pack = packs.locked_pack(pack_id)
    move = packs.expire(actor, pack)
    touch(pack.public_id)
    undo_with("billing.pack.revive", pack_id=pack.id, reason="Undone")
    emit(actor, "billing.pack.expired", running_action_id(), pack_id=pack.id)
    return move


@action("billing.pack.revive", label=_("Take the expiry of a pack back"))
def revive_pack(actor: Actor, *, pack_id: UUID | str, reason: str, expires_on: date | str | None = None) -> PackMove:
    """What had expired is left again; `expires_on` gives the client longer."""
    if not reason.strip():
        raise invalid("/reason", "Say why the pack is usable again.")
    pack = packs.locked_pack(pack_id)
    day = _day(expires_on)
    if day is not None and day <= pack.sold_on:
        raise invalid("/expires_on", "A pack expires after the day of its sale.")
    move = packs.revive(actor, pack, reason=reason.strip())
    if day is not None:
        PrepaidPack.objects.filter(id=pack.id).update(expires_on=day)
    touch(pack.public_id, reason=reason)
    return move


@action("billing.pack.refund", label=_("Pay the rest of a pack back"))
def refund_pack(actor: Actor, *, pack_id: UUID | str, reason: str) -> Invoice:
    """A credit note over what is left. It is issued at once, so that it cannot be undone."""
    if not reason.strip():
        raise invalid("/reason", "Say why the rest is paid back; the client reads it.")
    pack = packs.locked_pack(pack_id)
    found = packs.refund(actor, pack, reason=reason.strip())
    touch(pack.public_id, reason=reason)
    emit(actor, "billing.pack.refunded", running_action_id(), pack_id=pack.id)
    return found.credit_note


@action("billing.pack.cancel", label=_("Take the sale of a pack back"))
def cancel_pack(actor: Actor, *, pack_id: UUID | str, reason: str) -> PrepaidPack:
    """For a pack that is not invoiced: the sale never was, and its work is unbilled again."""
    if not reason.strip():
        raise invalid("/reason", "Say why the sale is taken back.")
    pack = packs.locked_pack(pack_id)
    packs.cancel(actor, pack, reason=reason.strip())
    touch(pack.public_id, reason=reason)
    return pack


@action("billing.pack.tell", label=_("Tell who sells packs which of them end"))
def tell_of_packs(actor: Actor) -> int:
    """A mail about packs that expire soon or of which little is left, each said once; returns how many packs."""
    soon, low = pack_notices.tell(actor)
    for pack in soon:
        emit(actor, "billing.pack.ends_soon", running_action_id(), pack_id=pack.id)
    touch(f"{len({*soon, *low})} packs")
    return len({*soon, *low})


def _day(text: date | str | None) -> date | None:
    return None if text is None or text == "" else date.fromisoformat(str(text))
