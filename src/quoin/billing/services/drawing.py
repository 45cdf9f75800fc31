"""Approved work draws prepaid packs down, and gives back what it took when its approval is taken back.

What a pack covers was paid with the pack: the charge is included, the revenue of its approval goes back, and the part
of the pack's price that it used becomes revenue instead. The database refuses to take more than is left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from quoin.base.actions import running_action_id
from quoin.base.actor import Actor
from quoin.base.db.faults import explain
from quoin.base.events import emit
from quoin.billing.models import Charge, PackMove, PrepaidPack, WriteDown
from quoin.billing.queries.options import low_share
from quoin.billing.queries.run_input import roles_of
from quoin.billing.rules.prepaid import Cover, PackUse, Rest, cover
from quoin.billing.services.posting import Group, GroupKey, dimensions_of, group_key, post_groups
from quoin.billing.services.splitting import divide
from quoin.billing.types import ChargeKind, ChargeStatus, MoveKind, Overflow, Pack, PackUnit, PackUsedUp, PackWork
from quoin.kernel.errors import Problem
from quoin.kernel.ids import public_id, uuid7
from quoin.kernel.money import Money
from quoin.kernel.words import say
from quoin.ledger.services import RateTable

USED_UP = "Prepaid pack used up"
_FAR = date(9999, 12, 31)
_LISTED = 20

explain("pack_not_overdrawn", "The pack has less than that left. Load the page again.")


@dataclass(slots=True)
class _Drawn:
    """Charges that packs cover, whole by now, and what they took."""

    charges: dict[UUID, Charge]
    uses: list[PackUse]


def draw_approved(actor: Actor, entry_ids: Iterable[UUID], contract_ids: Iterable[UUID], *, may_refuse: bool) -> int:
    """Set time that was just approved against the packs of its contracts; returns how many charges they cover.

    What the packs have no room for is billed, held or refused as the last of them says.
    """
    known = _with_packs(contract_ids)
    if not known:
        return 0
    rows = _open_work().filter(source_id__in=list(entry_ids), contract_id__in=known, held_until=None)
    return _draw(actor, list(rows), at_end=_AtEnd(holds=True, may_refuse=may_refuse))


def draw_priced(actor: Actor, charge_ids: Iterable[UUID]) -> int:
    """As `draw_approved`, for work that got its rate later."""
    rows = _open_work().filter(id__in=list(charge_ids), held_until=None)
    known = _with_packs(rows.order_by().values_list("contract_id", flat=True))
    return _draw(actor, list(rows.filter(contract_id__in=known)), at_end=_AtEnd(holds=True)) if known else 0


def draw_waiting(actor: Actor, *, contract_id: UUID) -> tuple[UUID, ...]:
    """Set all open work of a contract against its packs, oldest first; returns the charges that are covered."""
    waits = Q(held_until=None) | Q(hold_reason=USED_UP)
    rows = list(_open_work().filter(waits, contract_id=contract_id))
    before = {row.id for row in rows}
    _draw(actor, rows, at_end=_AtEnd())
    return tuple(
        Charge.objects.filter(id__in=before, status=ChargeStatus.INCLUDED).order_by("id").values_list("id", flat=True)
    )


def give_back(actor: Actor, charges: Sequence[Charge], *, is_open_again: bool) -> int:
    """Put what these charges took back into its packs; with `is_open_again` they are unbilled work again."""
    ids = [charge.id for charge in charges]
    moves = list(
        PackMove.objects.filter(charge_id__in=ids, kind=MoveKind.DRAW)
        .exclude(id__in=PackMove.objects.filter(charge_id__in=ids, reverses__isnull=False).values("reverses_id"))
        .order_by("pack_id", "id")
    )
    if not moves:
        return 0
    list(_locked({move.pack_id for move in moves}))
    by_id = {charge.id: charge for charge in charges}
    uses = [(by_id[_id(move.charge_id)], move.pack_id, move.amount) for move in moves]
    reopened = [by_id[key] for key in dict.fromkeys(_id(move.charge_id) for move in moves)] if is_open_again else []
    bases = _post(actor, reopened, uses, sign=1, text="Given back to a prepaid pack")
    PackMove.objects.bulk_create(
        [
            PackMove(
                id=uuid7(), pack_id=move.pack_id, kind=MoveKind.GIVE_BACK, on=move.on, units=-move.units,
                amount=-move.amount, base_amount=abs(base), charge_id=move.charge_id, minutes=-move.minutes,
                value_amount=-move.value_amount, reverses=move, batch_id=running_action_id(), moved_at=actor.now,
            )
            for move, base in zip(moves, bases[len(reopened) :], strict=True)
        ]
    )  # fmt: skip
    for charge, base in zip(reopened, bases, strict=False):
        charge.status, charge.base_amount = ChargeStatus.UNBILLED, base
    Charge.objects.bulk_update(reopened, ["status", "base_amount"])
    return len(moves)


def pack_value(row: PrepaidPack) -> Pack:
    """The pack as the rules see it."""
    return Pack(
        id=row.id, sold_on=row.sold_on, expires_on=row.expires_on, size=row.size,
        price=Money(row.price_amount, row.currency).round(), left=row.left_size,
        worth=Money(row.left_amount, row.currency).round(), unit=PackUnit(row.unit), overflow=Overflow(row.overflow),
        project_ids=frozenset(row.project_ids), role_ids=frozenset(row.role_ids),
    )  # fmt: skip


def _open_work() -> QuerySet[Charge]:
    """Unbilled time, locked; what was written down keeps its price and is billed."""
    rows = Charge.objects.select_for_update(of=("self",)).filter(kind=ChargeKind.TIME, status=ChargeStatus.UNBILLED)
    return rows.exclude(id__in=WriteDown.objects.values("charge_id")).order_by("id")


def _with_packs(contract_ids: Iterable[UUID | None]) -> set[UUID]:
    ids = {key for key in contract_ids if key is not None}
    rows = PrepaidPack.objects.filter(contract_id__in=ids, is_closed=False)
    rows = rows.filter(Q(left_size__gt=0) | ~Q(overflow=Overflow.BILL))
    return set(rows.order_by().values_list("contract_id", flat=True))


def _locked(pack_ids: Iterable[UUID]) -> QuerySet[PrepaidPack]:
    return PrepaidPack.objects.select_for_update(no_key=True).filter(id__in=set(pack_ids)).order_by("id")


@dataclass(frozen=True, slots=True)
class _AtEnd:
    """Whether work without room is held or refused as its pack says, or simply left as it is."""

    holds: bool = False
    may_refuse: bool = False


def _draw(actor: Actor, rows: list[Charge], *, at_end: _AtEnd) -> int:
    if not rows:
        return 0
    ids = PrepaidPack.objects.filter(contract_id__in={row.contract_id for row in rows}, is_closed=False)
    packs = list(_locked(ids.values_list("id", flat=True)))
    drawn, rests = _Drawn({}, []), []
    by_id = {row.id: row for row in rows}
    works = _works(rows)
    for contract_id in sorted({row.contract_id for row in rows if row.contract_id}):
        own = [pack_value(pack) for pack in packs if pack.contract_id == contract_id and not pack.is_closed]
        found = cover(own, works[contract_id])
        if at_end.may_refuse:
            _refuse(found.rests, by_id, packs)
        rests += _part(found, by_id, drawn)
    _write(actor, drawn)
    if at_end.holds:
        _hold(rests)
    _tell_low(actor, packs)
    return len(drawn.charges)


def _works(rows: Sequence[Charge]) -> dict[UUID, list[PackWork]]:
    pairs: Any = rows
    roles = roles_of(pairs)
    found: defaultdict[UUID, list[PackWork]] = defaultdict(list)
    for row in rows:
        pair = (row.project_id, row.person_id)
        found[_id(row.contract_id)].append(
            PackWork(
                id=row.id, work_on=row.work_on, minutes=row.billable_minutes,
                value=Money(row.amount, row.currency).round(), project_id=row.project_id,
                role_id=roles.get(pair) if row.project_id and row.person_id else None,  # type: ignore[arg-type]  # both are there
            )
        )  # fmt: skip
    return found


def _part(found: Cover, by_id: Mapping[UUID, Charge], drawn: _Drawn) -> list[tuple[Charge, Rest]]:
    """Keep the uses, split charges that are covered in part; returns what is left over with its rule."""
    minutes: defaultdict[UUID, int] = defaultdict(int)
    values: defaultdict[UUID, Decimal] = defaultdict(Decimal)
    for use in found.uses:
        minutes[use.work_id] += use.minutes
        values[use.work_id] += use.value.amount
        drawn.charges[use.work_id] = by_id[use.work_id]
    drawn.uses += found.uses
    rests = []
    for rest in found.rests:
        row = by_id[rest.work_id]
        if rest.work_id in drawn.charges:
            is_priced = bool(row.amount)
            share = (
                Fraction(values[row.id]) / Fraction(row.amount)
                if is_priced
                else Fraction(minutes[row.id], row.billable_minutes)
            )
            held_until, reason = row.held_until, row.hold_reason
            row = divide(row, share=share, minutes=minutes[row.id])
            Charge.objects.filter(id=row.id).update(held_until=held_until, hold_reason=reason)
        rests.append((row, rest))
    return rests


def _write(actor: Actor, drawn: _Drawn) -> None:
    if not drawn.uses:
        return
    charges = list(drawn.charges.values())
    uses = [(drawn.charges[use.work_id], use.pack_id, use.amount.amount) for use in drawn.uses]
    bases = _post(actor, charges, uses, sign=-1, text="Covered by a prepaid pack")
    for charge in charges:
        charge.status, charge.base_amount = ChargeStatus.INCLUDED, Decimal(0)
        charge.held_until, charge.hold_reason = None, ""
    Charge.objects.bulk_update(charges, ["status", "base_amount", "held_until", "hold_reason"])
    PackMove.objects.bulk_create(
        [
            PackMove(
                id=uuid7(), pack_id=use.pack_id, kind=MoveKind.DRAW, on=drawn.charges[use.work_id].work_on,
                units=-use.units, amount=-use.amount.amount, base_amount=-base, charge_id=use.work_id,
                minutes=use.minutes, value_amount=use.value.amount, batch_id=running_action_id(), moved_at=actor.now,
            )
            for use, base in zip(drawn.uses, bases[len(charges) :], strict=True)
        ]
    )  # fmt: skip


def _post(
    actor: Actor, charges: Sequence[Charge], uses: Sequence[tuple[Charge, UUID, Decimal]], *, sign: int, text: str
) -> list[Decimal]:
    """Post the revenue of the charges' approval with a sign, and what packs earn; returns the base values in order."""
    groups: dict[GroupKey, Group] = {}
    amounts = [sign * charge.amount for charge in charges] + [amount for _, _, amount in uses]
    for index, charge in enumerate(charges):
        key = group_key(charge.entity_id, charge.work_on, ChargeKind.TIME, dimensions_of(charge))
        _add(groups, key, charge, index, amounts[index])
    for index, (charge, pack_id, amount) in enumerate(uses, len(charges)):
        about = replace(dimensions_of(charge), obligation_id=pack_id)
        _add(groups, group_key(charge.entity_id, charge.work_on, ChargeKind.PREPAID, about), charge, index, amount)
    rows = [*charges, *(charge for charge, _, _ in uses)]
    days = [row.work_on for row in rows]
    currencies = {row.currency for row in rows} | {row.cost_currency for row in rows}
    posted = post_groups(
        actor, groups, source_kind="pack", source_id=running_action_id(), text=text,
        rates=RateTable(currencies, first=min(days), last=max(days)),
    )  # fmt: skip
    return [abs(posted.base_amounts.get(index, amount)) for index, amount in enumerate(amounts)]


def _add(  # noqa: PLR0917  the group, and what is added to it
    groups: dict[GroupKey, Group], key: GroupKey, charge: Charge, index: int, amount: Decimal
) -> None:
    group = groups.setdefault(key, Group(charge.currency, charge.cost_currency))
    group.add(index, amount=amount, cost=Decimal(0), on=charge.work_on)


def _hold(rests: Iterable[tuple[Charge, Rest]]) -> None:
    ids = [row.id for row, rest in rests if rest.overflow is not Overflow.BILL]
    Charge.objects.filter(id__in=ids).update(held_until=_FAR, hold_reason=USED_UP)


def _refuse(rests: Iterable[Rest], by_id: Mapping[UUID, Charge], packs: Iterable[PrepaidPack]) -> None:
    refused = [rest for rest in rests if rest.overflow is Overflow.REFUSE]
    if not refused:
        return
    names = {pack.id: f"{pack.name} ({pack.number})" for pack in packs}
    minutes = sum(rest.minutes for rest in refused)
    problems = tuple(
        Problem(
            pointer=f"/entries/{public_id('tim', by_id[rest.work_id].source_id)}", code=PackUsedUp.code,
            detail=say(
                "%(minutes)s minutes of %(work_on)s find no room in %(pack)s.",
                minutes=rest.minutes, work_on=by_id[rest.work_id].work_on, pack=names[rest.pack_id],
            ),
            help="Sell another pack, approve less, or let the pack hold or bill such work.",
        )
        for rest in refused[:_LISTED]
    )  # fmt: skip
    raise PackUsedUp(
        say(
            "%(minutes)s minutes more than pack %(pack)s has left."
            " Sell another pack, approve less, or let the pack hold or bill such work.",
            minutes=minutes,
            pack=names[refused[0].pack_id],
        ),
        problems=problems,
    )


def _tell_low(actor: Actor, packs: Iterable[PrepaidPack]) -> None:
    """Say once, when a pack gets down to the share that the firm calls low."""
    before = {pack.id: pack for pack in packs}
    if not before:
        return
    share = low_share()
    for row in PrepaidPack.objects.filter(id__in=before).order_by("id"):
        line = Fraction(row.size) * Fraction(share)
        if row.left_size <= line < before[row.id].left_size:
            emit(actor, "billing.pack.low", running_action_id(), pack_id=row.id)


def _id(key: UUID | None) -> UUID:
    assert key is not None
    return key
