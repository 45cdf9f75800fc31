"""Reads of field work, limited to what the actor may see."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor, Scope
from quoin.clients.queries import visible_clients
from quoin.field.models import (
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
from quoin.kernel.errors import NotFound
from quoin.projects.queries import visible_projects

VIEW = permission("field.work.view", _("See deliveries, visits and sites"))
WORK = "field.visit.start"


def visible_deliveries(actor: Actor) -> QuerySet[Delivery]:
    """Deliveries of the projects that the actor may see."""
    rows = Delivery.objects.select_related("project", "project__client", "task", "site")
    if actor.scope(VIEW) is None:
        return rows.none()
    if actor.scope(VIEW) is not Scope.ALL:
        rows = rows.filter(project__in=visible_projects(actor).order_by().values("id"))
    return rows.order_by("expected_on", "project__number", "number")


def deliveries_of(project_id: UUID) -> QuerySet[Delivery]:
    """What a project waits for or has got, for a form about that project."""
    return Delivery.objects.filter(project=project_id).exclude(status="cancelled").order_by("number")


def visits_carrying(actor: Actor, delivery: Delivery) -> QuerySet[Visit]:
    """Visits within reach that are to install the goods."""
    carrying = VisitDelivery.objects.filter(delivery=delivery).values("visit_id")
    return visible_visits(actor).filter(id__in=carrying)


def delivery_for(actor: Actor, delivery_id: UUID) -> Delivery:
    found = visible_deliveries(actor).filter(id=delivery_id).first()
    if found is None:
        raise NotFound("There is no such delivery, or you may not see it.")
    return found


def dates_of(delivery: Delivery) -> QuerySet[DeliveryDate]:
    """Each change of the expected day, the latest first."""
    return DeliveryDate.objects.filter(delivery=delivery).order_by("-said_at", "-id")


def units_of(delivery: Delivery) -> QuerySet[DeliveredUnit]:
    return DeliveredUnit.objects.filter(delivery=delivery).order_by("serial_number")


def visible_visits(actor: Actor) -> QuerySet[Visit]:
    """Visits of the projects that the actor may see, and those whose crew they are of (once published)."""
    rows = Visit.objects.select_related("project", "project__client", "site", "task", "certificate")
    scope = actor.scope(VIEW)
    if scope is None:
        return rows.none()
    if scope is not Scope.ALL:
        mine = VisitMember.objects.filter(
            person=actor.person_id, is_firm=True, visit=OuterRef("pk"), tenant_id=OuterRef("tenant_id")
        )
        reach = Q(Exists(mine))
        if scope is Scope.TEAM:
            reach |= Q(project__in=visible_projects(actor).order_by().values("id"))
        rows = rows.filter(reach)
    return rows.order_by("starts_at", "number")


def visit_for(actor: Actor, visit_id: UUID) -> Visit:
    found = visible_visits(actor).filter(id=visit_id).first()
    if found is None:
        raise NotFound("There is no such visit, or you may not see it.")
    return found


def crew_of(visit: Visit) -> QuerySet[VisitMember]:
    return VisitMember.objects.select_related("person").filter(visit=visit).order_by("-is_lead", "person__name")


def equipment_of(visit: Visit) -> QuerySet[Equipment]:
    """What the visit takes along."""
    taken = VisitEquipment.objects.filter(visit=visit).values("equipment_id")
    return Equipment.objects.filter(id__in=taken).order_by("name")


def goods_of(visit: Visit) -> QuerySet[Delivery]:
    """What the visit is to install."""
    wanted = VisitDelivery.objects.filter(visit=visit).values("delivery_id")
    return Delivery.objects.filter(id__in=wanted).order_by("number")


def checks_of(visit: Visit) -> QuerySet[VisitCheck]:
    return VisitCheck.objects.select_related("answered_by").filter(visit=visit).order_by("position")


def parts_of(visit: Visit) -> QuerySet[VisitPart]:
    return VisitPart.objects.filter(visit=visit).order_by("name", "id")


def visible_sites(actor: Actor) -> QuerySet[Site]:
    """Sites of the clients that the actor may see."""
    rows = Site.objects.select_related("client")
    if actor.scope(VIEW) is None:
        return rows.none()
    return rows.filter(client__in=visible_clients(actor).order_by().values("id")).order_by("client__name", "name")


def site_for(actor: Actor, site_id: UUID) -> Site:
    found = visible_sites(actor).filter(id=site_id).first()
    if found is None:
        raise NotFound("There is no such site, or you may not see it.")
    return found


def shared_equipment(actor: Actor) -> QuerySet[Equipment]:
    """Equipment in use first."""
    rows = Equipment.objects.select_related("certificate")
    return rows.none() if actor.scope(VIEW) is None else rows.order_by("-is_active", "kind", "name")
