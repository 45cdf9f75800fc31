"""Commands about budgets: begin a draft, write its lines, keep it as a version, open the last one again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.kernel.errors import Conflict, Invalid, NotFound, invalid
from quoin.kernel.words import say
from quoin.projects.models import BudgetLine, BudgetVersion, Project
from quoin.projects.queries.budgets import current_of, from_plan, line_for, lines_of, version_for
from quoin.projects.services import budgets
from quoin.projects.services.own import own_project

SOURCES = ("current", "plan", "empty")


@action("projects.budget.draft", label=_("Begin a draft of a budget"))
def draft_budget(actor: Actor, *, project_id: UUID | str, source: str = "current") -> BudgetVersion:
    """From the budget that counts (or the totals typed on the project), from the estimates of the plan, or empty."""
    if source not in SOURCES:
        text = say("%(value)s is not one of %(choices)s.", value=repr(source), choices=", ".join(SOURCES))
        raise invalid("/source", text, code="not_a_choice")
    project = _own(actor, "projects.budget.draft", project_id)
    if source == "plan":
        lines = from_plan(actor, project)
        if not lines:
            raise invalid("/source", "The plan has no task with an estimate. Estimate its tasks, or begin empty.")
    elif source == "current":
        current = current_of(project.id)
        lines = budgets.copied(current) if current else budgets.first_lines(project)
    else:
        lines = []
    made = budgets.add_version(actor, project, lines)
    touch(made.public_id)
    undo_with("projects.budget.discard", budget_id=made.id)
    return made


@action("projects.budget.discard", label=_("Discard a draft of a budget"))
def discard_budget(actor: Actor, *, budget_id: UUID | str) -> None:
    """The draft goes with its lines; kept versions stay."""
    draft = _draft(actor, "projects.budget.discard", budget_id)
    touch(draft.public_id)
    undo_with("projects.budget.restore", project_id=draft.project_id, lines=_told(draft))
    draft.delete()


@action("projects.budget.restore", label=_("Write a draft of a budget again"))
def restore_budget(actor: Actor, *, project_id: UUID | str, lines: Iterable[Mapping[str, Any]]) -> BudgetVersion:
    """A draft with these lines, as it was before it was discarded."""
    project = _own(actor, "projects.budget.restore", project_id)
    made = budgets.add_version(actor, project, [])
    budgets.write_lines(made, _lines(made, lines))
    touch(made.public_id)
    undo_with("projects.budget.discard", budget_id=made.id)
    return made


@action("projects.budget.write", label=_("Write the lines of a budget"))
def write_budget(actor: Actor, *, budget_id: UUID | str, lines: Iterable[Mapping[str, Any]]) -> BudgetVersion:
    """All lines of a draft at once, in place of those it has."""
    draft = _draft(actor, "projects.budget.write", budget_id)
    undo_with("projects.budget.write", budget_id=draft.id, lines=_told(draft))
    # Checked first, so that a line that cannot be read takes nothing away. Who may not read costs keeps them.
    costs = dict(BudgetLine.objects.filter(version=draft).values_list("key", "cost"))
    made = _lines(draft, lines, costs)
    BudgetLine.objects.filter(version=draft).delete()
    budgets.write_lines(draft, made)
    touch(draft.public_id)
    return draft


@action("projects.budget.add", label=_("Add lines to a budget"))
def add_budget_lines(actor: Actor, *, budget_id: UUID | str, lines: Iterable[Mapping[str, Any]]) -> list[BudgetLine]:
    """Lines at the end of a draft."""
    draft = _draft(actor, "projects.budget.add", budget_id)
    undo_with("projects.budget.write", budget_id=draft.id, lines=_told(draft))
    made = _lines(draft, lines)
    if not made:
        raise invalid("/lines", "Type at least one line.", code="required")
    budgets.write_lines(draft, made)
    touch(draft.public_id)
    return made


@action("projects.budget.edit", label=_("Edit a line of a budget"))
def edit_budget_line(actor: Actor, /, *, budget_line_id: UUID | str, **fields: Any) -> BudgetLine:
    line, draft = _line(actor, "projects.budget.edit", budget_line_id)
    values = budgets.line_values(draft.project_id, draft.currency, draft.cost_currency, fields)
    undo_with("projects.budget.edit", budget_line_id=line.id, **{name: getattr(line, name) for name in fields})
    for name, value in values.items():
        setattr(line, name, value)
    if not line.text and not line.task_name and line.job_role_id is None:
        raise invalid("/text", "Say what the line is for, or name a task or a role.", code="required")
    line.save(update_fields=list(values))
    touch(draft.public_id)
    return line


@action("projects.budget.drop", label=_("Take a line out of a budget"))
def drop_budget_line(actor: Actor, *, budget_line_id: UUID | str) -> None:
    line, draft = _line(actor, "projects.budget.drop", budget_line_id)
    undo_with("projects.budget.write", budget_id=draft.id, lines=_told(draft))
    line.delete()
    touch(draft.public_id)


@action("projects.budget.keep", label=_("Keep a budget as a version"))
def keep_budget(
    actor: Actor, *, budget_id: UUID | str, reason: str = "", valid_on: date | str | None = None
) -> BudgetVersion:
    """The draft counts from the day on; its totals stand on the project. A version after the first says why."""
    draft = _draft(actor, "projects.budget.keep", budget_id)
    if not BudgetLine.objects.filter(version=draft).exists():
        raise invalid("/lines", "A budget without lines says nothing. Add a line first.", code="required")
    if current_of(draft.project_id) is not None and not reason.strip():
        raise invalid("/reason", "Say why the budget changes: it stays in its history.", code="required")
    day = date.fromisoformat(valid_on) if isinstance(valid_on, str) and valid_on else valid_on or actor.today
    assert isinstance(day, date)
    kept = budgets.keep(actor, draft, reason=" ".join(reason.split()), valid_on=day)
    touch(kept.public_id, reason=reason)
    undo_with("projects.budget.reopen", budget_id=kept.id)
    emit(
        actor, "projects.budget.kept", running_action_id(), budget_id=kept.id, project_id=kept.project_id,
        number=kept.number,
    )  # fmt: skip
    return kept


@action("projects.budget.reopen", label=_("Open the last version of a budget again"))
def reopen_budget(actor: Actor, *, budget_id: UUID | str) -> BudgetVersion:
    """Only the last kept version, while nobody writes a draft, and not one that a change order made."""
    found = version_for(actor, UUID(str(budget_id)))
    _own(actor, "projects.budget.reopen", found.project_id)
    current = current_of(found.project_id)
    if current is None or current.id != found.id:
        raise Conflict("Only the version that counts can be opened again. Begin a draft from the current one.")
    if found.source_id is not None:
        raise Conflict("A change order made this version. Take the change order back.")
    undo_with("projects.budget.keep", budget_id=found.id, reason=found.reason, valid_on=found.valid_on)
    touch(found.public_id)
    return budgets.reopen(found)


def _lines(
    draft: BudgetVersion, given: Iterable[Mapping[str, Any]], costs: Mapping[UUID, Decimal] | None = None
) -> list[BudgetLine]:
    """New lines of what was given; Invalid names the line and its field."""
    made = []
    for number, one in enumerate(given):
        values = dict(one)
        key = UUID(str(values.pop("key"))) if values.get("key") else None
        values.pop("key", None)
        if key is not None and "cost" not in values:
            values["cost"] = (costs or {}).get(key, 0)
        try:
            checked = budgets.line_values(draft.project_id, draft.currency, draft.cost_currency, values)
            made.append(budgets.new_line(checked, key=key))
        except Invalid as wrong:
            [problem, *_rest] = wrong.problems
            text = say("Line %(number)s: %(detail)s", number=number + 1, detail=problem.detail)
            raise invalid(f"/lines/{number}{problem.pointer}", text) from None
    return made


def _told(draft: BudgetVersion) -> list[dict[str, Any]]:
    """The lines as `projects.budget.write` takes them; for undo."""
    names = ("key", "kind", "text", "task_id", "job_role_id", "month_on", "minutes", "amount", "cost")
    return [{name: getattr(row, name) for name in names} for row in lines_of(draft)]


def _draft(actor: Actor, permission: str, budget_id: UUID | str) -> BudgetVersion:
    found = version_for(actor, UUID(str(budget_id)))
    _own(actor, permission, found.project_id)
    return budgets.locked_draft(found)


def _line(actor: Actor, permission: str, line_id: UUID | str) -> tuple[BudgetLine, BudgetVersion]:
    seen = line_for(actor, UUID(str(line_id)))
    draft = _draft(actor, permission, seen.version_id)
    line = BudgetLine.objects.select_for_update(of=("self",)).filter(id=seen.id).first()
    if line is None:
        raise NotFound("There is no such line of a budget, or you may not see it.")
    return line, draft


def _own(actor: Actor, permission: str, project_id: UUID | str) -> Project:
    """The project, locked, with the contract whose prices a budget takes."""
    return own_project(actor, permission, project_id, "contract__entity")
