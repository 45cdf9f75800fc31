"""Exports of the whole firm: asking, writing in the background, deleting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.jobs import defer
from quoin.compliance.models import Export, ExportPart
from quoin.compliance.queries.exports import FORMS, export_for
from quoin.compliance.services.dump import Sink, write_dump
from quoin.kernel.errors import invalid

WRITE = "compliance.export.write"
KEPT = timedelta(days=7)
_PART_BYTES = 4 * 1024 * 1024
_SEES_COSTS, _SEES_REASONS = "people.cost.view", "people.absence_private.view"


@action("compliance.export.create", label=gettext_lazy("Export everything of the firm"))
def create_export(actor: Actor, *, form: str = "csv") -> Export:
    """Ask for everything; a job writes it. Costs are in it, so only who may see them may ask.

    Reasons of absence are in it where the asker may see them. Exports of more than a week ago go.
    """
    actor.require(_SEES_COSTS)
    if form not in FORMS:
        raise invalid("/form", _("An export is csv or json."))
    _forget(Export.objects.filter(asked_at__lt=actor.now - KEPT).values_list("id", flat=True))
    export = Export.objects.create(
        asked_at=actor.now, asked_by=actor.name, form=form, has_private=actor.may(_SEES_REASONS)
    )
    touch(export.public_id)
    undo_with("compliance.export.delete", export_id=str(export.id))
    defer(actor, WRITE, export_id=str(export.id))
    return export


@action(WRITE, label=gettext_lazy("Write an export that was asked for"))
def write_export(actor: Actor, *, export_id: UUID | str) -> Export:
    """Write the zip; once, however often the job runs."""
    actor.require(_SEES_COSTS)
    export = Export.objects.select_for_update().get(id=export_for(actor, export_id).id)
    if export.finished_at is None:
        kept: list[UUID] = []

        def keep(content: bytes) -> None:
            kept.append(ExportPart.objects.create(export=export, number=len(kept) + 1, content=content).id)

        sink = Sink(keep, part_bytes=_PART_BYTES)
        export.rows = write_dump(actor, sink, form=export.form, has_private=export.has_private)
        export.sha256, export.size_bytes, export.finished_at = sink.finish(), sink.size, actor.now
        export.save(update_fields=["rows", "sha256", "size_bytes", "finished_at"])
    touch(export.public_id)
    return export


@action("compliance.export.delete", label=gettext_lazy("Delete an export of the firm"))
def delete_export(actor: Actor, *, export_id: UUID | str) -> None:
    """Remove the zip; that it was made stays in the audit."""
    export = export_for(actor, export_id)
    touch(export.public_id)
    _forget([export.id])


def _forget(ids: Iterable[UUID]) -> None:
    found = list(ids)
    ExportPart.objects.filter(export_id__in=found).delete()
    Export.objects.filter(id__in=found).delete()
