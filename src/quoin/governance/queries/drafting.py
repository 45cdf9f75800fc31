"""What a status report says by itself: the facts of a project on a day, each figure with its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoin.base.actor import Actor
from quoin.base.figures import FIGURES, Parameter, Parameters, every_line, lines_of, may_ask, value_of
from quoin.governance.models import ChangeOrder, StatusReport
from quoin.governance.queries.raid import open_risks, rated
from quoin.governance.rules.report import (
    Proposal,
    Standing,
    TaskFact,
    delay,
    overdue,
    progress,
    propose,
    slipped,
    upcoming,
)
from quoin.governance.types import ChangeStatus, MoneyBlock
from quoin.kernel.errors import DomainError
from quoin.people.queries import VIEW_COST
from quoin.projects.models import Baseline, BaselineTask, Project, Task

HOURS = ("project.worked", "project.budget_time")
MONEY = ("project.revenue", "project.cost", "project.margin", "contract.value", "risk.exposure")
COSTS = frozenset({"project.cost", "project.margin"})
_MOST_LINES, _MOST, _RISKS = 200, 12, 5
_SINCE = timedelta(days=14)
_GRAVE = 15


@dataclass(frozen=True, slots=True)
class Draft:
    """Facts, colour and proposed texts."""

    facts: dict[str, Any]
    proposal: Proposal
    summary: str
    done: str
    upcoming: str
    reason: str


def draft_of(actor: Actor, project: Project, as_of: date, money: MoneyBlock) -> Draft:
    """The report as the facts of the day tell it; nothing is written."""
    tasks, baseline = task_facts(project)
    since = _since(project, as_of)
    finished = [one for one in tasks if one.is_done and one.due_on and since < one.due_on <= as_of]
    figures = _figures(actor, project, as_of, money)
    standing = Standing(
        progress=progress(tasks), used=_used(actor, project, as_of), delay_days=delay(tasks),
        overdue=len(overdue(tasks, as_of)), grave_risks=_grave(actor, project),
    )  # fmt: skip
    proposal = propose(standing)
    coming = upcoming(tasks, as_of)
    facts = {
        "as_of": as_of.isoformat(),
        "since": since.isoformat(),
        "baseline": baseline,
        "progress": f"{standing.progress:.4f}",
        "used": None if standing.used is None else f"{standing.used:.4f}",
        "delay_days": standing.delay_days,
        "ends_on": _iso(max((one.due_on for one in tasks if one.due_on), default=None)),
        "figures": figures,
        "slipped": [_task(one) for one in slipped(tasks)[:_MOST]],
        "milestones": [_task(one) for one in tasks if one.is_milestone][:_MOST],
        "done": [_task(one) for one in finished[:_MOST]],
        "upcoming": [_task(one) for one in coming[:_MOST]],
        "raid": _raid(actor, project, money),
        "changes": _changes(project, as_of, money),
    }
    return Draft(
        facts, proposal, summary=_summary(project, standing), done="\n".join(one.name for one in finished[:_MOST]),
        upcoming="\n".join(one.name for one in coming[:_MOST]), reason=reason_words(proposal),
    )  # fmt: skip


def task_facts(project: Project) -> tuple[list[TaskFact], str]:
    """Tasks that stand for work, beside the first baseline; and what the baseline is called."""
    rows = list(Task.objects.filter(project=project).order_by("position", "number"))
    parents = {row.parent_id for row in rows}
    baseline = Baseline.objects.filter(project=project).order_by("taken_at", "id").first()
    was: dict[UUID, date] = {}
    if baseline is not None:
        for task_id, finish in BaselineTask.objects.filter(baseline=baseline).values_list("task_id", "finish_at"):
            if finish is not None:
                # Work up to midnight ends on the day before it.
                was[task_id] = (finish - timedelta(minutes=1)).date()
    facts = [
        TaskFact(
            row.number, row.name, row.estimate_minutes, row.percent, row.status in {"done", "closed"},
            row.is_milestone or row.kind == "milestone", row.starts_on, row.due_on, was.get(row.id),
        )
        for row in rows
        if row.id not in parents
    ]  # fmt: skip
    return facts, baseline.name if baseline else ""


def reason_words(proposal: Proposal) -> str:
    """Why the light has its colour, as a sentence."""
    said = [_reason(key, number) for key, number in proposal.reasons]
    return "; ".join(said) + "." if said else _("Dates, budget and risks are as planned.")


def _reason(key: str, number: int) -> str:
    count, percent = {"count": number}, {"percent": number}
    if key == "late":
        return (
            ngettext(
                "the end is %(count)d day later than planned", "the end is %(count)d days later than planned", number
            )
            % count
        )
    if key == "over_budget":
        return _("%(percent)d %% of the budget is used") % percent
    if key == "fast_burn":
        return _("%(percent)d %% of the budget is used, more than the work done") % percent
    if key == "overdue":
        return ngettext("%(count)d task is overdue", "%(count)d tasks are overdue", number) % count
    return ngettext("%(count)d risk is grave", "%(count)d risks are grave", number) % count


def _summary(project: Project, standing: Standing) -> str:
    words = _("%(name)s is %(progress)d %% done.") % {
        "name": project.name, "progress": int(standing.progress * 100),
    }  # fmt: skip
    if standing.used is not None:
        words += " " + _("%(used)d %% of the hours are used.") % {"used": int(standing.used * 100)}
    return words


def _since(project: Project, as_of: date) -> date:
    last = (
        StatusReport.objects.filter(project=project, as_of__lt=as_of)
        .exclude(status="draft")
        .order_by("-as_of")
        .values_list("as_of", flat=True)
        .first()
    )
    return last or as_of - _SINCE


def _asked(actor: Actor, key: str, project: Project, as_of: date) -> Parameters | None:
    """The question about the project as of the day; None where the reader may not ask it."""
    figure = FIGURES.get(key)
    if figure is None or not may_ask(actor, figure):
        return None
    until = as_of if Parameter.UNTIL in figure.takes else None
    return Parameters(project_id=project.id, until_on=until)


def _used(actor: Actor, project: Project, as_of: date) -> Decimal | None:
    asked = _asked(actor, "project.worked", project, as_of)
    if asked is None or not project.budget_minutes:
        return None
    return value_of(actor, "project.worked", asked).single() / project.budget_minutes


def _figures(actor: Actor, project: Project, as_of: date, money: MoneyBlock) -> list[dict[str, Any]]:
    keys = {MoneyBlock.NONE: (), MoneyBlock.HOURS: HOURS, MoneyBlock.MONEY: (*HOURS, *MONEY)}[money]
    found = []
    for key in keys:
        asked = _asked(actor, key, project, as_of)
        if asked is None or (key in COSTS and not actor.may(VIEW_COST)):
            continue
        try:
            found.append(_frozen(actor, key, asked))
        except DomainError:
            # A figure that is not to be asked for this project says nothing.
            continue
    return found


def _frozen(actor: Actor, key: str, asked: Parameters) -> dict[str, Any]:
    """The figure with its lines as they are now; a rest beyond the first lines is one line, so that the sum holds."""
    value = value_of(actor, key, asked)
    lines = [
        {
            "label": line.label, "value": str(line.value), "currency": line.currency, "on": _iso(line.on),
            "who": line.who, "part": line.part,
        }
        for line in _lines(lines_of(actor, key, asked))
    ]  # fmt: skip
    return {
        "key": key,
        "label": str(value.figure.label),
        "unit": str(value.figure.unit),
        "sums": {currency: str(amount) for currency, amount in value.sums.items()},
        "lines": _folded(lines),
    }


def _lines(found: Any) -> Sequence[Any]:
    return list(every_line(found))


def _folded(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    shown, rest = lines[:_MOST_LINES], lines[_MOST_LINES:]
    for currency in sorted({one["currency"] for one in rest}):
        alike = [one for one in rest if one["currency"] == currency]
        total = sum((Decimal(one["value"]) for one in alike), Decimal(0))
        label = ngettext("%(count)d more line", "%(count)d more lines", len(alike)) % {"count": len(alike)}
        shown.append({"label": label, "value": str(total), "currency": currency, "on": None, "who": "", "part": ""})
    return shown


def _grave(actor: Actor, project: Project) -> int:
    return sum(1 for one in rated(open_risks(actor).filter(project=project)) if (one.score or 0) >= _GRAVE)


def _raid(actor: Actor, project: Project, money: MoneyBlock) -> list[dict[str, Any]]:
    rows = sorted(
        rated(open_risks(actor).filter(project=project)), key=lambda one: (-(one.score or 0), one.item.number)
    )
    return [
        {
            "number": one.item.number, "title": one.item.title, "score": one.score, "severity": one.severity,
            "trend": one.drift.direction, "owner": one.item.owner.name if one.item.owner else "",
            "due_on": _iso(one.item.due_on), "response": one.item.response,
            "expected": str(one.expected.amount) if one.expected and money is MoneyBlock.MONEY else None,
            "currency": project.currency,
        }
        for one in rows[:_RISKS]
    ]  # fmt: skip


def _changes(project: Project, as_of: date, money: MoneyBlock) -> list[dict[str, Any]]:
    rows = ChangeOrder.objects.filter(
        project=project, status__in=[ChangeStatus.SENT, ChangeStatus.ACCEPTED, ChangeStatus.DECLINED],
        created_at__date__lte=as_of,
    ).order_by("number")  # fmt: skip
    return [
        {
            "number": row.number, "title": row.title, "status": row.status, "currency": row.currency,
            "price": str(row.price_amount) if money is MoneyBlock.MONEY else None,
        }
        for row in rows
    ]  # fmt: skip


def _task(one: TaskFact) -> dict[str, Any]:
    return {
        "number": one.number, "name": one.name, "starts_on": _iso(one.starts_on), "due_on": _iso(one.due_on),
        "was_due_on": _iso(one.was_due_on), "delay_days": one.delay_days, "is_done": one.is_done,
        "is_milestone": one.is_milestone, "percent": 100 if one.is_done else one.percent,
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
