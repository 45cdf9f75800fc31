"""What all screens of the wizard share: the steps, words of kinds and fields, and where to go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from quoin.base.listing import Column, Kind, Listing, Status
from quoin.imports.queries import ImportBatch
from quoin.imports.rules.fields import FIELD_NAMES
from quoin.imports.types import Field
from quoin.kernel.words import spoken

STATUSES = {
    "draft": Status("neutral", _("Draft")),
    "planned": Status("info", _("Dry run")),
    "applied": Status("success", _("Applied")),
    "undone": Status("warning", _("Taken back")),
}
KINDS = {
    "client": _("Clients"),
    "person": _("People"),
    "project": _("Projects"),
    "task": _("Tasks"),
    "entry": _("Time entries"),
    "category": _("Categories"),
    "expense": _("Expenses"),
    "member": _("Memberships"),
    "contract": _("Contracts"),
    "card": _("Rate cards"),
    "rate": _("Rates"),
    "cost": _("Cost rates"),
    "entity": _("Companies"),
}
_said = lazy(spoken, str)
FIELD_CHOICES = [("", _("Not used")), *((field.value, _said(FIELD_NAMES[field])) for field in Field)]


def _rows(batch: ImportBatch) -> int:
    return int(batch.written.get("entries", 0) + batch.written.get("expenses", 0))


HISTORY = Listing(
    key="imports",
    columns=(
        Column(key="file_name", label=_("File")),
        Column(key="status", label=_("Status"), kind=Kind.STATUS, statuses=STATUSES),
        Column(key="source", label=_("Source")),
        Column(
            key="entries", label=_("Rows"), kind=Kind.NUMBER, is_sortable=False, ops=(),
            value=lambda batch: _rows(batch) if batch.status in {"applied", "undone"} else None,
        ),
        Column(key="started_at", label=_("Started"), kind=Kind.DAY, value=lambda batch: batch.started_at.date()),
    ),
    search=("file_name__icontains", "source__icontains"),
    sort="-started_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five steps; `url` is '' where it cannot be opened now."""

    label: str | Promise
    url: str
    is_done: bool
    is_current: bool


_STEPS = (
    ("file", _("File")), ("columns", _("Match columns")), ("values", _("Fix values")), ("plan", _("Dry run")),
    ("result", _("Apply")),
)  # fmt: skip


def steps(batch: ImportBatch | None, current: str) -> list[Step]:
    """The stepper; the steps of an import that is not applied can be opened again."""
    order = [key for key, _label in _STEPS]
    at = order.index(current)
    found = []
    for place, (key, label) in enumerate(_STEPS):
        can_open = batch is not None and batch.status in {"draft", "planned"} and key in {"columns", "values"}
        url = reverse(f"imports:{key}", args=[batch.public_id]) if can_open and batch else ""
        found.append(Step(label, url if place != at else "", is_done=place < at, is_current=place == at))
    return found


def next_url(batch: ImportBatch) -> str:
    """Where an import is gone on with."""
    if batch.status in {"applied", "undone"}:
        return reverse("imports:result", args=[batch.public_id])
    return reverse(f"imports:{'plan' if batch.status == 'planned' else 'columns'}", args=[batch.public_id])


def frame(batch: ImportBatch, current: str, **more: Any) -> dict[str, Any]:
    """What every page of one import shows."""
    return {
        "title": batch.file_name,
        "area": _("Import"),
        "crumbs": ((_("Import"), reverse("imports:history")),),
        "batch": batch,
        "status": STATUSES[batch.status],
        "steps": steps(batch, current),
        **more,
    }
