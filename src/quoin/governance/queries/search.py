"""What the command palette finds of governance."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actor import Actor
from quoin.base.ui.palette import Hit
from quoin.governance import queries

_MOST = 4


def hits(actor: Actor, text: str) -> Iterator[Hit]:
    """Entries of logs and change orders by their titles."""
    for row in queries.visible_raid(actor).filter(title__icontains=text)[:_MOST]:
        url = reverse("governance:raid_item", args=[row.public_id])
        yield Hit(_("Risk or issue"), row.title, url, detail=row.project.name, icon="alert", rank=5)
    for change in queries.visible_changes(actor).filter(title__icontains=text)[:_MOST]:
        url = reverse("governance:change", args=[change.public_id])
        yield Hit(_("Change order"), change.title, url, detail=change.project.name, icon="contract", rank=5)
