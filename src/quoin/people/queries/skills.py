"""Reads of skills, certificates, and who has them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor
from quoin.base.listing import Column, Kind, Listing
from quoin.kernel.errors import NotFound
from quoin.people.models import Certificate, Person, PersonCertificate, PersonSkill, RoleCertificate, Skill
from quoin.people.queries.within import people_within, person_within

VIEW_SKILL = permission("people.skill.view", _("See what people can do, and their certificates"))
SKILLS = Listing(
    key="skills",
    columns=(
        Column(key="name", label=_("Skill")),
        Column(key="category", label=_("Category")),
        Column(key="is_active", label=_("Offered"), value=lambda row: _("yes") if row.is_active else _("no"), ops=()),
    ),
    search=("name__icontains", "category__icontains"),
    sort="category,name",
)
CERTIFICATES = Listing(
    key="certificates",
    columns=(
        Column(key="name", label=_("Certificate")),
        Column(key="issuer", label=_("Issued by")),
        Column(key="valid_months", label=_("Months it holds"), kind=Kind.NUMBER),
    ),
    search=("name__icontains", "issuer__icontains"),
    sort="name",
)
HELD = Listing(
    key="held_certificates",
    columns=(
        Column(key="person", label=_("Person"), source="person__name"),
        Column(key="certificate", label=_("Certificate"), source="certificate__name"),
        Column(key="number", label=_("Number")),
        Column(key="issued_on", label=_("Issued"), kind=Kind.DAY),
        Column(key="expires_on", label=_("Holds until"), kind=Kind.DAY),
    ),
    search=("person__name__icontains", "certificate__name__icontains", "number__icontains"),
    sort="expires_on",
)
SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A person and their level in each skill of the matrix, None where nothing was stated."""

    person: Person
    cells: tuple[PersonSkill | None, ...]


def skills(actor: Actor) -> QuerySet[Skill]:
    """The catalogue of skills."""
    actor.require(VIEW_SKILL)
    return Skill.objects.order_by("category", "name", "id")


def skill_for(actor: Actor, skill_id: UUID) -> Skill:
    """One skill of the catalogue; NotFound else."""
    found = skills(actor).filter(id=skill_id).first()
    if found is None:
        raise NotFound("There is no such skill.")
    return found


def certificates(actor: Actor) -> QuerySet[Certificate]:
    """The catalogue of certificates."""
    actor.require(VIEW_SKILL)
    return Certificate.objects.order_by("name", "id")


def certificate_for(actor: Actor, certificate_id: UUID) -> Certificate:
    """One certificate of the catalogue; NotFound else."""
    found = certificates(actor).filter(id=certificate_id).first()
    if found is None:
        raise NotFound("There is no such certificate.")
    return found


def skills_of(actor: Actor, person_id: UUID) -> QuerySet[PersonSkill]:
    """What somebody can do, best first."""
    person = person_within(actor, VIEW_SKILL, person_id)
    rows = PersonSkill.objects.select_related("skill", "confirmed_by").filter(person=person)
    return rows.order_by("-level", "skill__name")


def certificates_of(actor: Actor, person_id: UUID) -> QuerySet[PersonCertificate]:
    """Certificates somebody holds or held, the one that ends last first."""
    person = person_within(actor, VIEW_SKILL, person_id)
    return PersonCertificate.objects.select_related("certificate").filter(person=person).order_by("-expires_on", "id")


def held_certificates(actor: Actor) -> QuerySet[PersonCertificate]:
    """Everybody's certificates, the next to end first."""
    people = people_within(actor, VIEW_SKILL).order_by().values("id")
    rows = PersonCertificate.objects.select_related("person", "certificate").filter(person_id__in=people)
    return rows.order_by("expires_on", "id")


def lapse_of(row: PersonCertificate, on: date) -> str:
    """`lapsed`, `soon` (within 60 days) or nothing."""
    if row.expires_on is None or row.expires_on > on + SOON:
        return ""
    return "lapsed" if row.expires_on < on else "soon"


def matrix(actor: Actor, wanted: Collection[UUID] = ()) -> tuple[list[Skill], list[MatrixRow]]:
    """Skills (all active ones unless some are wanted) and, per person, their level in each."""
    columns = list(skills(actor).filter(is_active=True))
    if wanted:
        columns = [skill for skill in columns if skill.id in set(wanted)]
    people = list(people_within(actor, VIEW_SKILL).filter(left_on=None))
    cells = {
        (row.person_id, row.skill_id): row
        for row in PersonSkill.objects.filter(person_id__in=[person.id for person in people])
    }
    return columns, [
        MatrixRow(person, tuple(cells.get((person.id, skill.id)) for skill in columns)) for person in people
    ]


def skill_held(person_id: UUID, skill_id: UUID) -> PersonSkill | None:
    """What is known of a person's skill; None if nothing is."""
    return PersonSkill.objects.filter(person=person_id, skill=skill_id).first()


def levels_by_person(people: Collection[UUID]) -> dict[UUID, dict[UUID, PersonSkill]]:
    """Skills of many people, by skill. For staffing."""
    found: dict[UUID, dict[UUID, PersonSkill]] = {person: {} for person in people}
    for row in PersonSkill.objects.filter(person_id__in=list(found)):
        found[row.person_id][row.skill_id] = row
    return found


def certificates_by_person(people: Collection[UUID]) -> dict[UUID, dict[UUID, list[tuple[date, date | None]]]]:
    """Certificates of many people: spans in which each holds, by certificate. For staffing."""
    found: dict[UUID, dict[UUID, list[tuple[date, date | None]]]] = {person: {} for person in people}
    rows = PersonCertificate.objects.filter(person_id__in=list(found)).order_by("issued_on")
    for person_id, certificate_id, issued_on, expires_on in rows.values_list(
        "person_id", "certificate_id", "issued_on", "expires_on"
    ):
        found[person_id].setdefault(certificate_id, []).append((issued_on, expires_on))
    return found


def certificates_of_roles() -> dict[UUID, list[UUID]]:
    """Certificates that a role needs, by role."""
    found: dict[UUID, list[UUID]] = {}
    for role_id, certificate_id in RoleCertificate.objects.order_by("id").values_list("job_role_id", "certificate_id"):
        found.setdefault(role_id, []).append(certificate_id)
    return found
