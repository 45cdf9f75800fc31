"""A change that the planner's script asks for, as the action that it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from quoin.base.actor import Actor
from quoin.base.http.views import object_id
from quoin.kernel.errors import invalid
from quoin.resourcing.actions import bookings as actions
from quoin.resourcing.actions.demands import accept_candidate

Body = Mapping[str, Any]
_IDS = {"person": "per", "project": "prj", "booking": "bok", "demand": "req", "task": "tsk"}


def apply(actor: Actor, body: Body) -> str:
    """Do it; what was done, in words."""
    do = _DOING.get(str(body.get("do")))
    if do is None:
        raise invalid("/do", _("The planner knows no such change."))
    return do(actor, body)


def _id(body: Body, name: str) -> UUID:
    text = body.get(name)
    if not isinstance(text, str):
        raise invalid(f"/{name}", _("Say which one."), code="required")
    return object_id(_IDS[name], text)


def _maybe_id(body: Body, name: str) -> UUID | None:
    return _id(body, name) if body.get(name) else None


def _ids(body: Body) -> list[UUID]:
    found = body.get("bookings")
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise invalid("/bookings", _("Say which ones."), code="required")
    return [object_id("bok", one) for one in found]


def _day(body: Body, name: str) -> date:
    try:
        return date.fromisoformat(str(body.get(name)))
    except ValueError:
        raise invalid(f"/{name}", _("This is no day.")) from None


def _whole(body: Body, name: str) -> int:
    found = body.get(name)
    if not isinstance(found, int):
        raise invalid(f"/{name}", _("This is no number."))
    return found


def _reason(body: Body) -> str:
    return str(body.get("reason") or "")


def _create(actor: Actor, body: Body) -> str:
    made = actions.create_booking(
        actor, person_id=_id(body, "person"), project_id=_id(body, "project"), starts_on=_day(body, "from"),
        ends_on=_day(body, "until"), effort=str(body.get("effort", "percent")), amount=_whole(body, "amount"),
        is_firm=body.get("firm") is True, note=str(body.get("note") or ""), override_reason=_reason(body),
    )  # fmt: skip
    return _("%(name)s booked on %(project)s") % {"name": made.person.name, "project": made.project.name}


def _edit(actor: Actor, body: Body) -> str:
    fields: dict[str, Any] = {}
    if body.get("from"):
        fields |= {"starts_on": _day(body, "from"), "ends_on": _day(body, "until")}
    if body.get("effort"):
        fields |= {"effort": str(body["effort"]), "amount": _whole(body, "amount")}
    if "firm" in body:
        fields["is_firm"] = body["firm"] is True
    if "note" in body:
        fields["note"] = str(body["note"] or "")
    if body.get("project"):
        fields["project_id"] = _id(body, "project")
    if not fields:
        raise invalid("/", _("Say what to change."), code="required")
    actions.edit_booking(actor, booking_id=_id(body, "booking"), override_reason=_reason(body), **fields)
    return _("Booking changed")


def _move(actor: Actor, body: Body) -> str:
    actions.move_bookings(
        actor, booking_ids=_ids(body), by_days=_whole(body, "days"), person_id=_maybe_id(body, "person"),
        is_firm=False if body.get("firm") is False else None, override_reason=_reason(body),
    )  # fmt: skip
    return _("Booking moved")


def _copy(actor: Actor, body: Body) -> str:
    person = _maybe_id(body, "person")
    first = _day(body, "from") if body.get("from") else None
    actions.copy_booking(
        actor, booking_id=_id(body, "booking"), person_id=person, starts_on=first,
        is_firm=False if body.get("firm") is False else None, override_reason=_reason(body),
    )  # fmt: skip
    return _("Booking copied")


def _split(actor: Actor, body: Body) -> str:
    actions.split_booking(actor, booking_id=_id(body, "booking"), on=_day(body, "on"))
    return _("Booking split")


def _firm(actor: Actor, body: Body) -> str:
    is_firm = body.get("firm") is True
    actions.set_firm(actor, booking_ids=_ids(body), is_firm=is_firm, override_reason=_reason(body))
    return _("Booking is firm") if is_firm else _("Booking is tentative")


def _delete(actor: Actor, body: Body) -> str:
    actions.delete_bookings(actor, booking_ids=_ids(body))
    return _("Booking deleted")


def _fill(actor: Actor, body: Body) -> str:
    made = accept_candidate(
        actor, demand_id=_id(body, "demand"), person_id=_id(body, "person"), is_firm=body.get("firm") is True,
        override_reason=_reason(body),
    )  # fmt: skip
    return _("%(name)s booked on %(project)s") % {"name": made[0].person.name, "project": made[0].project.name}


_DOING: Mapping[str, Callable[[Actor, Body], str]] = {
    "create": _create, "edit": _edit, "move": _move, "copy": _copy, "split": _split, "firm": _firm,
    "delete": _delete, "fill": _fill,
}  # fmt: skip
