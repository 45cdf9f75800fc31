"""The log of a project: entries are raised, rated, answered, come true and are closed; each step is kept."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.governance import services
from quoin.governance.models import RaidItem
from quoin.governance.queries import raid_for
from quoin.governance.rules.exposure import HIGHEST, next_raid_statuses
from quoin.governance.types import RaidKind, RaidStatus, WrongState
from quoin.kernel.errors import invalid
from quoin.kernel.money import Money
from quoin.kernel.words import Sentence, say
from quoin.projects.services.own import own_project

_CREATE, _EDIT, _STEP, _TURN = (
    "governance.raid.create", "governance.raid.edit", "governance.raid.step", "governance.raid.turn",
)  # fmt: skip
_EDITABLE = frozenset(
    {
        "title", "detail", "probability", "impact", "impact_amount", "impact_days", "task_id", "owner_id", "due_on",
        "response", "kind",
    }
)  # fmt: skip
_RATED = frozenset({"probability", "impact", "impact_amount", "impact_days"})
_MOST_DAYS = 3650


@action(_CREATE, label=_("Add a risk, issue or decision"))
def create_raid(actor: Actor, /, *, project_id: UUID | str, title: str, kind: str = "risk", **fields: Any) -> RaidItem:
    """An entry of the project's log; a risk that is not rated yet stands in the middle."""
    project = own_project(actor, _CREATE, project_id, "client", "contract")
    made = RaidItem(project=project, raised_on=actor.today)
    if kind == RaidKind.RISK:
        fields = {"probability": 3, "impact": 3, **{name: value for name, value in fields.items() if value is not None}}
    _fill(made, {**fields, "title": title, "kind": kind})
    made.number = services.next_in_project(RaidItem, project)
    made.save(force_insert=True)
    services.record_state(actor, made)
    touch(made.public_id)
    undo_with(_STEP, raid_id=made.id, status=RaidStatus.CLOSED, note="Taken back")
    emit(actor, "governance.raid.raised", running_action_id(), raid_id=made.id, project_id=project.id, kind=kind)
    return made


@action(_EDIT, label=_("Edit a risk, issue or decision"))
def edit_raid(actor: Actor, /, *, raid_id: UUID | str, note: str = "", **fields: Any) -> RaidItem:
    """New words or a new rating; ratings are kept in the history with the note."""
    found = _own(actor, _EDIT, raid_id)
    undo_with(_EDIT, raid_id=found.id, **{name: getattr(found, name, None) for name in fields})
    _fill(found, fields)
    found.version += 1
    found.save()
    if _RATED & set(fields):
        services.record_state(actor, found, note=note)
    touch(found.public_id, reason=note)
    return found


@action(_STEP, label=_("Accept, mitigate or close a risk"))
def step_raid(actor: Actor, *, raid_id: UUID | str, status: str, note: str = "") -> RaidItem:
    """Open, mitigating, accepted or closed. What comes true is turned into an issue by its own command."""
    found = _own(actor, _STEP, raid_id)
    was, now = RaidStatus(found.status), _status(status)
    if now is RaidStatus.CAME_TRUE or now not in next_raid_statuses(RaidKind(found.kind), was):
        raise WrongState(
            say(
                "An entry that is %(state)s cannot become %(next)s.",
                state=Sentence(was.value.replace("_", " ")),
                next=Sentence(now.value.replace("_", " ")),
            )
        )
    undo_with(_STEP, raid_id=found.id, status=was, note="Taken back")
    _move(actor, found, now, note)
    return found


@action(_TURN, label=_("Say that a risk came true"))
def turn_raid(actor: Actor, *, raid_id: UUID | str, title: str = "", note: str = "") -> RaidItem:
    """The risk came true: an issue with its owner, task and cost takes its place, tied to it. Returns the issue."""
    found = _own(actor, _TURN, raid_id)
    if RaidStatus.CAME_TRUE not in next_raid_statuses(RaidKind(found.kind), RaidStatus(found.status)):
        raise WrongState("Only a risk or an assumption that is open comes true.")
    issue = RaidItem.objects.filter(source=found).first()
    if issue is None:
        issue = RaidItem(project=found.project, source=found, number=services.next_in_project(RaidItem, found.project))
    for name in ("detail", "impact", "impact_amount", "impact_days", "task_id", "owner_id", "due_on", "response"):
        setattr(issue, name, getattr(found, name))
    issue.kind, issue.status, issue.raised_on = RaidKind.ISSUE, RaidStatus.OPEN, actor.today
    issue.title = " ".join(title.split()) or found.title
    issue.save()
    services.record_state(actor, issue, note=note)
    undo_with("governance.raid.unturn", raid_id=found.id, status=found.status)
    _move(actor, found, RaidStatus.CAME_TRUE, note)
    emit(
        actor, "governance.raid.came_true", running_action_id(), raid_id=found.id, issue_id=issue.id,
        project_id=found.project_id,
    )  # fmt: skip
    return issue


@action("governance.raid.unturn", label=_("Take back that a risk came true"))
def unturn_raid(actor: Actor, *, raid_id: UUID | str, status: str = "open") -> RaidItem:
    """The risk stands as before; its issue is closed."""
    found = _own(actor, "governance.raid.unturn", raid_id)
    if found.status != RaidStatus.CAME_TRUE:
        raise WrongState("The risk did not come true.")
    issue = RaidItem.objects.filter(source=found).first()
    if issue is not None and issue.status != RaidStatus.CLOSED:
        _move(actor, issue, RaidStatus.CLOSED, "Taken back")
    _move(actor, found, _status(status), "Taken back")
    return found


def _own(actor: Actor, right: str, raid_id: UUID | str) -> RaidItem:
    found = raid_for(actor, UUID(str(raid_id)))
    project = own_project(actor, right, found.project_id, "client", "contract")
    locked = RaidItem.objects.select_for_update(of=("self",)).get(id=found.id)
    locked.project = project
    return locked


def _move(actor: Actor, item: RaidItem, status: RaidStatus, note: str) -> None:
    item.status = status
    item.version += 1
    item.save(update_fields=["status", "version"])
    services.record_state(actor, item, note=note)
    touch(item.public_id, reason=note)


def _fill(item: RaidItem, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        if name not in _EDITABLE:
            raise invalid(
                f"/{name}", say("There is no field %(name)s that can be set.", name=name), code="unknown_field"
            )
        setattr(item, name, _value(item, name, value))
    if item.kind == RaidKind.RISK and (item.probability is None or item.impact is None):
        raise invalid("/probability", "A risk needs a probability and an impact from 1 to 5.", code="required")


def _value(item: RaidItem, name: str, value: Any) -> Any:
    read = _READ.get(name)
    return str(value or "").strip() if read is None else read(item, name, value)


def _scale(_item: RaidItem, name: str, value: Any) -> int | None:
    if value in {None, ""}:
        return None
    if not 1 <= int(value) <= HIGHEST:
        raise invalid(f"/{name}", "The scale goes from 1 to 5.")
    return int(value)


def _days(_item: RaidItem, name: str, value: Any) -> int:
    days = int(value or 0)
    if not 0 <= days <= _MOST_DAYS:
        raise invalid(f"/{name}", "A delay is 0 to 3650 days.")
    return days


def _amount(item: RaidItem, name: str, value: Any) -> Decimal | None:
    if value in {None, ""}:
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise invalid(f"/{name}", say("%(value)s is no amount.", value=repr(value))) from None
    if not amount.is_finite() or amount < 0 or Money(amount, item.project.currency).round().amount != amount:
        raise invalid(
            f"/{name}", say("The cost is zero or more, in whole cents of %(currency)s.", currency=item.project.currency)
        )
    return amount


def _kind(value: Any) -> RaidKind:
    try:
        return RaidKind(value)
    except ValueError:
        raise invalid(
            "/kind",
            say("%(value)s is not one of %(kinds)s.", value=repr(value), kinds=", ".join(RaidKind)),
            code="not_a_choice",
        ) from None


def _status(value: str) -> RaidStatus:
    try:
        return RaidStatus(value)
    except ValueError:
        raise invalid(
            "/status",
            say("%(value)s is not one of %(states)s.", value=repr(value), states=", ".join(RaidStatus)),
            code="not_a_choice",
        ) from None


_READ: dict[str, Callable[[RaidItem, str, Any], Any]] = {
    "title": lambda _item, name, value: services.words(str(value or ""), name, "Say in a few words what it is."),
    "kind": lambda _item, _name, value: _kind(value),
    "probability": _scale,
    "impact": _scale,
    "impact_amount": _amount,
    "impact_days": _days,
    "task_id": lambda item, _name, value: services.task_of(item.project, value),
    "owner_id": lambda _item, _name, value: services.person_of(value),
    "due_on": lambda _item, _name, value: services.day(value),
}
