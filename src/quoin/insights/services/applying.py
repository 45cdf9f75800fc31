"""Doing what a scenario says, through the actions of those whose things they are, and how to take all of it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from quoin.base.actor import Actor
from quoin.base.audit.models import AuditAction
from quoin.catalog.actions.rates import add_rates
from quoin.insights.rules.scenarios.applying import (
    BOOKED,
    CANCELLED,
    DUE,
    HIRED,
    LEFT,
    LOST,
    MOVED,
    PLANNED,
    RATED,
    REBOOK,
    REPRICED,
    UNBOOK,
    WON,
    Step,
)
from quoin.kernel.errors import Conflict
from quoin.people.actions import create_person, edit_person, set_cost_rate
from quoin.projects.actions import create_project, edit_project, step_project
from quoin.projects.actions.plan import change_plan
from quoin.resourcing.actions.bookings import create_bookings, delete_bookings, edit_booking, move_bookings
from quoin.resourcing.actions.demands import cancel_demand, create_demand
from quoin.sales.actions.contracts import MilestonePlan, plan_milestones
from quoin.sales.models import Milestone
from quoin.sales.services import amend_contract, locked_contract

UPDATE_CONTRACT = "sales.contract.update"
TENTATIVE, FIRM = "tentative", "firm"


class Applying:
    """One run over the steps. It remembers what was made, for bookings of people who come with the scenario."""

    def __init__(self, actor: Actor, *, as_: str) -> None:
        self._actor, self._as = actor, as_
        self._made: dict[UUID, UUID] = {}
        self.people: list[UUID] = []
        self.projects: list[UUID] = []
        self.milestones: list[dict[str, Any]] = []
        self.prices: list[dict[str, Any]] = []
        self._seen = {row.id for row in self._rows()}
        self.undo: list[dict[str, Any]] = []
        """How to take back what was done, by what the actions say themselves; the last one first."""

    def take(self, step: Step) -> None:
        """Do one step; what refuses it is told with the step it refuses."""
        _TAKERS[step.what](self, step.data)
        for row in self._rows():
            if row.id not in self._seen:
                self._seen.add(row.id)
                self.undo[:0] = [row.undo] if row.undo is not None else []

    def _rows(self) -> QuerySet[AuditAction]:
        """What this request has done so far. Ids of one millisecond have no order, so it is asked step by step."""
        return AuditAction.objects.filter(request_id=self._actor.request_id).order_by("id")

    def hire(self, data: Mapping[str, Any]) -> None:
        person, cost = data["person"], data["cost"]
        made = create_person(
            self._actor, name=person.name, entity_id=person.entity_id, job_role_id=person.role_id,
            hired_on=person.time.hired_on, left_on=person.time.left_on,
        )  # fmt: skip
        self._made[person.id] = made.id
        self.people.append(made.id)
        if cost is not None:
            set_cost_rate(
                self._actor, person_id=made.id, valid_from=person.time.hired_on, amount_per_hour=cost.amount,
                currency=cost.currency,
            )  # fmt: skip

    def win(self, data: Mapping[str, Any]) -> None:
        project, change = data["project"], data["change"].data
        made = create_project(
            self._actor, name=project.name, client_id=project.client_id, starts_on=project.starts_on,
            ends_on=project.ends_on, budget_amount=Decimal(change["price"]), currency=project.currency,
        )  # fmt: skip
        self._made[project.id] = made.id
        self.projects.append(made.id)
        for one in change["team"]:
            for _number in range(one["count"]):
                create_demand(
                    self._actor, project_id=made.id, starts_on=project.starts_on, ends_on=project.ends_on,
                    job_role_id=UUID(one["role_id"]), percent=one["percent"], title=project.name,
                    is_firm=self._as == FIRM,
                )  # fmt: skip

    def unbook(self, data: Mapping[str, Any]) -> None:
        delete_bookings(self._actor, booking_ids=[data["id"]])

    def rebook(self, data: Mapping[str, Any]) -> None:
        fields = data["fields"]
        if self._as == TENTATIVE:
            # First, so that the way there needs no room either.
            edit_booking(self._actor, booking_id=data["id"], is_firm=False)
        if data["to"] is not None:
            person_id = self._made.get(data["to"], data["to"])
            move_bookings(self._actor, booking_ids=[data["id"]], person_id=person_id, by_days=data["by_days"])
        if fields:
            edit_booking(self._actor, booking_id=data["id"], **fields)

    def book(self, data: Mapping[str, Any]) -> None:
        one = data["booking"]
        create_bookings(
            self._actor,
            bookings=[
                {
                    "person_id": self._made.get(one.person_id, one.person_id),
                    "project_id": self._made.get(one.project_id, one.project_id), "starts_on": one.starts_on,
                    "ends_on": one.ends_on, "effort": one.effort, "amount": one.amount,
                    "is_firm": self._as == FIRM, "demand_id": one.demand_id, "job_role_id": one.job_role_id,
                }
            ],
        )  # fmt: skip

    def plan(self, data: Mapping[str, Any]) -> None:
        change_plan(self._actor, project_id=data["project_id"], changes=[dict(one) for one in data["changes"]])

    def move(self, data: Mapping[str, Any]) -> None:
        edit_project(self._actor, project_id=data["project_id"], **data["fields"])

    def due(self, data: Mapping[str, Any]) -> None:
        rows = list(Milestone.objects.filter(contract=data["contract_id"], reached_on=None).order_by("position"))
        self.milestones.append(kept_milestones(data["contract_id"], rows))
        plan_milestones(
            self._actor, contract_id=data["contract_id"],
            milestones=[
                MilestonePlan(
                    name=row.name, amount=row.amount, due_on=data["days"].get(row.id, row.due_on),
                    bills_on_due_day=row.bills_on_due_day,
                )
                for row in rows
            ],
        )  # fmt: skip

    def reprice(self, data: Mapping[str, Any]) -> None:
        self._actor.require(UPDATE_CONTRACT)
        contract = locked_contract(data["contract_id"])
        rows = Milestone.objects.filter(id__in=list(data["amounts"]))
        self.prices.append(
            {
                "contract_id": str(contract.id), "price": str(contract.fixed_amount),
                "amounts": {str(row.id): str(row.amount) for row in rows},
            }
        )  # fmt: skip
        amend_contract(self._actor, contract, fields={"fixed_amount": data["price"]}, amounts=data["amounts"])

    def cancel(self, data: Mapping[str, Any]) -> None:
        cancel_demand(self._actor, demand_id=data["demand_id"], note="A scenario was applied")

    def lose(self, data: Mapping[str, Any]) -> None:
        step_project(self._actor, project_id=data["project_id"], status="closed")

    def rate(self, data: Mapping[str, Any]) -> None:
        add_rates(
            self._actor, card_id=UUID(data["card_id"]), from_on=date.fromisoformat(data["from_on"]),
            percent=Decimal(data["percent"]),
        )  # fmt: skip

    def leave(self, data: Mapping[str, Any]) -> None:
        edit_person(self._actor, person_id=data["person_id"], left_on=date.fromisoformat(data["on"]))


_TAKERS: Mapping[str, Callable[[Applying, Mapping[str, Any]], None]] = {
    HIRED: Applying.hire, WON: Applying.win, UNBOOK: Applying.unbook, REBOOK: Applying.rebook, BOOKED: Applying.book,
    PLANNED: Applying.plan, MOVED: Applying.move, DUE: Applying.due, RATED: Applying.rate, LEFT: Applying.leave,
    REPRICED: Applying.reprice, CANCELLED: Applying.cancel, LOST: Applying.lose,
}  # fmt: skip


def restore_price(actor: Actor, kept: Mapping[str, Any]) -> None:
    """A fixed price and its parts as they were kept; refused if a part was reached since."""
    actor.require(UPDATE_CONTRACT)
    amend_contract(
        actor, locked_contract(UUID(kept["contract_id"])), fields={"fixed_amount": Decimal(kept["price"])},
        amounts={UUID(key): Decimal(amount) for key, amount in kept["amounts"].items()},
    )  # fmt: skip


def kept_milestones(contract_id: UUID, rows: list[Milestone]) -> dict[str, Any]:
    """The open milestones of a contract as plain values."""
    return {
        "contract_id": str(contract_id),
        "milestones": [
            {"name": row.name, "amount": str(row.amount), "due_on": row.due_on and row.due_on.isoformat(),
             "bills_on_due_day": row.bills_on_due_day}
            for row in rows
        ],
    }  # fmt: skip


def restore_milestones(actor: Actor, kept: Mapping[str, Any]) -> None:
    """The open milestones as they were kept; refused if one was reached since."""
    contract_id = UUID(kept["contract_id"])
    there = Milestone.objects.filter(contract=contract_id, reached_on=None).count()
    if there != len(kept["milestones"]):
        raise Conflict("Milestones were reached or planned anew since. Put their days right on the contract.")
    plan_milestones(
        actor, contract_id=contract_id,
        milestones=[
            MilestonePlan(
                name=one["name"], amount=Decimal(one["amount"]),
                due_on=date.fromisoformat(one["due_on"]) if one["due_on"] else None,
                bills_on_due_day=one["bills_on_due_day"],
            )
            for one in kept["milestones"]
        ],
    )  # fmt: skip
