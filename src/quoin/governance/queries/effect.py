"""What a change order would do: price, budget, plan, people and margin, before anything is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from quoin.base.actor import Actor
from quoin.catalog.queries.books import rate_book
from quoin.catalog.types import RateSubject
from quoin.governance.models import ChangeLine, ChangeOrder
from quoin.governance.queries import lines_of
from quoin.governance.rules.plan_lines import PlanLine, plan_changes
from quoin.governance.rules.price import OpenPart, PriceLine, PricePlan, plan_price
from quoin.governance.types import LineKind, NothingToSend
from quoin.kernel.errors import DomainError
from quoin.kernel.money import Money, for_minutes, zero
from quoin.people.queries import VIEW_COST, cost_book
from quoin.projects.models import Project, ProjectMember
from quoin.projects.queries.plan import VIEW_PLAN, Preview, load_plan, try_out
from quoin.projects.rules.adopt import taken_over, takes_over
from quoin.projects.rules.effect import End
from quoin.projects.rules.plan import Change, Plan
from quoin.sales.models import Contract, Milestone

_PLANNED = (LineKind.ADD_TASK, LineKind.EXTEND_TASK)
PRICED = {"fixed_price": "fixed_amount", "time_and_materials": "cap_amount"}
"""Where a contract of a kind holds its price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEffect:
    """The difference that a change order makes. Cost and margin are None for those who may not see costs."""

    currency: str
    price: Decimal
    price_before: Decimal | None
    budget_minutes: tuple[int, int]
    budget_amount: tuple[Decimal, Decimal] | None
    plan: Preview | None
    people: tuple[ChangeLine, ...]
    minutes: int
    """Effort that comes on top."""
    cost: Money | None
    margin: Money | None
    problem: str = ""
    """Why it could not be applied as things stand."""

    @property
    def price_after(self) -> Decimal | None:
        return None if self.price_before is None else self.price_before + self.price

    @property
    def end(self) -> End | None:
        """When the project's own end moves."""
        return next(iter(self.plan.effect.ends), None) if self.plan else None


def effect_of(actor: Actor, change: ChangeOrder) -> ChangeEffect:
    """The effect as of now; what stands in the way is told in `problem`."""
    project, lines = change.project, list(lines_of(change))
    problem, preview = "", None
    try:
        check_complete(change, lines)
        price_plan(change, lines)
        if actor.may(VIEW_PLAN):
            preview = preview_of(actor, project, lines)
    except DomainError as fault:
        problem = fault.detail
    cost = cost_of(actor, project, lines, change.planned_cost)
    price = Money(change.price_amount, change.currency)
    old = project.budget_amount
    return ChangeEffect(
        currency=change.currency, price=change.price_amount, price_before=price_of(change.contract),
        budget_minutes=(project.budget_minutes, project.budget_minutes + change.budget_minutes),
        budget_amount=None
        if old is None and not change.budget_amount
        else (old or Decimal(0), (old or Decimal(0)) + change.budget_amount),
        plan=preview, people=tuple(one for one in lines if one.kind == LineKind.PEOPLE),
        minutes=sum(one.minutes for one in lines if one.kind in _PLANNED), cost=cost,
        margin=price - cost if cost is not None and cost.currency == price.currency else None, problem=problem,
    )  # fmt: skip


def price_of(contract: Contract | None) -> Decimal | None:
    """The price or cap that a contract holds; None if it holds none."""
    if contract is None or contract.kind not in PRICED:
        return None
    return getattr(contract, PRICED[contract.kind])  # type: ignore[no-any-return]  # one of two amounts


def check_complete(change: ChangeOrder, lines: Sequence[ChangeLine]) -> None:
    """NothingToSend where the order changes nothing, or the contract cannot take it."""
    if not lines and not change.budget_minutes and not change.budget_amount:
        raise NothingToSend("The change order changes nothing yet. Add a line first.")
    has_price = any(one.kind == LineKind.PRICE for one in lines)
    contract = change.contract
    if has_price and (contract is None or contract.kind not in PRICED):
        raise NothingToSend(
            "A price changes under a fixed-price or time-and-materials contract. Change a retainer's fee there."
        )
    if contract is not None and contract.recognition == "cost_to_cost" and change.planned_cost is None:
        raise NothingToSend("Revenue is recognised by cost: say how the planned cost changes, even if by 0.")
    if change.project.budget_minutes + change.budget_minutes < 0:
        raise NothingToSend("The change takes more hours off the budget than there are.")
    if (change.project.budget_amount or Decimal(0)) + change.budget_amount < 0:
        raise NothingToSend("The change takes more money off the budget than there is.")
    before = price_of(contract)
    if has_price and before is not None and before + change.price_amount <= 0:
        raise NothingToSend("The change leaves nothing of the price. Close the contract instead.")


def price_plan(change: ChangeOrder, lines: Iterable[ChangeLine]) -> PricePlan:
    """What becomes of the contract's parts; PriceTooLow if more is taken off than is open."""
    rows = Milestone.objects.filter(contract=change.contract_id).order_by("position") if change.contract_id else ()
    parts = [
        OpenPart(row.id, row.name, row.amount, row.reached_on is None and not row.bills_on_due_day) for row in rows
    ]
    wanted = [
        PriceLine(one.id, one.text, one.amount or Decimal(0), one.ends_on, one.bills_on_due_day)
        for one in lines
        if one.kind == LineKind.PRICE
    ]
    return plan_price(parts, wanted)


def preview_of(actor: Actor, project: Project, lines: Iterable[ChangeLine]) -> Preview | None:
    """The plan after the lines, and what differs; None where no line touches the plan."""
    plan = load_plan(project.id, today=actor.today)
    wanted = changes_of(plan, project.id, lines, today=actor.today)
    if not wanted:
        return None
    return try_out(actor, taken_over(plan, project.id) if takes_over(plan, project.id, wanted) else plan, wanted)


def changes_of(plan: Plan, project_id: UUID, lines: Iterable[ChangeLine], *, today: date) -> list[Change]:
    """The lines as changes of the plan."""
    return plan_changes(
        [
            PlanLine(
                id=one.id, kind=LineKind(one.kind), text=one.text, minutes=one.minutes, task_id=one.task_id,
                follows_id=one.follows_id, precedes_id=one.precedes_id, starts_on=one.starts_on, ends_on=one.ends_on,
                assignee_id=one.assignee_id,
            )
            for one in lines
        ],
        plan, project_id, today=today,
    )  # fmt: skip


def cost_of(actor: Actor, project: Project, lines: Iterable[ChangeLine], planned: Decimal | None) -> Money | None:
    """What the change costs: as somebody said, else its effort at the cost of who does it, or of the team's mean."""
    if not actor.may(VIEW_COST):
        return None
    if planned is not None and project.contract is not None:
        return Money(planned, project.contract.entity.currency)
    work = [one for one in lines if one.kind in _PLANNED and one.minutes]
    team = list(ProjectMember.objects.filter(project=project.id).values_list("person_id", flat=True))
    book = cost_book({*team, *(one.assignee_id for one in work if one.assignee_id)})
    rates = [row.per_hour for person in team if (row := book.on(person, actor.today)) is not None]
    currency = rates[0].currency if rates else project.currency
    alike = [one.amount for one in rates if one.currency == currency]
    mean = sum(alike, Decimal(0)) / len(alike) if alike else None
    total = zero(currency)
    for one in work:
        row = book.on(one.assignee_id, one.starts_on or actor.today) if one.assignee_id else None
        rate = row.per_hour.amount if row is not None and row.per_hour.currency == currency else mean
        if rate is None:
            return None
        worth = for_minutes(abs(one.minutes), rate, currency).round()
        total = total + worth if one.minutes > 0 else total - worth
    return total


def role_rate(project: Project, role_id: UUID | None, *, on: date) -> Money | None:
    """What an hour of the role is sold for in the project on the day, by the rates that price its time."""
    contract: Any = project.contract
    if contract is None:
        return None
    book = rate_book(
        currency=contract.currency, project_ids=[project.id], contract_ids=[contract.id],
        client_ids=[project.client_id], card_ids=[contract.rate_card_id] if contract.rate_card_id else [],
    )  # fmt: skip
    subject = RateSubject(
        project_id=project.id, contract_id=contract.id, client_id=project.client_id, card_id=contract.rate_card_id,
        role_id=role_id,
    )  # fmt: skip
    found = book.price(subject=subject, on=on)
    return found.rate_per_hour if found else None
