"""Recognising revenue up to a day: the run writes the plan that its preview shows; a second one posts none (I-09)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch
from quoin.base.actor import Actor
from quoin.base.audit.write import canonical
from quoin.base.events import emit
from quoin.billing.services.due import single_project
from quoin.billing.services.posting import Positions
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.ids import uuid7
from quoin.ledger.rules.journals import earn
from quoin.ledger.services import Posting, PostingCalendars, RateTable, post_many
from quoin.ledger.types import AccountRole, Dimensions, FxRate, SourceRef
from quoin.revenue.models import Recognition
from quoin.revenue.queries.plans import ContractRevenue, RunPlan, plan_of
from quoin.sales.models import Contract

RECOGNISE = "revenue.run.recognise"
_ACCOUNTS = {
    "straight_line": AccountRole.REVENUE_SUBSCRIPTION,
    "milestone": AccountRole.REVENUE_FIXED_PRICE,
    "cost_to_cost": AccountRole.REVENUE_FIXED_PRICE,
}
_DIGITS = Decimal("0.0000000001")


@action(RECOGNISE, label=_("Recognise revenue"))
def recognise_revenue(actor: Actor, *, up_to: date | str, contract_ids: Iterable[UUID | str] | None = None) -> RunPlan:
    """Post what contracts by progress have earned by the day and was not posted before.

    What belongs to a closed month is posted on the first open day (R18); the row keeps the day it is for.
    """
    up_to = date.fromisoformat(str(up_to))
    if up_to > actor.today:
        raise invalid("/up_to", "Revenue is recognised up to today or an earlier day.")
    chosen = None if contract_ids is None else {UUID(str(key)) for key in contract_ids}
    if chosen is not None and Contract.objects.filter(id__in=chosen).count() != len(chosen):
        raise NotFound("There is no such contract.")
    # The contracts' rows make two runs wait for each other.
    locked = Contract.objects.select_for_update().order_by("id")
    list((locked if chosen is None else locked.filter(id__in=chosen)).values_list("id", flat=True))
    plan = plan_of(up_to=up_to, contract_ids=chosen)
    moved = [found for found in plan.contracts if found.step.posting]
    rows = [_row(actor, found, up_to) for found in moved]
    Recognition.objects.bulk_create(rows)
    projects = single_project(found.contract.id for found in moved)
    standing = Positions(found.contract.id for found in moved)
    calendars = PostingCalendars(actor)
    currencies = {found.contract.currency for found in moved} | {found.contract.entity.currency for found in moved}
    rates = RateTable(currencies, first=up_to, last=up_to)
    postings = []
    for row, found in zip(rows, moved, strict=True):
        contract = found.contract
        rate = rates.rate(currency=contract.currency, base_currency=contract.entity.currency, on=up_to)
        on = calendars.day(contract.entity_id, up_to)
        postings.append(_posting(row, found, standing, rate=rate, on=on, project_id=projects.get(contract.id)))
    post_many(actor, postings)
    touch(f"{len(rows)} contracts")
    emit(actor, "revenue.run.recognised", running_action_id(), recognition_ids=[row.id for row in rows])
    return plan


def _row(actor: Actor, found: ContractRevenue, up_to: date) -> Recognition:
    share = found.progress.share
    return Recognition(
        id=uuid7(), contract=found.contract, up_to_on=up_to, method=found.method,
        progress_ratio=(Decimal(share.numerator) / Decimal(share.denominator)).quantize(_DIGITS),
        cumulative_amount=found.step.to_date.amount, step_amount=found.step.posting.amount,
        currency=found.contract.currency, basis=canonical(found.basis) | {"words": found.step.words},
        recognised_at=actor.now,
    )  # fmt: skip


def _posting(
    row: Recognition,
    found: ContractRevenue,
    standing: Positions,
    *,
    rate: FxRate,
    on: date,
    project_id: UUID | None,
) -> Posting:
    contract = found.contract
    journal = earn(
        found.step.posting,
        position=standing.of(contract.entity_id, contract.id, currency=rate.currency, base_currency=rate.base_currency),
        rate=rate,
        account=_ACCOUNTS[found.method],
        posting_on=on,
        text=f"Revenue of {contract.number} up to {row.up_to_on}",
        dimensions=Dimensions(client_id=contract.client_id, contract_id=contract.id, project_id=project_id),
    )
    return Posting(entity_id=contract.entity_id, source=SourceRef("recognition", row.id), journal=journal)
