"""Field work of the proof's firm: goods, a visit with its crew, checklist and parts, a site and equipment, near and far."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import Any

from quoin.base.files.models import StoredFile
from quoin.field.models import (
    Acceptance,
    Checklist,
    ChecklistLine,
    DeliveredUnit,
    Delivery,
    DeliveryDate,
    Equipment,
    Site,
    Visit,
    VisitCheck,
    VisitDelivery,
    VisitEquipment,
    VisitMember,
    VisitPart,
)


def install(estate: Any) -> None:
    """The rows of both places, each text with the place's mark."""
    now = estate.world.actor.now
    for number, (place, ids) in enumerate((("near", estate.near), ("far", estate.far)), start=1):
        said = estate.mark(place, "project")
        site = Site.objects.create(client_id=ids["cli"], name=estate.mark(place, "client"), city="Kassel")
        goods = Delivery.objects.create(
            project_id=ids["prj"], task_id=ids["tsk"], site=site, number=1, item=said, note=said,
            promised_on=date(2026, 5, 11), expected_on=date(2026, 5, 20),
        )  # fmt: skip
        DeliveryDate.objects.create(delivery=goods, expected_on=date(2026, 5, 20), reason=said, said_at=now)
        unit = DeliveredUnit.objects.create(delivery=goods, serial_number=said)
        hours = (datetime(2026, 5, 7, 8, tzinfo=UTC), datetime(2026, 5, 7, 12, tzinfo=UTC))
        visit = Visit.objects.create(
            project_id=ids["prj"], task_id=ids["tsk"], site=site, number=number, title=said, status="published",
            starts_at=hours[0], ends_at=hours[1], instructions=said, report=said,
        )  # fmt: skip
        VisitMember.objects.create(
            visit=visit, person_id=ids["per"], is_lead=True, is_firm=True, begins_at=hours[0], ends_at=hours[1]
        )
        # Equipment belongs to the firm: whoever sees field work sees it.
        van = Equipment.objects.create(name=f"{estate.sign}van {number}", kind="vehicle")
        VisitEquipment.objects.create(visit=visit, equipment=van, is_firm=True, begins_at=hours[0], ends_at=hours[1])
        VisitDelivery.objects.create(visit=visit, delivery=goods)
        line = VisitCheck.objects.create(visit=visit, position=1, text=said)
        part = VisitPart.objects.create(visit=visit, name=said, quantity=1)
        accepted = _accepted(estate, goods, said)
        # Checklists belong to the firm, like equipment.
        checks = Checklist.objects.create(name=f"{estate.sign}checks {number}")
        ChecklistLine.objects.create(checklist=checks, position=1, text="Look")
        ids.update(
            {
                "sit": site.id,
                "dlv": goods.id,
                "unt": unit.id,
                "vis": visit.id,
                "vch": line.id,
                "vpt": part.id,
                "eqp": van.id,
                "acp": accepted.id,
                "ckl": checks.id,
            }
        )


def _accepted(estate: Any, goods: Delivery, said: str) -> Acceptance:
    """A certificate that does not cover the unit, so that steps of the proof may still go both ways."""
    now = estate.world.actor.now
    content = f"%PDF-{said}".encode()
    printed = StoredFile.objects.create(
        name="acceptance.pdf", content_type="application/pdf", size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(), content=content, stored_at=now,
    )  # fmt: skip
    told = {"title": said, "sentence": said, "facts": [["Item", said]], "units": [], "labels": {"units": "Units"}}
    return Acceptance.objects.create(
        delivery=goods, number=Acceptance.objects.count() + 1, accepted_on=date(2026, 5, 5), accepted_by=said,
        remarks=said, content=told, printed_id=printed.id, sha256=printed.sha256, issued_at=now,
    )  # fmt: skip
