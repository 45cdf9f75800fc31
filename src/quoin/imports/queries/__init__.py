"""Reads of imports."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor
from quoin.imports.models import ImportBatch, ImportFile, ImportLine, ImportProfile
from quoin.kernel.errors import NotFound

__all__ = ["VIEW", "ImportBatch", "batch_for", "batches", "content_of", "lines_of", "profiles"]
VIEW = permission("imports.batch.view", _("See imports"))


def batches(actor: Actor) -> QuerySet[ImportBatch]:
    """All imports, newest first."""
    actor.require(VIEW)
    return ImportBatch.objects.order_by("-started_at", "-id")


def batch_for(actor: Actor, batch_id: UUID | str) -> ImportBatch:
    """The import, if it may be seen; NotFound else."""
    text = str(batch_id)
    try:
        found_id = ImportBatch.uuid_of(text)
    except ValueError:
        raise NotFound("There is no such import.") from None
    found = batches(actor).filter(id=found_id).first()
    if found is None:
        raise NotFound("There is no such import, or you may not see it.")
    return found


def content_of(batch: ImportBatch) -> bytes | None:
    """The bytes of the upload; None when they were thrown away."""
    found = ImportFile.objects.filter(batch=batch).first()
    return bytes(found.content) if found else None


def lines_of(actor: Actor, batch: ImportBatch) -> QuerySet[ImportLine]:
    """The rows of time of the file, in the order of the file."""
    actor.require(VIEW)
    return ImportLine.objects.filter(batch=batch).order_by("position")


def profiles(actor: Actor) -> QuerySet[ImportProfile]:
    """Saved answers, by name."""
    actor.require(VIEW)
    return ImportProfile.objects.order_by("name")
