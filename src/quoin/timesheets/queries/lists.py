"""Time entries as a list, for the API, exports and the command line."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor
from quoin.base.listing import Column, Kind, Listing
from quoin.kernel.errors import NotFound
from quoin.timesheets.models import TimeEntry
from quoin.timesheets.queries import access
from quoin.timesheets.queries.words import STATUSES

ENTRIES = Listing(
    key="time_entries",
    columns=(
        Column(key="work_on", label=_("Date"), kind=Kind.DAY),
        Column(key="person", label=_("Person"), source="person__name", kind=Kind.PERSON),
        Column(key="client", label=_("Client"), source="project__client__name"),
        Column(key="project", label=_("Project"), source="project__name"),
        Column(key="project_number", label=_("Project number"), source="project__number", is_default=False),
        Column(key="task", label=_("Task"), source="task__name"),
        Column(key="note", label=_("Note"), is_sortable=False),
        Column(key="minutes", label=_("Time"), kind=Kind.MINUTES, is_totalled=True),
        Column(
            key="status", label=_("Status"), kind=Kind.STATUS,
            statuses={status.value: badge for status, badge in STATUSES.items()},
        ),
        Column(key="external_key", label=_("External key"), is_default=False),
    ),
    search=("note__icontains", "project__name__icontains", "task__name__icontains", "person__name__icontains"),
    sort="-work_on",
)  # fmt: skip


def visible_entries(actor: Actor) -> QuerySet[TimeEntry]:
    """Entries within reach."""
    return TimeEntry.objects.select_related("person", "project", "project__client", "task").filter(
        access.reach(actor, access.VIEW_TIME)
    )


def visible_entry(actor: Actor, entry_id: UUID) -> TimeEntry:
    """The entry; NotFound if there is none within reach."""
    found = visible_entries(actor).filter(id=entry_id).first()
    if found is None:
        raise NotFound("There is no such time entry, or you may not see it.")
    return found
