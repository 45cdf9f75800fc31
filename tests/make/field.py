"""Field work for tests: a client with a site, a project with a task, visits with hours."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from quoin.clients.actions import create_client
from quoin.field import actions
from quoin.field.models import Delivery, Site, Visit
from quoin.projects.actions import create_project, create_task
from quoin.projects.models import Project, Task
from tests.make.world import World


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in May 2026."""
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC)


def job(world: World) -> tuple[Project, Task, Site]:
    """An installation at a client's plant."""
    client = create_client(world.actor, name="Vega Presswerk", country="DE", currency="EUR")
    project = create_project(world.actor, name="Vega press line", client_id=client.id, starts_on=date(2026, 5, 1))
    task = create_task(world.actor, project_id=project.id, name="Set up the press")
    site = actions.create_site(
        world.actor, client_id=client.id, name="Plant 1", city="Kassel", latitude="51.31", longitude="9.49"
    )
    return project, task, site


def delivery(world: World, project: Project, **fields: Any) -> Delivery:
    return actions.create_delivery(
        world.actor, project_id=project.id, **{"item": "Press frame", "expected_on": date(2026, 5, 11), **fields}
    )


def visit(world: World, project: Project, site: Site, **fields: Any) -> Visit:
    return actions.create_visit(
        world.actor, project_id=project.id, site_id=site.id, **{"title": "Set up the press", **fields}
    )


def installation(world: World) -> tuple[Visit, Visit, Delivery]:
    """A press line with late goods, a visit that waits, one on the board, and shared equipment; for looking at."""
    project, task, site = job(world)
    goods = delivery(world, project, supplier="Hansa Kran", order_number="4711", task_id=task.id, site_id=site.id)
    actions.date_delivery(world.actor, delivery_id=goods.id, expected_on=date(2026, 5, 20), reason="Ship is late")
    actions.add_units(world.actor, delivery_id=goods.id, serial_numbers=["A-1", "A-2"])
    van = actions.create_equipment(world.actor, name="Van 3", kind="vehicle", registration="KS-Q 3")
    checklist = [("Anchor the frame", True), ("Level it", False)]
    waiting = visit(world, project, site, title="Inspect the hall", latest_on="2026-05-15", checklist=checklist)
    placed = visit(world, project, site, deliveries=[goods.id], checklist=checklist, instructions="Mind the floor.")
    placed = actions.plan_visit(
        world.actor, visit_id=placed.id, hours=(at(6, 8), at(6, 12)), crew=[world.person("Ana Ruiz").id],
        equipment=[van.id], travel_minutes=45,
    )  # fmt: skip
    return waiting, placed, goods
