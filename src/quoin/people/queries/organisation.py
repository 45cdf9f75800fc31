"""Reads of teams and job roles, with how many people each has."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from quoin.base.actor import Actor
from quoin.base.listing import Column, Kind, Listing
from quoin.kernel.errors import NotFound
from quoin.kernel.words import say
from quoin.people.models import Certificate, JobRole, Person, RoleCertificate, Team
from quoin.people.queries import VIEW, visible_people

_COLUMNS = (
    Column(key="name", label=_("Name")),
    Column(key="people", label=_("People"), kind=Kind.NUMBER),
)
TEAMS = Listing(key="teams", columns=_COLUMNS, search=("name__icontains",), sort="name")
JOB_ROLES = Listing(
    key="job_roles",
    columns=(*_COLUMNS, Column(key="certificates", label=_("Certificates it needs"), kind=Kind.NUMBER)),
    search=("name__icontains",),
    sort="name",
)


def team_list(actor: Actor) -> QuerySet[Any]:
    """All teams; people who left are not counted."""
    actor.require(VIEW)
    return Team.objects.annotate(people=_counted("team")).order_by("name", "id")


def team_for(actor: Actor, team_id: UUID) -> Any:
    found = team_list(actor).filter(id=team_id).first()
    if found is None:
        raise NotFound("There is no such team.")
    return found


def team_members(actor: Actor, team_id: UUID) -> QuerySet[Person]:
    """Who is in the team, of those whom the actor may see."""
    return visible_people(actor).filter(team=team_id)


def job_role_list(actor: Actor) -> QuerySet[Any]:
    """All job roles, with people who have them and certificates they need."""
    actor.require(VIEW)
    needed = RoleCertificate.objects.filter(job_role=OuterRef("pk"), tenant_id=OuterRef("tenant_id")).order_by()
    counted = needed.values("job_role").annotate(found=Count("*")).values("found")
    rows = JobRole.objects.annotate(people=_counted("job_role"), certificates=Coalesce(Subquery(counted), 0))
    return rows.order_by("name", "id")


def job_role_named(actor: Actor, text: str) -> Any:
    """The job role of that name; NotFound if there is none. For typed input."""
    found = job_role_list(actor).filter(name__iexact=text.strip()).first()
    if found is None:
        raise NotFound(say("There is no role %(wanted)s.", wanted=text))
    return found


def job_role_for(actor: Actor, job_role_id: UUID) -> Any:
    found = job_role_list(actor).filter(id=job_role_id).first()
    if found is None:
        raise NotFound("There is no such role.")
    return found


def role_members(actor: Actor, job_role_id: UUID) -> QuerySet[Person]:
    """Who has the role, of those whom the actor may see."""
    return visible_people(actor).filter(job_role=job_role_id)


def certificates_needed(job_role_id: UUID) -> list[Certificate]:
    """Certificates without which nobody is booked in the role, by name."""
    wanted = RoleCertificate.objects.filter(job_role=job_role_id).values("certificate_id")
    return list(Certificate.objects.filter(id__in=wanted).order_by("name"))


def _counted(field: str) -> Coalesce:
    here = Q(tenant_id=OuterRef("tenant_id"), left_on=None, **{field: OuterRef("pk")})
    people = Person.objects.filter(here).order_by()
    return Coalesce(Subquery(people.values(field).annotate(found=Count("*")).values("found")), 0)
