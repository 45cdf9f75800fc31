"""Project templates and their tasks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch
from quoin.base.actor import Actor
from quoin.base.db.faults import explain
from quoin.catalog.models import ProjectTemplate, TemplateTask
from quoin.kernel.errors import NotFound, invalid

explain("project_template_name", "There is a project template of that name.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPlan:
    """A task of a template. `parent` is the position of an earlier task in the list, from 0."""

    name: str
    parent: int | None = None
    estimate_minutes: int = 0
    starts_after_days: int = 0
    lasts_days: int = 1
    is_billable: bool = True
    is_milestone: bool = False
    share_ratio: Decimal = Decimal(0)


@action("catalog.template.save", label=_("Add or change a project template"))
def save_template(
    actor: Actor,
    *,
    name: str,
    template_id: UUID | None = None,
    description: str = "",
    contract_kind: str = "time_and_materials",
    budget_minutes: int = 0,
    tasks: Iterable[TaskPlan] = (),
) -> ProjectTemplate:
    """A template with exactly these tasks."""
    if not name.strip():
        raise invalid("/name", "A template needs a name.")
    plans = tuple(tasks)
    _check(plans)
    template = ProjectTemplate()
    if template_id is not None:
        found = ProjectTemplate.objects.select_for_update().filter(id=template_id).first()
        if found is None:
            raise NotFound("There is no such template.")
        template = found
    template.name, template.description = name.strip(), description
    template.contract_kind, template.budget_minutes = contract_kind, budget_minutes
    template.save()
    _drop_tasks(template)
    _write_tasks(template, plans)
    touch(template.public_id)
    return template


@action("catalog.template.remove", label=_("Remove a project template"))
def remove_template(actor: Actor, *, template_id: UUID) -> None:
    """Projects that were started from it stay as they are."""
    template = ProjectTemplate.objects.select_for_update().filter(id=template_id).first()
    if template is None:
        raise NotFound("There is no such template.")
    touch(template.public_id)
    _drop_tasks(template)
    template.delete()


def _check(plans: tuple[TaskPlan, ...]) -> None:
    for number, plan in enumerate(plans):
        if not plan.name.strip():
            raise invalid(f"/tasks/{number}/name", "A task needs a name.")
        if plan.parent is not None and not 0 <= plan.parent < number:
            raise invalid(f"/tasks/{number}/parent", "The task above stands earlier in the list.")
    share = sum((plan.share_ratio for plan in plans if plan.is_milestone), Decimal(0))
    if share not in {Decimal(0), Decimal(1)}:
        raise invalid("/tasks", f"The shares of the milestones add up to 1; these are {share}.")


def _drop_tasks(template: ProjectTemplate) -> None:
    tasks = TemplateTask.objects.filter(template=template)
    tasks.update(parent=None)
    tasks.delete()


def _write_tasks(template: ProjectTemplate, plans: tuple[TaskPlan, ...]) -> None:
    made: list[TemplateTask] = []
    for number, plan in enumerate(plans):
        made.append(
            TemplateTask(
                template=template, parent=None if plan.parent is None else made[plan.parent], position=number,
                name=plan.name.strip(), estimate_minutes=plan.estimate_minutes,
                starts_after_days=plan.starts_after_days, lasts_days=plan.lasts_days, is_billable=plan.is_billable,
                is_milestone=plan.is_milestone, share_ratio=plan.share_ratio,
            )
        )  # fmt: skip
    TemplateTask.objects.bulk_create(made)
