"""Reopened work takes its charges back: the rows stay, marked void, and the books get the opposite entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Sum

from quoin.base.actions import running_action_id
from quoin.base.actor import Actor
from quoin.billing.models import Charge, InvoiceItem, WriteDown
from quoin.billing.services.drawing import give_back
from quoin.billing.services.expenses import post_expense_costs
from quoin.billing.services.posting import EARNED_AT_APPROVAL, Group, GroupKey, dimensions_of, group_key, post_groups
from quoin.billing.types import ChargeBilled, ChargeKind, ChargeStatus
from quoin.kernel.errors import Problem
from quoin.kernel.ids import public_id
from quoin.kernel.words import say
from quoin.ledger.services import RateTable
from quoin.timesheets.models import Expense

_LISTED = 20


def on_time_reopened(actor: Actor, payload: Mapping[str, Any]) -> None:
    """Handler of `timesheets.time.reopened`."""
    void_charges(actor, kind=ChargeKind.TIME, source_ids=payload["entry_ids"])


def on_expense_reopened(actor: Actor, payload: Mapping[str, Any]) -> None:
    """Handler of `timesheets.expense.reopened`."""
    void_charges(actor, kind=ChargeKind.EXPENSE, source_ids=payload["expense_ids"])


def void_charges(actor: Actor, *, kind: ChargeKind, source_ids: Iterable[UUID]) -> int:
    """Take back the live charges of these sources; ChargeBilled names those that are billed or written down."""
    charges = list(
        Charge.objects.select_for_update(of=("self",))
        .select_related("entity")
        .filter(source_id__in=list(source_ids), kind=kind.value)
        .exclude(status=ChargeStatus.VOID)
        .order_by("id")
    )
    if not charges:
        return 0
    _refuse_bound(charges)
    if kind is ChargeKind.TIME:
        give_back(actor, charges, is_open_again=False)
    groups = opposite_groups(charges)
    days = [charge.work_on for charge in charges]
    currencies = {charge.currency for charge in charges} | {charge.cost_currency for charge in charges}
    post_groups(
        actor,
        groups,
        source_kind="reopening",
        source_id=running_action_id(),
        text="Approval taken back",
        rates=RateTable(currencies, first=min(days), last=max(days)),
    )
    if kind is ChargeKind.EXPENSE:
        rows = {row.id: row for row in Expense.objects.filter(id__in=[charge.source_id for charge in charges])}
        pairs = [(rows[charge.source_id], charge) for charge in charges]
        post_expense_costs(actor, pairs, sign=-1, source_id=running_action_id())
    return Charge.objects.filter(id__in=[charge.id for charge in charges]).update(status=ChargeStatus.VOID)


def opposite_groups(charges: Iterable[Charge]) -> dict[GroupKey, Group]:
    """The groups that take back what the charges posted."""
    groups: dict[GroupKey, Group] = {}
    for index, charge in enumerate(charges):
        key = group_key(charge.entity_id, charge.work_on, ChargeKind(charge.kind), dimensions_of(charge))
        group = groups.get(key)
        if group is None:
            group = groups[key] = Group(charge.currency, charge.cost_currency)
        is_posted = charge.status == ChargeStatus.UNBILLED and charge.kind in EARNED_AT_APPROVAL
        amount = -charge.amount if is_posted else Decimal(0)
        # The cost of an expense is owed to a person and carries VAT: it is taken back in a journal of its own.
        cost = -charge.cost_amount if charge.kind == ChargeKind.TIME else Decimal(0)
        group.add(index, amount=amount, cost=cost, on=charge.work_on)
    return groups


def _refuse_bound(charges: list[Charge]) -> None:
    ids = [charge.id for charge in charges]
    billed = set(InvoiceItem.objects.filter(charge_id__in=ids, is_live=True).values_list("charge_id", flat=True))
    lowered = set(
        WriteDown.objects.filter(charge_id__in=ids)
        .values("charge_id")
        .annotate(minutes_left=Sum("minutes"), left=Sum("amount"))
        .exclude(minutes_left=0, left=0)
        .values_list("charge_id", flat=True)
    )
    taken = {ChargeStatus.DRAFTED, ChargeStatus.BILLED}
    problems = tuple(
        Problem(
            pointer=f"/charges/{public_id('chg', charge.id)}",
            code="charge_written_down" if charge.id in lowered else "charge_billed",
            detail=say("The charge of %(work_on)s was written down or up.", work_on=charge.work_on)
            if charge.id in lowered
            else say("The charge of %(work_on)s is on an invoice or a draft.", work_on=charge.work_on),
            help="Take the write-down back first." if charge.id in lowered else "Credit or discard it there first.",
        )
        for charge in charges
        if charge.status in taken or charge.id in billed or charge.id in lowered
    )
    if problems:
        first = f"{problems[0].detail} {problems[0].help}"
        raise ChargeBilled(
            say("%(count)s of %(of)s cannot be reopened. %(first)s", count=len(problems), of=len(charges), first=first),
            problems=problems[:_LISTED],
        )
