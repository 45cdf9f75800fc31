"""The lines of a draft of a change order: tasks to add or extend, prices, requests for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db.models import Max, Sum
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.governance import services
from quoin.governance.models import ChangeLine, ChangeOrder
from quoin.governance.queries import change_for
from quoin.governance.queries.effect import role_rate
from quoin.governance.rules.price import worth
from quoin.governance.types import ChangeStatus, LineKind, WrongState
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.ids import uuid7
from quoin.kernel.money import Money
from quoin.kernel.words import Sentence, say
from quoin.people.models import JobRole
from quoin.projects.queries.reach import check_reach

_ADD, _REMOVE = "governance.change_line.add", "governance.change_line.remove"
_HEADER = frozenset({"title", "reason", "scope", "budget_minutes", "budget_amount", "planned_cost"})
_FIELDS = frozenset(
    {
        "text", "task_id", "follows_id", "precedes_id", "minutes", "starts_on", "ends_on", "assignee_id", "amount",
        "rate_per_hour", "bills_on_due_day", "job_role_id", "percent",
    }
)  # fmt: skip
_MOST_MINUTES, _MOST_PERCENT = 60 * 100_000, 200
Given = Mapping[str, Any]


@action(_ADD, label=_("Add a line to a change order"))
def add_line(
    actor: Actor, /, *, order_id: UUID | str, kind: str, order_line_id: UUID | str | None = None, **fields: Any
) -> ChangeLine:
    """A task to add or extend, a price (an amount, or hours at the rate of a role), or a request for people."""
    change = locked_change(actor, _ADD, order_id, ChangeStatus.DRAFT)
    for name in fields:
        if name not in _FIELDS:
            raise invalid(f"/{name}", say("A line has no field %(name)s.", name=name), code="unknown_field")
    try:
        fill = _FILLED[LineKind(kind)]
    except ValueError:
        raise invalid(
            "/kind",
            say("%(kind)s is not one of %(kinds)s.", kind=repr(kind), kinds=", ".join(LineKind)),
            code="not_a_choice",
        ) from None
    last = ChangeLine.objects.filter(change=change).aggregate(position=Max("position"))["position"] or 0
    line = ChangeLine(
        id=UUID(str(order_line_id)) if order_line_id else uuid7(), change=change, kind=kind, position=last + 1,
        starts_on=services.day(fields.get("starts_on")), ends_on=services.day(fields.get("ends_on")),
    )  # fmt: skip
    if line.starts_on and line.ends_on and line.ends_on < line.starts_on:
        raise invalid("/ends_on", "The end is before the start. Check both days.")
    fill(actor, change, line, fields)
    line.save(force_insert=True)
    restate(change)
    touch(change.public_id)
    undo_with(_REMOVE, order_line_id=line.id)
    return line


@action(_REMOVE, label=_("Remove a line of a change order"))
def remove_line(actor: Actor, *, order_line_id: UUID | str) -> None:
    line = ChangeLine.objects.filter(id=order_line_id).first()
    if line is None:
        raise NotFound("There is no such line, or you may not see it.")
    change = locked_change(actor, _REMOVE, line.change_id, ChangeStatus.DRAFT)
    undo_with(
        _ADD, order_id=change.id, kind=line.kind, order_line_id=line.id,
        **{name: getattr(line, name) for name in _FIELDS if getattr(line, name) not in {None, ""}},
    )  # fmt: skip
    line.delete()
    restate(change)
    touch(change.public_id)


def locked_change(actor: Actor, right: str, order_id: UUID | str, *statuses: ChangeStatus) -> ChangeOrder:
    """The change order, locked, in one of the statuses; of a project that the actor manages or that is in reach."""
    seen = change_for(actor, UUID(str(order_id)))
    check_reach(actor, right, seen.project)
    found = (
        ChangeOrder.objects.select_for_update(of=("self",))
        .select_related("project__client", "project__contract", "contract__entity")
        .get(id=seen.id)
    )
    if found.status not in statuses:
        raise WrongState(
            say(
                "Change order %(number)s is %(status)s; that cannot be done with it any more.",
                number=found.number,
                status=Sentence(found.status),
            )
        )
    return found


def restate(change: ChangeOrder) -> None:
    """The order's price is what its lines add up to."""
    rows = ChangeLine.objects.filter(change=change, kind=LineKind.PRICE)
    total = rows.aggregate(amount=Sum("amount"))["amount"] or Decimal(0)
    if change.price_amount != total:
        change.price_amount = total
        change.save(update_fields=["price_amount"])


def header_values(change: ChangeOrder, fields: Given) -> dict[str, Any]:
    """What the order says beside its lines, as its columns take it."""
    found: dict[str, Any] = {}
    for name, value in fields.items():
        if name not in _HEADER:
            raise invalid(
                f"/{name}", say("There is no field %(name)s that can be set.", name=name), code="unknown_field"
            )
        if name == "title":
            found[name] = services.words(str(value or ""), name, "Say in a few words what changes.")
        elif name == "budget_minutes":
            found[name] = _minutes(value, name)
        elif name == "planned_cost":
            found[name] = None if value in {None, ""} else _amount(change, value, name)
        elif name == "budget_amount":
            found[name] = _amount(change, value or 0, name)
        else:
            found[name] = str(value or "").strip()
    return found


def _task(actor: Actor, change: ChangeOrder, line: ChangeLine, given: Given) -> None:
    project = change.project
    line.text = services.words(str(given.get("text") or ""), "text", "Say what the task is called.")
    line.minutes = _minutes(given.get("minutes"), "minutes")
    if line.minutes < 0:
        raise invalid("/minutes", "A new task takes no less than nothing.")
    line.follows_id = services.task_of(project, given.get("follows_id"), field="follows")
    line.precedes_id = services.task_of(project, given.get("precedes_id"), field="precedes")
    line.assignee_id = services.person_of(given.get("assignee_id"), field="assignee")
    if line.follows_id is not None and line.follows_id == line.precedes_id:
        raise invalid("/precedes", "A task cannot be before and after the new one.")


def _extension(actor: Actor, change: ChangeOrder, line: ChangeLine, given: Given) -> None:
    line.task_id = services.task_of(change.project, given.get("task_id"))
    if line.task_id is None:
        raise invalid("/task", "Say which task grows.", code="required")
    line.text = str(given.get("text") or "").strip()
    line.minutes = _minutes(given.get("minutes"), "minutes")
    if not line.minutes and not line.ends_on:
        raise invalid("/minutes", "Say how many hours more or less, or the new end.", code="required")


def _price(actor: Actor, change: ChangeOrder, line: ChangeLine, given: Given) -> None:
    line.text = services.words(str(given.get("text") or ""), "text", "Say what the client pays for.")
    line.minutes = _minutes(given.get("minutes"), "minutes")
    line.job_role_id = _role(given.get("job_role_id"))
    line.bills_on_due_day = bool(given.get("bills_on_due_day"))
    if line.bills_on_due_day and line.ends_on is None:
        raise invalid("/ends_on", "Say on which day it is billed.", code="required")
    if not line.minutes:
        line.amount = _amount(change, given.get("amount"), "amount")
        if not line.amount:
            raise invalid("/amount", "Say the amount, or hours.", code="required")
        return
    rate = _rate(actor, change, line, given)
    line.rate_per_hour, line.amount = rate.amount, worth(line.minutes, rate).amount


def _rate(actor: Actor, change: ChangeOrder, line: ChangeLine, given: Given) -> Money:
    """As given, else what an hour of the role is sold for."""
    if given.get("rate_per_hour") not in {None, ""}:
        return Money(_amount(change, given["rate_per_hour"], "rate_per_hour"), change.currency)
    found = role_rate(change.project, line.job_role_id, on=line.starts_on or actor.today)
    if found is None:
        raise invalid("/rate_per_hour", "No rate prices these hours. Give one, or add it to the rate card.")
    return found


def _people(actor: Actor, change: ChangeOrder, line: ChangeLine, given: Given) -> None:
    line.text = str(given.get("text") or "").strip()
    line.job_role_id = _role(given.get("job_role_id"))
    line.percent = int(given.get("percent") or 0)
    if not 1 <= line.percent <= _MOST_PERCENT:
        raise invalid("/percent", "Ask for 1 to 200 per cent of somebody.")
    if line.starts_on is None or line.ends_on is None:
        raise invalid("/starts_on", "Say from when until when somebody is needed.", code="required")


_FILLED: dict[LineKind, Callable[[Actor, ChangeOrder, ChangeLine, Given], None]] = {
    LineKind.ADD_TASK: _task, LineKind.EXTEND_TASK: _extension, LineKind.PRICE: _price, LineKind.PEOPLE: _people,
}  # fmt: skip


def _role(role_id: Any) -> UUID | None:
    if not role_id:
        return None
    found = JobRole.objects.filter(id=role_id).values_list("id", flat=True).first()
    if found is None:
        raise invalid("/job_role", "There is no such role.", code="unknown")
    return found


def _minutes(value: Any, name: str) -> int:
    minutes = int(value or 0)
    if abs(minutes) > _MOST_MINUTES:
        raise invalid(f"/{name}", "That is more hours than a change order takes.")
    return minutes


def _amount(change: ChangeOrder, value: Any, name: str) -> Decimal:
    try:
        amount = Decimal(str(value if value not in {None, ""} else 0))
    except InvalidOperation:
        raise invalid(f"/{name}", say("%(value)s is no amount.", value=repr(value))) from None
    if not amount.is_finite() or Money(amount, change.currency).round().amount != amount:
        raise invalid(f"/{name}", say("Give an amount in whole cents of %(currency)s.", currency=change.currency))
    return amount
