"""Acceptance certificates, and what stands at clients since: the installed base."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from quoin.base.actor import Actor
from quoin.base.files.models import StoredFile
from quoin.field.models import (
    Acceptance,
    AcceptanceWithdrawal,
    AcceptedUnit,
    Checklist,
    ChecklistLine,
    DeliveredUnit,
    Delivery,
    Visit,
    VisitDelivery,
)
from quoin.field.queries import VIEW, visible_deliveries
from quoin.kernel.errors import Conflict, NotFound
from quoin.sales.models import Milestone


def visible_certificates(actor: Actor) -> QuerySet[Acceptance]:
    """Certificates of deliveries within reach, the latest first; `is_withdrawn` says whether one still counts."""
    gone = AcceptanceWithdrawal.objects.filter(acceptance=OuterRef("pk"), tenant_id=OuterRef("tenant_id"))
    rows = Acceptance.objects.select_related("delivery__project__client", "delivery__site")
    near = visible_deliveries(actor).order_by().values("id")
    return rows.filter(delivery__in=near).annotate(is_withdrawn=Exists(gone)).order_by("-number")


def certificate_for(actor: Actor, certificate_id: UUID) -> Acceptance:
    found = visible_certificates(actor).filter(id=certificate_id).first()
    if found is None:
        raise NotFound("There is no such certificate, or you may not see it.")
    return found


def withdrawal_of(found: Acceptance) -> AcceptanceWithdrawal | None:
    return AcceptanceWithdrawal.objects.filter(acceptance=found).first()


def printed_of(actor: Actor, certificate_id: UUID) -> tuple[Acceptance, bytes]:
    """The certificate and its file, byte by byte as it was signed; Conflict if the bytes are not those."""
    found = certificate_for(actor, certificate_id)
    content = bytes(StoredFile.objects.get(id=found.printed_id).content)
    if hashlib.sha256(content).hexdigest() != found.sha256:
        raise Conflict("The kept file is not the one that was signed. Restore it from a backup.")
    return found, content


def installed_base(actor: Actor) -> QuerySet[AcceptedUnit]:
    """Every unit that a client accepted, of deliveries within reach."""
    rows = AcceptedUnit.objects.select_related("unit", "delivery__project__client", "delivery__site", "acceptance")
    near = visible_deliveries(actor).order_by().values("id")
    return rows.filter(delivery__in=near).order_by("delivery__project__client__name", "unit__serial_number", "id")


def units_left(delivery: Delivery) -> QuerySet[DeliveredUnit]:
    """Units of the delivery that are not accepted yet."""
    taken = AcceptedUnit.objects.filter(delivery=delivery).values("unit_id")
    return DeliveredUnit.objects.filter(delivery=delivery).exclude(id__in=taken).order_by("serial_number")


def signed_visits(delivery: Delivery) -> QuerySet[Visit]:
    """Visits that installed the goods and that the client signed."""
    carrying = VisitDelivery.objects.filter(delivery=delivery).values("visit_id")
    return Visit.objects.filter(id__in=carrying, signed_at__isnull=False).order_by("-signed_at")


def open_milestones(delivery: Delivery | None, contract_id: UUID | None) -> QuerySet[Milestone]:
    """Milestones that goods of the contract can be tied to; the one they are tied to is among them."""
    rows = Milestone.objects.filter(contract=contract_id, reached_on=None)
    if delivery is not None and delivery.milestone_id is not None:
        rows = rows | Milestone.objects.filter(id=delivery.milestone_id)
    return rows.order_by("position")


def checklists(actor: Actor) -> QuerySet[Checklist]:
    """Checklists, those in use first."""
    rows = Checklist.objects.all()
    return rows.none() if actor.scope(VIEW) is None else rows.order_by("-is_active", "kind", "name")


def checklist_for(actor: Actor, checklist_id: UUID) -> Checklist:
    found = checklists(actor).filter(id=checklist_id).first()
    if found is None:
        raise NotFound("There is no such checklist.")
    return found


def lines_of_checklist(found: Checklist) -> QuerySet[ChecklistLine]:
    return ChecklistLine.objects.filter(checklist=found).order_by("position")
