"""Charges for lists and pages: who may see which, and what one is made of."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor, Scope
from quoin.base.listing import Column, Kind, Listing, Status, View
from quoin.billing import queries
from quoin.billing.models import Charge, WriteDown
from quoin.kernel.errors import NotFound
from quoin.projects.models import ProjectMember

STATUSES = {
    "unbilled": Status("info", _("Unbilled")),
    "drafted": Status("info", _("On a draft")),
    "billed": Status("success", _("Billed")),
    "written_off": Status("neutral", _("Written off")),
    "included": Status("neutral", _("Included")),
    "non_billable": Status("neutral", _("Not billable")),
    "void": Status("neutral", _("Taken back")),
}
CHARGES = Listing(
    key="charges",
    columns=(
        Column(key="work_on", label=_("Day"), kind=Kind.DAY),
        Column(key="client", label=_("Client"), source="client__name"),
        Column(key="project", label=_("Project"), source="project__name"),
        Column(key="person", label=_("Person"), source="person__name"),
        Column(key="kind", label=_("Kind")),
        Column(key="note", label=_("Note")),
        Column(key="minutes", label=_("Worked"), kind=Kind.MINUTES, is_totalled=True),
        Column(key="billable_minutes", label=_("To bill"), kind=Kind.MINUTES, is_totalled=True),
        Column(key="amount", label=_("Amount"), kind=Kind.MONEY, currency="currency", is_totalled=True),
        Column(key="open_amount", label=_("Open"), kind=Kind.MONEY, currency="currency", is_totalled=True),
        Column(key="status", label=_("Status"), kind=Kind.STATUS, statuses=STATUSES),
        Column(key="held_until", label=_("Held until"), kind=Kind.DAY),
        Column(key="hold_reason", label=_("Held because"), is_default=False),
        Column(key="contract", label=_("Contract"), source="contract__number", is_default=False),
    ),
    search=("note__icontains", "project__name__icontains", "client__name__icontains", "person__name__icontains"),
    sort="-work_on",
    views=(
        View(key="unbilled", label=_("Unbilled"), query="status=unbilled"),
        View(key="held", label=_("Held"), query="status=unbilled&held_until[isnull]=false"),
        View(key="written_off", label=_("Written off"), query="status=written_off"),
    ),
)


def charges(actor: Actor) -> QuerySet[Charge]:
    """Charges that the actor may see, with `open_amount` after write-downs: all, of their projects, or their own."""
    actor.require(queries.VIEW)
    down = WriteDown.objects.filter(charge_id=OuterRef("id")).order_by().values("charge_id")
    changed = Subquery(down.annotate(sum=Sum("amount")).values("sum"))
    rows = (
        Charge.objects.exclude(status="void")
        .select_related("client", "project", "person", "contract", "entity")
        .annotate(open_amount=F("amount") - Coalesce(changed, Decimal(0)))
    )
    scope = actor.scope(queries.VIEW)
    if scope is Scope.ALL:
        return rows
    if actor.person_id is None:
        return rows.none()
    if scope is Scope.TEAM:
        member = ProjectMember.objects.filter(project_id=OuterRef("project_id"), person_id=actor.person_id)
        return rows.filter(
            Q(project__manager_id=actor.person_id)
            | Q(person__team_id=actor.team_id, person__team__isnull=False)
            | Exists(member)
        )
    return rows.filter(person_id=actor.person_id)


def charge_for(actor: Actor, charge_id: UUID) -> Charge:
    """The charge, if it may be seen."""
    row = charges(actor).filter(id=charge_id).first()
    if row is None:
        raise NotFound("There is no such charge.")
    return row


def write_downs(actor: Actor, charge_id: UUID) -> tuple[WriteDown, ...]:
    """What was written down or up of a charge, oldest first."""
    charge_for(actor, charge_id)
    return tuple(WriteDown.objects.filter(charge_id=charge_id).order_by("decided_at", "id"))
