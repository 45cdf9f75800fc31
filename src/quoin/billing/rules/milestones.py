"""Fixed prices: shares of the price by milestone or schedule, and what the client keeps until acceptance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from quoin.billing.types import BillingInvalid, Charge, ChargeKind, Milestone
from quoin.kernel.money import EXACT, Money
from quoin.sales.types import ContractTerms

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Retention:
    """What the client owes now and what it may keep until acceptance. VAT is due on the whole."""

    due: Money
    retained: Money


def milestone_amounts(price: Money, milestones: Sequence[Milestone]) -> tuple[Money, ...]:
    """The price shared over all milestones; the shares add up to the price (R3)."""
    if sum(milestone.share_percent for milestone in milestones) != _HUNDRED:
        raise BillingInvalid("The shares of the milestones add up to 100 per cent.")
    if min(milestone.share_percent for milestone in milestones) < 0:
        raise BillingInvalid("The share of a milestone is not negative.")
    return price.allocate([milestone.share_percent for milestone in milestones])


def milestone_charges(
    price: Money, milestones: Sequence[Milestone], *, terms: ContractTerms, project_id: UUID | None
) -> tuple[Charge, ...]:
    """A charge for each milestone that is reached: all of its share, never a part."""
    amounts = milestone_amounts(price, milestones)
    return tuple(
        Charge(
            id=milestone.charge_id,
            kind=ChargeKind.MILESTONE,
            source_id=milestone.id,
            source_version=1,
            contract_id=terms.contract_id,
            client_id=terms.client_id,
            project_id=project_id,
            task_id=None,
            person_id=None,
            role_id=None,
            work_on=milestone.due_on,
            worked_minutes=0,
            billable_minutes=0,
            rate_per_hour=None,
            amount=amount,
            cost=None,
            note=milestone.name,
            is_signed=milestone.is_signed,
        )
        for milestone, amount in zip(milestones, amounts, strict=True)
        if milestone.is_reached
    )


def retain(*, net: Money, vat: Money, percent: Decimal, terms: ContractTerms) -> Retention:
    """The retained share of the net, and the gross that is due now."""
    retained = (net * EXACT.divide(percent, _HUNDRED)).round(terms.rounding)
    return Retention(due=net + vat - retained, retained=retained)
