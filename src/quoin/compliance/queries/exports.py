"""Exports of the whole firm: the list, one of them, and its bytes."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import IO
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor
from quoin.base.listing import Column, Kind, Listing, Status
from quoin.compliance.models import Export, ExportPart
from quoin.compliance.types import ExportNotReady
from quoin.kernel.errors import NotFound

# Not a look that every reader of the trail has: who holds the zip holds everything.
READ_EXPORTS = permission("compliance.export.read", _("Download exports of the whole firm"))
FORMS = ("csv", "json")
_IN_MEMORY = 2
"""Parts of a zip that are sent from memory."""
_STATES: Mapping[str, Status] = {
    "waiting": Status("info", _("Being written")), "done": Status("success", _("Ready")),
}  # fmt: skip


def state_of(export: Export) -> str:
    """Waiting or done."""
    return "done" if export.finished_at else "waiting"


EXPORTS = Listing(
    key="exports",
    columns=(
        Column(key="asked_at", label=_("When"), kind=Kind.DAY),
        Column(key="asked_by", label=_("Who"), kind=Kind.PERSON),
        Column(key="form", label=_("File format")),
        Column(
            key="state", label=_("Status"), kind=Kind.STATUS, statuses=_STATES, value=state_of, is_sortable=False,
            ops=(),
        ),
        Column(key="rows", label=_("Rows of data"), kind=Kind.NUMBER),
        Column(key="size_bytes", label=_("Bytes"), kind=Kind.NUMBER),
        Column(key="sha256", label=_("SHA-256"), is_sortable=False),
    ),
    sort="-asked_at",
)  # fmt: skip


def exports(actor: Actor) -> QuerySet[Export, Export]:
    """Those that are still kept."""
    actor.require(READ_EXPORTS)
    return Export.objects.all()


def export_for(actor: Actor, export_id: UUID | str) -> Export:
    """One of them."""
    try:
        wanted = export_id if isinstance(export_id, UUID) else Export.uuid_of(export_id)
    except ValueError:
        raise NotFound(_t("There is no such export.")) from None
    found = exports(actor).filter(id=wanted).first()
    if found is None:
        raise NotFound(_t("There is no such export."))
    return found


def parts_of(export: Export) -> Iterator[bytes]:
    """The zip in order, one part in memory at a time."""
    if export.finished_at is None:
        raise ExportNotReady(_t("The export is still being written. Come back in a moment."))
    for number in ExportPart.objects.filter(export=export).order_by("number").values_list("number", flat=True):
        yield bytes(ExportPart.objects.get(export=export, number=number).content)


def zip_response(export: Export) -> FileResponse:
    """The zip as a download; one of many parts waits on disk, without a name."""
    parts = parts_of(export)
    begun = b"".join(islice(parts, _IN_MEMORY))
    rest = next(parts, None)
    file: IO[bytes]
    if rest is None:
        file = io.BytesIO(begun)
    else:
        file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
        for part in (begun, rest, *parts):
            file.write(part)
        file.seek(0)
    name = f"quoin-{export.asked_at:%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
