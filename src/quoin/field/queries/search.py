"""What the command palette finds of field work."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from quoin.base.actor import Actor
from quoin.base.ui.palette import Hit
from quoin.field import queries
from quoin.field.queries.acceptance import installed_base

_MOST = 4


def hits(actor: Actor, text: str) -> Iterator[Hit]:
    """Deliveries by item or order number, visits by what for, site or number."""
    goods = queries.visible_deliveries(actor).filter(Q(item__icontains=text) | Q(order_number__icontains=text))
    for row in goods[:_MOST]:
        url = reverse("field:delivery", args=[row.public_id])
        yield Hit(_("Delivery"), row.item, url, detail=row.project.name, icon="delivery", rank=5)
    for unit in installed_base(actor).filter(unit__serial_number__istartswith=text)[:_MOST]:
        url = reverse("field:acceptance", args=[unit.acceptance.public_id])
        name = f"{unit.unit.serial_number} · {unit.delivery.item}"
        yield Hit(_("Installed"), name, url, detail=unit.delivery.project.client.name, icon="delivery", rank=5)
    wanted = Q(title__icontains=text) | Q(site__name__icontains=text)
    if text.isdigit():
        wanted |= Q(number=int(text[:9]))
    for visit in queries.visible_visits(actor).filter(wanted).order_by("-starts_at")[:_MOST]:
        url = reverse("field:visit", args=[visit.public_id])
        yield Hit(_("Visit"), visit.title, url, detail=visit.site.name, icon="pin", rank=5)
