"""Deliveries that a template brings: made when a project begins, and told when a template is drawn from one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from quoin.base.actor import Actor
from quoin.field import services
from quoin.field.models import Delivery
from quoin.projects.models import Project
from quoin.projects.rules.templates.drawing import working_days
from quoin.projects.rules.templates.values import Goods


def on_project_begun(actor: Actor, payload: Mapping[str, Any]) -> None:  # noqa: ARG001  handlers are called alike
    """Goods to be ordered, each with the day on which it is expected and the task that waits for it."""
    deliveries = payload["deliveries"]
    if not deliveries:
        return
    project = Project.objects.get(id=payload["project_id"])
    for told in deliveries:
        Delivery.objects.create(
            project=project, task_id=told["task_id"], number=services.next_delivery_number(project), item=told["item"],
            kind=told["kind"], supplier=told["supplier"], quantity=Decimal(told["quantity"]), unit=told["unit"],
            promised_on=told["expected_on"], expected_on=told["expected_on"],
        )  # fmt: skip


def goods_of(project_id: UUID, starts_on: date) -> Iterable[tuple[UUID | None, Goods]]:
    """The deliveries of a project as a template says them."""
    for row in Delivery.objects.filter(project=project_id).order_by("number"):
        expected = row.promised_on or row.expected_on
        yield row.task_id, Goods(
            item=row.item, kind=row.kind, supplier=row.supplier, quantity=row.quantity, unit=row.unit,
            expected_after_days=working_days(starts_on, expected) if expected and expected > starts_on else 0,
        )  # fmt: skip
