"""Doors of single time entries: the list inside a cell and the blocks of the day view use them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from quoin.base.http.api import respond_json
from quoin.base.http.views import ActorRequest, page
from quoin.kernel.errors import invalid
from quoin.kernel.ids import public_id
from quoin.kernel.period import iso_week
from quoin.kernel.words import say
from quoin.timesheets.actions import entries
from quoin.timesheets.queries import access
from quoin.timesheets.queries.lists import visible_entry


@page(access.VIEW_TIME, methods=("GET", "PATCH", "DELETE"))
def entry(request: ActorRequest, entry_id: UUID) -> HttpResponse:
    """Change or delete an entry; the body of a change is a JSON object of its fields. It is read in its week."""
    if request.method == "GET":
        found = visible_entry(request.actor, entry_id)
        week = reverse("timesheets:week", args=[iso_week(found.work_on)])
        return HttpResponseRedirect(f"{week}?person={public_id('per', found.person_id)}")
    if request.method == "DELETE":
        entries.delete_entry(request.actor, entry_id=entry_id)
        return HttpResponse(status=204)
    changed = entries.edit_entry(request.actor, entry_id=entry_id, **_fields(request.body))
    return respond_json({"id": str(changed.id), "minutes": changed.minutes, "version": changed.version})


@page("timesheets.entry.split", methods=("POST",))
def split(request: ActorRequest, entry_id: UUID) -> HttpResponse:
    """Split an entry in two."""
    parts = entries.split_entry(request.actor, entry_id=entry_id, parts=2)
    return respond_json({"ids": [str(part.id) for part in parts]})


def _fields(body: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.MsgspecError as fault:
        raise invalid("/", say("The change cannot be read: %(fault)s.", fault=fault)) from fault
    return found
