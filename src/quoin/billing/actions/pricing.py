"""Pricing unbilled work again, and charging what is due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.billing.services.due import charge_due
from quoin.billing.services.repricing import RepricePlan, Scope, reprice
from quoin.billing.services.retainers import settle_retainers


@action("billing.charge.reprice", label=_("Price unbilled work again"))
def reprice_charges(
    actor: Actor,
    *,
    since: date | None = None,
    project_id: UUID | None = None,
    contract_id: UUID | None = None,
    charge_ids: Iterable[UUID] | None = None,
) -> RepricePlan:
    """Apply the rates of today's cards to unbilled time. Work that is billed, split or written down stays."""
    chosen = None if charge_ids is None else frozenset(charge_ids)
    plan = reprice(actor, Scope(since=since, project_id=project_id, contract_id=contract_id, charge_ids=chosen))
    touch(f"{len(plan.changes)} charges")
    emit(actor, "billing.charge.repriced", running_action_id(), charge_ids=[c.charge.id for c in plan.changes])
    return plan


@action("billing.contract.charge_due", label=_("Charge what is due"))
def charge_what_is_due(actor: Actor, *, on: date | None = None) -> int:
    """Payments of schedules and fees of retainers up to a day; returns how many were charged."""
    count = charge_due(actor, on=on or actor.today)
    touch(f"{count} charges")
    return count


@action("billing.retainer.settle", label=_("Settle months of retainers"))
def settle_months(actor: Actor, *, on: date | None = None) -> int:
    """Settle all retainer months that are over by the day; returns how many."""
    count = settle_retainers(actor, on=on or actor.today)
    touch(f"{count} months")
    return count
