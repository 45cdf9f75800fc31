"""Versions of a project's budget on the web: one version with its lines, the draft as a grid, two versions compared."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoin.base.actions import undo_token
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import formats, respond
from quoin.base.ui.cells import Cell
from quoin.base.ui.context import viewer
from quoin.kernel.errors import DomainError, invalid
from quoin.kernel.money import Money
from quoin.kernel.quantity import clock
from quoin.people.queries import job_roles
from quoin.projects import queries
from quoin.projects.actions import budgets as do
from quoin.projects.queries import budgets as read
from quoin.projects.queries.budgets import KIND_WORDS, VIEW_BUDGETS, line_name
from quoin.projects.rules.budgets import COLUMNS, Change, summed, totals
from quoin.projects.rules.budgets import compare as compare_entries
from quoin.projects.types import BudgetKind, BudgetStatus
from quoin.projects.web.views import project_context

_FIELDS = {
    "kind": "kind", "text": "text", "task": "task_id", "role": "job_role_id", "month": "month_on", "hours": "minutes",
    "price": "amount", "cost": "cost",
}  # fmt: skip


@page("projects.budget.draft", methods=("POST",))
def draft(request: ActorRequest, number: str) -> HttpResponse:
    """Begin a draft from the current budget, from the plan, or empty."""
    project = queries.project_by_number(request.actor, number)
    made = do.draft_budget(request.actor, project_id=project.id, source=request.POST.get("source", "current"))
    return _to(request, made, _("Draft %(number)s begun") % {"number": made.number})


@page(VIEW_BUDGETS)
def budget(request: ActorRequest, pk: str) -> HttpResponse:
    """One version: kept to read, a draft to write."""
    found = read.version_for(request.actor, object_id("bgv", pk))
    lines = read.lines_of(found)
    sees_cost = read.sees_cost(request.actor, found.project)
    rights = read.rights_on(request.actor, found.project)
    is_draft = found.status == BudgetStatus.DRAFT
    versions = list(read.versions_of(request.actor, found.project))
    kept = [one for one in versions if one.status == BudgetStatus.KEPT]
    others = [one for one in versions if one.id != found.id]
    context = project_context(request, found.project, current="budget") | {
        "title": _("Budget %(number)s") % {"number": found.number}, "number_text": "", "version": found,
        "status": read.STATUSES[BudgetStatus(found.status)], "crumbs": _crumbs(found), "rights": rights,
        "is_draft": is_draft, "sees_cost": sees_cost, "others": others,
        "total": _worded(found, totals(read.entries(lines))),
        "rows": [
            (line, _named(found, line), _cells(request, found, line) if is_draft and rights["edit"] else None)
            for line in lines
        ],
        "kinds": KIND_WORDS, "roles": list(job_roles()), "tasks": list(queries.tasks_of(found.project)),
        "needs_reason": bool(kept), "is_last": bool(kept) and kept[0].id == found.id and found.source_id is None,
        "today": request.actor.today,
    }  # fmt: skip
    return respond.page(request, "projects/budget.html", context)


@page(VIEW_BUDGETS)
def compare(request: ActorRequest, pk: str) -> HttpResponse:
    """What changed from another version (`with`; else the one before) to this one, line by line."""
    found = read.version_for(request.actor, object_id("bgv", pk))
    versions = list(read.versions_of(request.actor, found.project))
    base = _base(request, found, versions)
    before, after = read.lines_of(base), read.lines_of(found)
    changes = compare_entries(read.entries(before), read.entries(after))
    named = {line.key: line for line in (*before, *after)}
    context = project_context(request, found.project, current="budget") | {
        "title": _("Budget %(number)s compared") % {"number": found.number}, "number_text": "", "status": None,
        "crumbs": _crumbs(found), "version": found, "base": base, "versions": versions,
        "sees_cost": read.sees_cost(request.actor, found.project), "kinds": KIND_WORDS,
        "rows": [_compared(found, one, named) for one in changes],
        "was": _worded(found, totals(read.entries(before))), "becomes": _worded(found, totals(read.entries(after))),
        "sum": _worded(found, summed(one.difference for one in changes)),
    }  # fmt: skip
    return respond.page(request, "projects/budget_compare.html", context)


@page("projects.budget.add", methods=("POST",))
def add(request: ActorRequest, pk: str) -> HttpResponse:
    """One line by its fields, or many as a table copied from a spreadsheet."""
    found = read.version_for(request.actor, object_id("bgv", pk))
    post = request.POST
    text = post.get("table", "") or "\t".join(" ".join(post.get(name, "").split()) for name in COLUMNS)
    given = read.typed_lines_of(found.project, text)
    made = do.add_budget_lines(request.actor, budget_id=found.id, lines=given)
    told = ngettext("Line added", "%(count)d lines added", len(made)) % {"count": len(made)}
    return _to(request, found, told)


@page("projects.budget.edit", methods=("PATCH",))
def cell(request: ActorRequest, pk: str) -> HttpResponse:
    """One cell of the grid, saved in place."""
    line = read.line_for(request.actor, object_id("bgl", pk))
    changes = list(QueryDict(request.body).items())
    if len(changes) != 1 or changes[0][0] not in _FIELDS:
        raise invalid("/", _("One cell is saved at a time."))
    [(name, value)] = changes
    version = read.version_for(request.actor, line.version_id)
    try:
        given = _change(version.project, name, str(value))
        do.edit_budget_line(request.actor, budget_line_id=line.id, **given)
    except DomainError as error:
        return respond.cell(request, _cells(request, version, line)[name], error=str(error))
    return respond.cell(request, _cells(request, version, read.line_for(request.actor, line.id))[name])


@page("projects.budget.drop", methods=("POST",))
def drop(request: ActorRequest, pk: str) -> HttpResponse:
    line = read.line_for(request.actor, object_id("bgl", pk))
    do.drop_budget_line(request.actor, budget_line_id=line.id)
    return _to(request, line.version, _("Line taken out"))


@page("projects.budget.keep", methods=("POST",))
def keep(request: ActorRequest, pk: str) -> HttpResponse:
    """The draft becomes the project's budget."""
    budget_id = object_id("bgv", pk)
    found = read.version_for(request.actor, budget_id)
    post = request.POST
    kept = do.keep_budget(
        request.actor, budget_id=budget_id, reason=post.get("reason", ""), valid_on=post.get("valid_on") or None
    )
    text = _("Budget %(number)s is kept") % {"number": kept.number}
    url = reverse("insights:project_budget", args=[found.project.number])
    return respond.redirect_with_toast(request, url, text, undo=undo_token(request.actor))


@page("projects.budget.reopen", methods=("POST",))
def reopen(request: ActorRequest, pk: str) -> HttpResponse:
    opened = do.reopen_budget(request.actor, budget_id=object_id("bgv", pk))
    return _to(request, opened, _("Budget %(number)s is a draft again") % {"number": opened.number})


@page("projects.budget.discard", methods=("POST",))
def discard(request: ActorRequest, pk: str) -> HttpResponse:
    found = read.version_for(request.actor, object_id("bgv", pk))
    do.discard_budget(request.actor, budget_id=found.id)
    url = reverse("insights:project_budget", args=[found.project.number])
    return respond.redirect_with_toast(request, url, _("Draft discarded"), undo=undo_token(request.actor))


def _crumbs(found: Any) -> tuple[tuple[str, str], ...]:
    project = found.project
    return (
        (_("Projects"), reverse("projects:projects")),
        (project.name, reverse("projects:project", args=[project.number])),
        (_("Budget"), reverse("insights:project_budget", args=[project.number])),
    )


def _to(request: ActorRequest, version: Any, text: str) -> HttpResponse:
    url = reverse("projects:budget", args=[version.public_id])
    return respond.redirect_with_toast(request, url, text, undo=undo_token(request.actor))


def _base(request: ActorRequest, found: Any, versions: list[Any]) -> Any | None:
    """The version that is asked for, else the one before; None if there is none."""
    wanted = request.GET.get("with", "")
    if not wanted:
        return next((one for one in versions if one.number < found.number), None)
    base = read.version_for(request.actor, object_id("bgv", wanted))
    if base.project_id != found.project_id:
        raise invalid("/with", _("Two versions of the same project are compared."))
    return base


def _worded(version: Any, found: Any) -> dict[str, Any]:
    """Hours, price and cost as the template writes them."""
    return {
        "minutes": found.minutes, "price": Money(found.amount, version.currency),
        "cost": Money(found.cost, version.cost_currency),
    }  # fmt: skip


def _named(version: Any, line: Any) -> dict[str, Any]:
    return _worded(version, line) | {"name": line_name(line)}


def _compared(version: Any, one: Change, named: Any) -> dict[str, Any]:
    """A line that differs: how it was, how it is, what that makes."""
    line = named[(one.after or one.before).key]  # type: ignore[union-attr]  # one of both is there
    return {
        "how": one.how, "line": line, "name": line_name(line),
        "was": _worded(version, one.before) if one.before else None,
        "becomes": _worded(version, one.after) if one.after else None, "difference": _worded(version, one.difference),
    }  # fmt: skip


def _change(project: Any, name: str, value: str) -> dict[str, Any]:
    """A typed cell as the action takes it, read as a line of a table is."""
    field = _FIELDS[name]
    rows = read.typed_lines_of(project, "\t".join(value if column == name else "" for column in COLUMNS))
    if rows:
        return {field: rows[0][field]}
    return {field: {"kind": BudgetKind.WORK, "text": "", "minutes": 0, "amount": 0, "cost": 0}.get(field)}


def _cells(request: ActorRequest, version: Any, line: Any) -> dict[str, Cell]:
    """The cells of a line of a draft, by column."""
    locale = viewer(request).locale
    url = reverse("projects:budget_cell", args=[line.public_id])
    kinds = tuple((str(key), label) for key, label in KIND_WORDS.items())
    roles = (("", "–"), *((role.name, role.name) for role in job_roles()))
    month = f"{line.month_on:%Y-%m}" if line.month_on else ""
    role, hours = line.job_role.name if line.job_role else "", clock(line.minutes) if line.minutes else ""
    shown: dict[str, tuple[str, str, str, Any]] = {
        "kind": (line.kind, str(KIND_WORDS[BudgetKind(line.kind)]), "select", kinds),
        "text": (line.text, line.text or "–", "text", ()),
        "task": (line.task_name, line.task_name or "–", "text", ()),
        "role": (role, role or "–", "select", roles),
        "month": (month, month or "–", "text", ()),
        "hours": (hours, hours or "–", "text", ()),
        "price": _amount(line.amount, version.currency, locale),
        "cost": _amount(line.cost, version.cost_currency, locale),
    }  # fmt: skip
    labels = column_words()
    return {
        name: Cell(url=url, field=name, value=value, display=display, label=labels[name], kind=kind, choices=choices)
        for name, (value, display, kind, choices) in shown.items()
    }


def _amount(value: Any, currency: str, locale: str) -> tuple[str, str, str, Any]:
    return (f"{value:.2f}" if value else "", formats.money_cell(Money(value, currency), locale), "text", ())


def column_words() -> dict[str, str]:
    """The columns of the grid as the screen names them."""
    return {
        "kind": _("Kind"), "text": _("What"), "task": _("Task or phase"), "role": _("Role"), "month": _("Month"),
        "hours": _("Hours"), "price": _("Price"), "cost": _("Cost"),
    }  # fmt: skip
