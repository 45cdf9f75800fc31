"""How Halden steers its projects: risks and issues, a change order in every state, two reports, lessons.

Everything goes through real actions, so that histories read like histories. Nothing is mailed.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from quoin.base.actor import Actor
from quoin.governance.actions import change_lines, changes, lessons, raid, reports
from quoin.governance.queries import visible_raid
from quoin.kernel.money import Money
from quoin.projects.actions import budgets
from quoin.projects.models import Project, Task
from quoin.site.demo.engagements import FJORD, ODDA, VEGA
from quoin.site.demo.work import Portfolio

_RISKS: dict[str, tuple[dict[str, Any], ...]] = {
    FJORD: (
        {
            "title": "Supplier data is worse than the sample", "probability": 4, "impact": 4, "impact_amount": "38000",
            "impact_days": 12, "response": "Check 500 records a week; agree a cut-off with Fjord.",
        },
        {
            "title": "The key user leaves before the test", "probability": 2, "impact": 4, "impact_amount": "12000",
            "impact_days": 8, "response": "A second key user takes part from June on.",
        },
        {
            "title": "The bank changes its file format", "probability": 2, "impact": 2, "impact_amount": "4500",
            "response": "Ask the bank once a month.",
        },
        {"kind": "decision", "title": "Suppliers are taken over without history", "detail": "Agreed with Kari Dahl."},
        {"kind": "assumption", "title": "Fjord tests two days a week", "probability": 3, "impact": 3},
    ),
    VEGA: (
        {
            "title": "The crane comes late", "probability": 5, "impact": 4, "impact_amount": "21000", "impact_days": 9,
            "response": "A rented crane stands by from week two.",
        },
        {
            "title": "The floor is not level enough", "probability": 2, "impact": 5, "impact_amount": "45000",
            "impact_days": 15, "response": "Measure before the frame is ordered.",
        },
        {"kind": "dependency", "title": "Power is laid by Vega's own electrician"},
    ),
    ODDA: (
        {
            "title": "More tickets than the contract includes", "probability": 5, "impact": 3, "impact_amount": "9000",
            "response": "Offer the next larger retainer.",
        },
    ),
}  # fmt: skip
_LESSONS = (
    {
        "title": "Ask for a full data extract, not for a sample", "what": "The sample had none of the broken records.",
        "why": "It was picked by hand.", "advice": "Put a full extract into the first week of the plan.",
    },
    {
        "title": "A weekly call with the key users keeps decisions quick", "went_well": True,
        "advice": "Put it into every roll-out from the start.",
    },
)  # fmt: skip

_RESERVE_MINUTES = 40 * 60


def steer_demo(actor: Actor, portfolio: Portfolio) -> None:
    """The stories first; a project that a small demo leaves out is left out here as well."""
    for key, entries in _RISKS.items():
        project = portfolio.projects.get(key)
        if project is None:
            continue
        for entry in entries:
            raid.create_raid(actor, project_id=project.id, owner_id=project.manager_id, **entry)
    fjord, vega = portfolio.projects.get(FJORD), portfolio.projects.get(VEGA)
    if fjord is not None:
        _budget(actor, fjord)
        _rise(actor, fjord)
        _change(actor, fjord)
        _report(actor, fjord)
        for one in _LESSONS:
            lessons.create_lesson(actor, project_id=fjord.id, **one)
    if vega is not None:
        _come_true(actor, vega)
        reports.draft_report(actor, project_id=vega.id, money="money")


def _budget(actor: Actor, project: Project) -> None:
    """What was agreed, task by task, with a contingency; the change order makes the second version."""
    tasks = list(Task.objects.filter(project=project, estimate_minutes__gt=0, is_milestone=False).order_by("number"))
    reserve = min(_RESERVE_MINUTES, project.budget_minutes // 10)
    weights = [task.estimate_minutes for task in tasks]
    price = Money(project.budget_amount or Decimal(0), project.currency)
    amounts = price.allocate(weights) if tasks else ()
    lines: list[dict[str, Any]] = [
        {"task_id": str(task.id), "month_on": task.starts_on, "minutes": minutes, "amount": str(amount.amount)}
        for task, minutes, amount in zip(
            tasks, _shares(project.budget_minutes - reserve, weights), amounts, strict=True
        )
    ]
    draft = budgets.draft_budget(actor, project_id=project.id, source="empty")
    contingency = {"kind": "contingency", "text": "Contingency", "minutes": reserve}
    budgets.write_budget(actor, budget_id=draft.id, lines=[*lines, contingency])
    budgets.keep_budget(actor, budget_id=draft.id, reason="As agreed in the kick-off")


def _shares(minutes: int, weights: list[int]) -> list[int]:
    """Whole minutes by weight that add up."""
    ends = [minutes * sum(weights[: at + 1]) // sum(weights) for at in range(len(weights))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _rise(actor: Actor, project: Project) -> None:
    """A risk that got worse is being worked on."""
    first = visible_raid(actor).filter(project=project, kind="risk").first()
    if first is not None:
        raid.edit_raid(actor, raid_id=first.id, probability=5, note="The second sample was no better.")
        raid.step_raid(actor, raid_id=first.id, status="mitigating", note="Weekly check has begun.")


def _come_true(actor: Actor, project: Project) -> None:
    first = visible_raid(actor).filter(project=project, kind="risk").first()
    if first is not None:
        raid.turn_raid(actor, raid_id=first.id, title="The crane is nine days late", note="Told by Hansa Kran.")


def _change(actor: Actor, project: Project) -> None:
    """One in every state; the fourth waits for Fjord's signature."""
    last = Task.objects.filter(project=project, kind="task").order_by("-number").first()
    accepted = _order(actor, project, "Second test system", price="9600", hours=64, follows=last)
    changes.send_change(actor, order_id=accepted.id)
    changes.accept_change(actor, order_id=accepted.id, answered_by="Kari Dahl", note="By mail, signed copy follows.")
    declined = _order(actor, project, "Training on site", price="4800", hours=32, follows=last)
    changes.send_change(actor, order_id=declined.id)
    changes.decline_change(actor, order_id=declined.id, answered_by="Kari Dahl", note="We train ourselves.")
    withdrawn = _order(actor, project, "Mobile warehouse", price="22000", hours=150, follows=last)
    changes.withdraw_change(actor, order_id=withdrawn.id, reason="Moved to phase two.")
    waiting = _order(actor, project, "Import of suppliers", price="18000", hours=120, follows=last)
    change_lines.add_line(
        actor, order_id=waiting.id, kind="people", text="Data migration", percent=50,
        starts_on=actor.today + timedelta(days=14), ends_on=actor.today + timedelta(days=42),
    )  # fmt: skip
    changes.send_change(actor, order_id=waiting.id)
    _order(actor, project, "Reports for the board", price="3600", hours=24, follows=last)


def _order(actor: Actor, project: Project, title: str, *, price: str, hours: int, follows: Task | None) -> Any:
    made = changes.create_change(
        actor, project_id=project.id, title=title, reason="Asked for in the steering meeting",
        scope=f"{title}: as described in the minutes of the steering meeting.", budget_minutes=hours * 60,
        budget_amount=Decimal(price) if project.budget_amount is not None else Decimal(0),
    )  # fmt: skip
    change_lines.add_line(
        actor, order_id=made.id, kind="add_task", text=title, minutes=hours * 60,
        follows_id=follows.id if follows else None,
    )  # fmt: skip
    change_lines.add_line(actor, order_id=made.id, kind="price", text=title, amount=price)
    return made


def _report(actor: Actor, project: Project) -> None:
    """Last week's report says what the project's own note says."""
    made = reports.draft_report(actor, project_id=project.id, as_of=actor.today - timedelta(days=7), money="hours")
    reports.edit_report(
        actor, report_id=made.id, health=project.health, health_reason=project.health_note,
        asks="Please answer change order 4, and name the second key user.",
    )  # fmt: skip
    reports.keep_report(actor, report_id=made.id)
