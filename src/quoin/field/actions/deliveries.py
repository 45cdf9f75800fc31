"""Goods: what was ordered, when it is expected, how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.events import emit
from quoin.field import services
from quoin.field.models import DeliveredUnit, Delivery
from quoin.field.queries.slip import slip_of
from quoin.field.rules.steps import DAY_FIELDS, days_taken_back, is_step_back, next_delivery_statuses
from quoin.field.services import accepting
from quoin.field.services import slip as slips
from quoin.field.types import DeliveryStatus, WrongStep
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.words import Sentence, say
from quoin.projects.queries import project_for
from quoin.projects.rules.plan import Change

_EDITABLE = frozenset(
    {
        "item", "kind", "supplier", "order_number", "quantity", "unit", "note", "task_id", "site_id", "milestone_id",
        "warranty_months",
    }
)  # fmt: skip
_LONGEST_WARRANTY = 240


@action("field.delivery.create", label=_("Add a delivery"))
def create_delivery(
    actor: Actor, /, *, project_id: UUID | str, item: str, expected_on: date | str | None = None, **fields: Any
) -> Delivery:
    """Goods that were ordered for a project; the expected day given now is the supplier's promise."""
    project = project_for(actor, UUID(str(project_id)))
    services.project(project.id)
    _known(fields)
    made = Delivery(project=project, item=_item(item))
    _fill(made, fields)
    made.number = services.next_delivery_number(project)
    expected = _day(expected_on)
    made.promised_on = made.expected_on = expected
    made.save(force_insert=True)
    touch(made.public_id)
    return made


@action("field.delivery.edit", label=_("Edit a delivery"))
def edit_delivery(actor: Actor, /, *, delivery_id: UUID | str, **fields: Any) -> Delivery:
    """Change what is said about goods; days and status have their own commands."""
    _known(fields)
    found = _reached(actor, delivery_id)
    undo_with("field.delivery.edit", delivery_id=found.id, **{name: getattr(found, name) for name in fields})
    _fill(found, fields)
    found.save(update_fields=list(fields))
    touch(found.public_id)
    return found


@action("field.delivery.date", label=_("Change when goods are expected"))
def date_delivery(
    actor: Actor,
    /,
    *,
    delivery_id: UUID | str,
    expected_on: date | str | None,
    reason: str = "",
    changes: Sequence[Change] | None = None,
    visits: Sequence[slips.Move] | None = None,
    bookings: Sequence[Mapping[str, Any]] | None = None,
) -> Delivery:
    """The supplier's latest word, with what follows from it; the promise stays as it was.

    The task that waits does not begin before the new day; draft visits and bookings for the tasks that move go
    along: all in one, undone in one. Published visits, and people who have no room then, stay and are named in the
    event. `changes`, `visits` and `bookings` (as they are to be) say what follows instead of the rules; empty ones
    leave plan, visits and bookings alone.
    """
    found = _reached(actor, delivery_id)
    if found.arrived_on is not None:
        raise WrongStep("The goods are there already.")
    expected, was = _day(expected_on), found.expected_on
    if expected == was:
        return found
    if was is not None and not reason.strip():
        raise invalid("/reason", "Say why the day changed.", code="required")
    slip = slip_of(actor, found, expected)
    moves = [{"visit_id": one.visit.id, "hours": [one.starts_at, one.ends_at]} for one in slip.moved]
    services.say_date(actor, found, expected, reason.strip())
    found.save(update_fields=["expected_on", "promised_on"])
    back = slips.move_plan(actor, found, slip.changes if changes is None else changes)
    moved = slips.move_visits(moves if visits is None else visits)
    booked = slips.move_bookings(actor, slip) if bookings is None else slips.put_back(actor, bookings)
    touch(found.public_id, reason=reason)
    undo_with(
        "field.delivery.date", delivery_id=found.id, expected_on=was, reason=f"Taken back: {reason}".strip(": "),
        changes=back, visits=moved, bookings=booked.before,
    )  # fmt: skip
    emit(
        actor, "field.delivery.moved", running_action_id(), delivery_id=found.id, project_id=found.project_id,
        task_id=found.task_id, was_on=was, expected_on=expected, moved_visit_ids=[one["visit_id"] for one in moved],
        flagged_visit_ids=[one.visit.id for one in slip.flagged],
        moved_booking_ids=[one["id"] for one in booked.before],
        stayed=[f"{name}: {why}" for name, why in booked.stayed],
    )  # fmt: skip
    return found


@action("field.delivery.step", label=_("Say how far goods have come"))
def step_delivery(
    actor: Actor,
    /,
    *,
    delivery_id: UUID | str,
    status: str,
    on: date | str | None = None,
    accepted_by: str = "",
    reason: str = "",
) -> Delivery:
    """The next step of a delivery on a day (today unless said); a step back says why."""
    found = _reached(actor, delivery_id)
    was, now = DeliveryStatus(found.status), _status(status)
    if now not in next_delivery_statuses(was):
        raise WrongStep(
            say(
                "Goods that are %(state)s cannot become %(next)s.",
                state=Sentence(was.value.replace("_", " ")),
                next=Sentence(now.value.replace("_", " ")),
            )
        )
    _check_acceptance(found, was, now)
    if is_step_back(was, now) and not reason.strip():
        raise invalid("/reason", "Say why the goods go a step back.", code="required")
    day = _day(on) or actor.today
    if day > actor.today:
        raise invalid("/on", "The day lies ahead. Say when it is expected instead.")
    for name in days_taken_back(was, now):
        setattr(found, name, None)
    if now in DAY_FIELDS and not is_step_back(was, now):
        setattr(found, DAY_FIELDS[now], day)
    _accept(found, now, accepted_by)
    found.status = now
    found.save()
    touch(found.public_id, reason=reason)
    emit(
        actor, "field.delivery.stepped", running_action_id(), delivery_id=found.id, project_id=found.project_id,
        status=now.value,
    )  # fmt: skip
    return found


@action("field.unit.add", label=_("Record serial numbers"))
def add_units(actor: Actor, *, delivery_id: UUID | str, serial_numbers: Iterable[str]) -> int:
    """Serial numbers of delivered pieces; those known already are left as they are. Returns how many are new."""
    found = _reached(actor, delivery_id)
    touch(found.public_id)
    return services.add_units(found, serial_numbers)


@action("field.unit.remove", label=_("Remove a serial number"))
def remove_unit(actor: Actor, *, unit_id: UUID | str) -> None:
    unit = DeliveredUnit.objects.select_related("delivery").filter(id=unit_id).first()
    if unit is None:
        raise NotFound("There is no such unit.")
    found = _reached(actor, unit.delivery_id)
    undo_with("field.unit.add", delivery_id=found.id, serial_numbers=[unit.serial_number])
    unit.delete()
    touch(found.public_id)


def _reached(actor: Actor, delivery_id: UUID | str) -> Delivery:
    found = services.delivery(delivery_id)
    project_for(actor, found.project_id)
    return found


def _fill(found: Delivery, fields: dict[str, Any]) -> None:
    readers: dict[str, Callable[[Any], Any]] = {
        "item": _item,
        "kind": lambda text: " ".join(str(text).split()),
        "quantity": _quantity,
        "task_id": lambda key: services.task_of(found.project, key),
        "milestone_id": lambda key: services.milestone_of(found, key),
        "warranty_months": _months,
        "site_id": lambda key: services.site(key, client_id=found.project.client_id).id if key else None,
    }
    for name, value in fields.items():
        setattr(found, name, readers[name](value) if name in readers else value)


def _months(value: Any) -> int:
    months = int(value or 0)
    if not 0 <= months <= _LONGEST_WARRANTY:
        raise invalid(
            "/warranty_months",
            say("A warranty lasts up to %(longest_warranty)s months.", longest_warranty=_LONGEST_WARRANTY),
        )
    return months


def _quantity(value: Any) -> Decimal:
    quantity = Decimal(str(value))
    if not quantity.is_finite() or quantity <= 0:
        raise invalid("/quantity", "The quantity must be more than zero.")
    return quantity


def _check_acceptance(found: Delivery, was: DeliveryStatus, now: DeliveryStatus) -> None:
    """Where money or a certificate hangs on it, acceptance goes by certificate in both directions."""
    if now is DeliveryStatus.ACCEPTED and found.milestone_id is not None:
        raise WrongStep("A part of the price falls due with these goods. Have an acceptance certificate signed.")
    if was is DeliveryStatus.ACCEPTED and (made := accepting.valid_acceptance(found)):
        raise WrongStep(
            say("The client signed certificate A-%(number)s. Withdraw it first.", number=f"{made.number:04d}")
        )


def _accept(found: Delivery, now: DeliveryStatus, accepted_by: str) -> None:
    if now is DeliveryStatus.ACCEPTED:
        if not accepted_by.strip():
            raise invalid("/accepted_by", "Say who of the client accepted the goods.", code="required")
        found.accepted_by = accepted_by.strip()
    elif found.accepted_on is None:
        found.accepted_by = ""


def _item(text: str) -> str:
    item = " ".join(text.split())
    if not item:
        raise invalid("/item", "Say what is delivered.", code="required")
    return item


def _status(text: str) -> DeliveryStatus:
    try:
        return DeliveryStatus(text)
    except ValueError as error:
        words = ", ".join(one.value for one in DeliveryStatus)
        raise invalid("/status", say("The status is one of %(words)s.", words=words)) from error


def _day(value: date | str | None) -> date | None:
    if isinstance(value, str):
        return date.fromisoformat(value) if value else None
    return value


def _known(fields: dict[str, Any]) -> None:
    for name in fields:
        if name not in _EDITABLE:
            raise invalid(
                f"/{name}", say("There is no field %(name)s that can be set.", name=name), code="unknown_field"
            )
