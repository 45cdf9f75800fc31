"""Steered projects for tests: a fixed price with parts, a plan that dates itself, a team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from quoin.clients.actions import create_client
from quoin.governance.actions.change_lines import add_line
from quoin.governance.actions.changes import create_change
from quoin.governance.actions.lessons import create_lesson
from quoin.governance.actions.raid import create_raid, edit_raid, turn_raid
from quoin.governance.actions.reports import draft_report
from quoin.governance.models import ChangeOrder
from quoin.people.models import Person
from quoin.projects.actions import create_project, set_member
from quoin.projects.actions.plan import change_plan, settle_plan
from quoin.projects.models import Project, Task
from quoin.sales.actions.contracts import MilestonePlan, create_contract, plan_milestones
from quoin.sales.models import Contract
from tests.make.world import World

DAY = 480


@dataclass(frozen=True, slots=True)
class Job:
    """A project with what it stands on."""

    contract: Contract
    project: Project
    build: Task
    golive: Task
    ana: Person


def job(world: World, *, kind: str = "fixed_price", **terms: Any) -> Job:
    """A fixed price of 20,000 in two parts; Build takes five days from 4 May 2026, and Go-live follows it."""
    client = create_client(
        world.actor, name="Fjord GmbH", country="DE", currency="EUR", street="Hafenstr. 2", city="Kiel",
        postal_code="24103", invoice_email="pay@fjord.example",
    )  # fmt: skip
    if kind == "fixed_price":
        terms = {"fixed_amount": Decimal("20000.00"), "recognition": "milestone", **terms}
    contract = create_contract(world.actor, client_id=client.id, name="ERP roll-out", kind=kind, **terms)
    if kind == "fixed_price":
        plan_milestones(
            world.actor, contract_id=contract.id,
            milestones=[
                MilestonePlan(name="Design accepted", amount=Decimal("8000.00")),
                MilestonePlan(name="Go-live", amount=Decimal("12000.00")),
            ],
        )  # fmt: skip
    project = create_project(
        world.actor, name="Fjord ERP", client_id=client.id, contract_id=contract.id, starts_on=date(2026, 5, 4),
        budget_minutes=100 * 60, budget_amount=Decimal("15000.00"),
    )  # fmt: skip
    ana = world.people.get("Ana Ruiz") or world.person("Ana Ruiz")
    set_member(world.actor, project_id=project.id, person_id=ana.id)
    settle_plan(world.actor, project_id=project.id, schedule="from_start")
    with world.inside():
        project.refresh_from_db()
    change_plan(
        world.actor, project_id=project.id,
        changes=[
            {"op": "task.add", "project": project.id, "name": "Build", "estimate_minutes": 5 * DAY},
            {"op": "task.add", "project": project.id, "name": "Go-live", "kind": "milestone"},
        ],
    )  # fmt: skip
    with world.inside():
        build, golive = Task.objects.filter(project=project).order_by("number")
    change_plan(
        world.actor, project_id=project.id, changes=[{"op": "link.add", "before": build.id, "after": golive.id}]
    )
    return Job(contract, project, build, golive, ana)


def change_order(world: World, held: Job, **fields: Any) -> ChangeOrder:
    """Three more days of work before go-live for 3,600, with their budget and half a consultant."""
    made = create_change(
        world.actor, project_id=held.project.id,
        **{
            "title": "Import of suppliers", "reason": "Asked for in the workshop", "scope": "We import 4,000 suppliers.",
            "budget_minutes": 24 * 60, "budget_amount": Decimal("3600.00"), **fields,
        },
    )  # fmt: skip
    add_line(
        world.actor, order_id=made.id, kind="add_task", text="Supplier import", minutes=3 * DAY,
        follows_id=held.build.id, precedes_id=held.golive.id, assignee_id=held.ana.id,
    )  # fmt: skip
    add_line(world.actor, order_id=made.id, kind="price", text="Supplier import done", amount="3600.00")
    add_line(
        world.actor, order_id=made.id, kind="people", text="Data migration", percent=50, starts_on=date(2026, 5, 11),
        ends_on=date(2026, 5, 29), job_role_id=held.ana.job_role_id,
    )  # fmt: skip
    return made


def steered(world: World, project: Project) -> None:
    """A project with something on each of its screens: risks, one that came true, a draft of a change, a report."""
    late = create_raid(
        world.actor, project_id=project.id, title="Data comes late", probability=4, impact=4, impact_amount="8000.00",
        impact_days=5, owner_id=world.boss.id, response="Ask every week.", due_on=date(2026, 5, 1),
    )  # fmt: skip
    edit_raid(world.actor, raid_id=late.id, probability=5, note="Nothing came")
    crane = create_raid(world.actor, project_id=project.id, title="The crane is late", impact_amount="21000")
    turn_raid(world.actor, raid_id=crane.id, note="Told on Monday")
    made = create_change(
        world.actor, project_id=project.id, title="Import of suppliers", reason="Asked for in the workshop",
        scope="We import your 4,000 suppliers.", budget_minutes=24 * 60,
    )  # fmt: skip
    add_line(world.actor, order_id=made.id, kind="add_task", text="Supplier import", minutes=3 * DAY)
    add_line(world.actor, order_id=made.id, kind="price", text="Supplier import done", amount="3600.00")
    add_line(
        world.actor, order_id=made.id, kind="people", text="Data migration", percent=50, starts_on=date(2026, 5, 11),
        ends_on=date(2026, 5, 29),
    )  # fmt: skip
    draft_report(world.actor, project_id=project.id, money="money")
    create_lesson(world.actor, project_id=project.id, title="Ask for data early", advice="In week one")
