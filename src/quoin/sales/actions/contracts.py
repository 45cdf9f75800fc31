"""Contracts: their terms, and the milestones of a fixed price."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.kernel.money import Money
from quoin.kernel.words import Sentence, say
from quoin.sales.models import Contract, Milestone
from quoin.sales.services import add_contract, change_contract, mark_open, mark_reached, milestone_for

_OUT_OF_THE_WAY = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestonePlan:
    """A part of the price: due when it is reached, or on its day with `bills_on_due_day`."""

    name: str
    amount: Decimal
    due_on: date | None = None
    bills_on_due_day: bool = False


@action("sales.contract.create", label=_("Create a contract"))
def create_contract(
    actor: Actor, /, *, client_id: UUID, entity_id: UUID | None = None, number: str = "", **fields: Any
) -> Contract:
    """A new contract; `fields` are columns of it (services.FIELDS)."""
    row = add_contract(actor, client_id=client_id, entity_id=entity_id, number=number, **fields)
    touch(row.public_id)
    return row


@action("sales.contract.update", label=_("Change a contract"))
def update_contract(actor: Actor, /, *, contract_id: UUID, **fields: Any) -> Contract:
    """New terms for work that is charged from now on."""
    row = _locked(contract_id)
    if row.status == "closed":
        raise Conflict("The contract is closed. Open it again to change it.")
    old = {name: getattr(row, name) for name in fields if hasattr(row, name)}
    changed = change_contract(actor, row, fields)
    touch(row.public_id)
    undo_with("sales.contract.update", contract_id=row.id, **old)
    return changed


@action("sales.contract.close", label=_("Close or open a contract"))
def close_contract(actor: Actor, *, contract_id: UUID, is_closed: bool = True) -> Contract:
    """A closed contract takes no new projects and is left out of billing runs once its work is billed."""
    row = _locked(contract_id)
    status = "closed" if is_closed else "active"
    if row.status == status:
        raise Conflict(say("The contract is %(status)s.", status=Sentence(status)))
    row.status = status
    row.save(update_fields=["status"])
    touch(row.public_id)
    undo_with("sales.contract.close", contract_id=row.id, is_closed=not is_closed)
    emit(actor, "sales.contract.changed", running_action_id(), contract_id=row.id)
    return row


@action("sales.milestone.plan", label=_("Plan the milestones of a contract"))
def plan_milestones(actor: Actor, *, contract_id: UUID, milestones: Iterable[MilestonePlan]) -> tuple[Milestone, ...]:
    """The parts of a fixed price, in order. They add up to the price; reached ones stay as they are."""
    row = _locked(contract_id)
    plans = tuple(milestones)
    kept = list(Milestone.objects.filter(contract=row, reached_on__isnull=False).order_by("position"))
    _check_sum(row, [milestone.amount for milestone in kept] + [plan.amount for plan in plans])
    made = _replanned(row, plans, after=max((milestone.position for milestone in kept), default=0))
    touch(row.public_id)
    emit(actor, "sales.contract.changed", running_action_id(), contract_id=row.id)
    return (*kept, *made)


@action("sales.milestone.reach", label=_("Mark a milestone as reached"))
def reach_milestone(actor: Actor, *, milestone_id: UUID, on: date | None = None) -> Milestone:
    """The milestone's part of the price may be billed."""
    row = milestone_for(milestone_id)
    if row.reached_on is not None:
        raise Conflict(say("%(name)s was reached on %(reached_on)s.", name=row.name, reached_on=row.reached_on))
    day = on or actor.today
    if day > actor.today:
        raise invalid("/on", "A milestone is reached today or earlier.")
    touch(row.public_id)
    undo_with("sales.milestone.unreach", milestone_id=row.id)
    mark_reached(actor, row, day)
    return row


@action("sales.milestone.unreach", label=_("Take a milestone back"))
def unreach_milestone(actor: Actor, *, milestone_id: UUID | str) -> Milestone:
    """The milestone is open again; refused once it is billed."""
    row = milestone_for(UUID(str(milestone_id)))
    if row.reached_on is None:
        raise Conflict(say("%(name)s is not reached.", name=row.name))
    touch(row.public_id)
    mark_open(actor, row)
    return row


def _locked(contract_id: UUID | str) -> Contract:
    row = (
        Contract.objects.select_for_update(of=("self",))
        .select_related("client", "entity")
        .filter(id=UUID(str(contract_id)))
        .first()
    )
    if row is None:
        raise NotFound("There is no such contract.")
    return row


def _replanned(row: Contract, plans: tuple[MilestonePlan, ...], *, after: int) -> list[Milestone]:
    """The open milestones as planned. One that keeps its name stays the same row: goods may be tied to it."""
    rows = Milestone.objects.filter(contract=row, reached_on=None)
    there: dict[str, list[Milestone]] = {}
    for milestone in rows.order_by("position"):
        there.setdefault(milestone.name, []).append(milestone)
    # Out of the way first: no two of a contract stand at the same position, not even for a moment.
    rows.update(position=F("position") + _OUT_OF_THE_WAY)
    made = []
    for number, plan in enumerate(plans, 1):
        same = there.get(plan.name.strip())
        milestone = same.pop(0) if same else Milestone(contract=row, name=plan.name.strip())
        milestone.position, milestone.amount = after + number, plan.amount
        milestone.due_on, milestone.bills_on_due_day = plan.due_on, plan.bills_on_due_day
        made.append(milestone)
    rows.exclude(id__in=[milestone.id for milestone in made]).delete()
    for milestone in made:
        milestone.save()
    return made


def _check_sum(row: Contract, amounts: list[Decimal]) -> None:
    for number, amount in enumerate(amounts):
        money = Money(amount, row.currency)
        if amount <= 0 or money != money.round():
            raise invalid(f"/milestones/{number}/amount", "A part of the price is a positive amount in whole cents.")
    if row.fixed_amount is None:
        raise invalid("/milestones", "Only a contract with a price has milestones.")
    if sum(amounts) != row.fixed_amount:
        raise invalid(
            "/milestones",
            say(
                "The parts add up to %(total)s; the price is %(fixed_amount)s.",
                total=sum(amounts),
                fixed_amount=row.fixed_amount,
            ),
        )
