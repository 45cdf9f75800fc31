"""How the API writes governance."""

from __future__ import annotations

from typing import Any

from quoin.governance.queries.effect import ChangeEffect
from quoin.governance.queries.raid import Rated
from quoin.kernel.ids import public_id
from quoin.kernel.money import Money


def _id(prefix: str, value: Any) -> str | None:
    return public_id(prefix, value) if value else None


def entry_out(one: Rated) -> dict[str, Any]:
    """An entry of the log as the API writes it."""
    item = one.item
    names = (
        "number", "kind", "title", "detail", "status", "probability", "impact", "impact_days", "due_on", "response",
        "raised_on", "version",
    )  # fmt: skip
    cost = None if item.impact_amount is None else Money(item.impact_amount, item.project.currency).round()
    return {
        "id": item.public_id,
        "project_id": public_id("prj", item.project_id),
        "task_id": _id("tsk", item.task_id),
        "owner_id": _id("per", item.owner_id),
        "source_id": _id("rai", item.source_id),
        **{name: getattr(item, name) for name in names},
        "impact_amount": cost,
        "score": one.score,
        "expected": one.expected,
        "expected_days": one.days,
        "drift": one.drift.direction,
    }


def change_out(row: Any) -> dict[str, Any]:
    """A change order as the API writes it."""
    names = (
        "number", "title", "reason", "scope", "status", "budget_minutes", "sent_at", "sent_to", "answered_on",
        "answered_by", "answer_note", "is_answered_online", "applied_at", "digest",
    )  # fmt: skip
    return {
        "id": row.public_id,
        "project_id": public_id("prj", row.project_id),
        "contract_id": _id("ctr", row.contract_id),
        **{name: getattr(row, name) for name in names},
        "price": Money(row.price_amount, row.currency).round(),
        "budget": Money(row.budget_amount, row.currency).round(),
    }


def line_out(change: Any, row: Any) -> dict[str, Any]:
    """A line as the API writes it."""
    names = ("position", "kind", "text", "minutes", "starts_on", "ends_on", "bills_on_due_day", "percent")
    return {
        "id": row.public_id,
        **{name: getattr(row, name) for name in names},
        "task_id": _id("tsk", row.task_id),
        "follows_id": _id("tsk", row.follows_id),
        "precedes_id": _id("tsk", row.precedes_id),
        "assignee_id": _id("per", row.assignee_id),
        "amount": None if row.amount is None else Money(row.amount, change.currency).round(),
        "rate_per_hour": None if row.rate_per_hour is None else Money(row.rate_per_hour, change.currency),
    }


def effect_out(effect: ChangeEffect) -> dict[str, Any]:
    """What a change order would do, as the API writes it."""
    end = effect.end
    return {
        "problem": effect.problem,
        "price": Money(effect.price, effect.currency).round(),
        "price_before": None if effect.price_before is None else Money(effect.price_before, effect.currency).round(),
        "price_after": None if effect.price_after is None else Money(effect.price_after, effect.currency).round(),
        "budget_minutes_before": effect.budget_minutes[0],
        "budget_minutes_after": effect.budget_minutes[1],
        "ends_before": end.before if end else None,
        "ends_after": end.after if end else None,
        "moved_tasks": len(effect.plan.effect.moved) if effect.plan else 0,
        "added_minutes": effect.minutes,
        "requests": len(effect.people),
        "cost": effect.cost,
        "margin": effect.margin,
    }


def report_out(row: Any) -> dict[str, Any]:
    """A status report as the API writes it."""
    names = (
        "number", "as_of", "status", "health", "health_reason", "summary", "done", "upcoming", "asks", "money",
        "written_by", "written_at", "sent_to", "told_at", "digest",
    )  # fmt: skip
    told = {name: getattr(row, name) for name in names}
    return {"id": row.public_id, "project_id": public_id("prj", row.project_id), **told}


def lesson_out(row: Any) -> dict[str, Any]:
    """A lesson as the API writes it."""
    names = ("number", "title", "what", "why", "advice", "went_well", "learned_on", "learned_by")
    told = {name: getattr(row, name) for name in names}
    told["is_proposed"] = row.template_change_id is not None
    return {"id": row.public_id, "project_id": public_id("prj", row.project_id), **told}
