"""Cells of a project's log that are edited in place: status, rating, cost, delay, owner and day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.http.api import etag_of
from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import formats, respond
from quoin.base.ui.cells import Cell
from quoin.base.ui.context import viewer
from quoin.governance import queries
from quoin.governance.actions import raid as actions
from quoin.governance.queries.lists import RAID_STATUSES
from quoin.governance.rules.exposure import HIGHEST, next_raid_statuses
from quoin.governance.types import RaidKind, RaidStatus
from quoin.kernel.errors import DomainError, invalid
from quoin.people.queries import employed_on

CELLS = ("status", "probability", "impact", "cost", "days", "owner", "due")
_FIELDS = {
    "probability": "probability", "impact": "impact", "cost": "impact_amount", "days": "impact_days",
    "owner": "owner_id", "due": "due_on",
}  # fmt: skip
_KINDS = {"status": "select", "owner": "select", "due": "day", "probability": "select", "impact": "select"}


def cells_of(request: ActorRequest, rows: list[Any]) -> dict[Any, dict[str, Cell]]:
    """The cells of each entry, by its id; nothing for who may not edit them."""
    people = _people(request)
    return {row.id: {name: _cell(request, row, name, people) for name in CELLS} for row in rows}


@page("governance.raid.edit", methods=("PATCH",))
def cell(request: ActorRequest, pk: str) -> HttpResponse:
    """One cell, saved in place; a step of the status is a step with its history."""
    found = queries.raid_for(request.actor, object_id("rai", pk))
    changes = list(QueryDict(request.body).items())
    if len(changes) != 1 or changes[0][0] not in CELLS:
        raise invalid("/", _("One cell is saved at a time."))
    [(name, value)] = changes
    people = _people(request)
    shown = _cell(request, found, name, people)
    known = request.headers.get("If-Match", "")
    if known and known != shown.etag:
        return respond.stale(_("Somebody changed this meanwhile."), theirs=shown.display, etag=shown.etag)
    try:
        _save(request, found, name, str(value).strip())
    except DomainError as error:
        return respond.cell(request, shown, error=error.detail)
    return respond.cell(request, _cell(request, queries.raid_for(request.actor, found.id), name, people))


def _save(request: ActorRequest, found: Any, name: str, value: str) -> None:
    if name == "status":
        if value != found.status:
            request.actor.require("governance.raid.step")
            actions.step_raid(request.actor, raid_id=found.id, status=value)
        return
    try:
        read = _read(name, value)
    except (ValueError, InvalidOperation):
        raise invalid(f"/{name}", _("%(value)s cannot be read here.") % {"value": value}) from None
    actions.edit_raid(request.actor, raid_id=found.id, **{_FIELDS[name]: read})


def _read(name: str, value: str) -> Any:
    if not value:
        return None
    if name == "due":
        return date.fromisoformat(value)
    if name == "cost":
        return Decimal(value.replace(" ", "").replace(",", ""))
    return value if name == "owner" else int(value)


def _people(request: ActorRequest) -> tuple[tuple[str, Any], ...]:
    found = employed_on(request.actor.today).order_by("name").values_list("id", "name")
    return (("", _("Nobody")), *((str(key), name) for key, name in found))


def _cell(request: ActorRequest, row: Any, name: str, people: tuple[tuple[str, Any], ...]) -> Cell:
    value, display = _shown(request, row, name)
    choices: tuple[tuple[str, Any], ...] = ()
    if name == "status":
        following = next_raid_statuses(RaidKind(row.kind), RaidStatus(row.status))
        steps = [one for one in following if one is not RaidStatus.CAME_TRUE]
        choices = tuple((key, RAID_STATUSES[key].label) for key in (row.status, *(str(one) for one in steps)))
    elif name == "owner":
        choices = people
    elif name in {"probability", "impact"}:
        scale = tuple((str(number), str(number)) for number in range(1, HIGHEST + 1))
        choices = scale if row.kind == RaidKind.RISK else (("", "–"), *scale)
    # By the cell and not by the row: who goes on to the next cell of the row is not stale.
    return Cell(
        url=reverse("governance:raid_cell", args=[row.public_id]), field=name, value=value, display=display,
        label=f"{row.title}, {_labels()[name]}", kind=_KINDS.get(name, "text"), choices=choices,
        etag=etag_of(row.id, name, value),
    )  # fmt: skip


def _shown(request: ActorRequest, row: Any, name: str) -> tuple[str, str]:
    if name == "status":
        return row.status, str(RAID_STATUSES[row.status].label)
    if name == "owner":
        return (str(row.owner_id), row.owner.name) if row.owner else ("", "–")
    if name == "due":
        return (row.due_on.isoformat(), formats.day(row.due_on, viewer(request).locale)) if row.due_on else ("", "–")
    value = getattr(row, _FIELDS[name])
    if name == "cost":
        if value is None:
            return "", "–"
        return f"{value:.2f}", formats.number(value, viewer(request).locale, places=2)
    return ("", "–") if value in {None, 0} else (str(value), str(value))


def _labels() -> dict[str, str]:
    return {
        "status": _("Status"), "probability": _("Probability"), "impact": _("Impact"), "cost": _("Cost"),
        "days": _("Days"), "owner": _("Owner"), "due": _("Due"),
    }  # fmt: skip
