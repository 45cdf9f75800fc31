"""Commands about skills and certificates: the catalogues, what people say of themselves, what others confirm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.kernel.errors import Conflict, Forbidden, NotFound, invalid
from quoin.kernel.period import add_months
from quoin.kernel.words import say
from quoin.people.models import (
    Certificate,
    JobRole,
    Person,
    PersonCertificate,
    PersonSkill,
    RoleCertificate,
    Skill,
)
from quoin.people.queries.within import person_within
from quoin.people.types import HIGHEST_LEVEL, Wish

LEVELS = (
    "none", "has heard of it", "works with help", "works alone", "leads others in it", "is asked by the whole firm",
)  # fmt: skip
_STATE, _CONFIRM, _GIVE = "people.skill.state", "people.skill.confirm", "people.certificate.give"
_FORGET, _TAKE = "people.skill.forget", "people.certificate.take"


@action("people.skill.create", label=_("Add a skill to the catalogue"))
def create_skill(actor: Actor, *, name: str, category: str = "", levels: Sequence[str] = LEVELS) -> Skill:
    name = " ".join(name.split())
    if not name:
        raise invalid("/name", "A skill needs a name.", code="required")
    if Skill.objects.filter(name__iexact=name).exists():
        raise invalid("/name", say("There is a skill %(name)s already.", name=name), code="taken")
    if len(levels) != HIGHEST_LEVEL + 1:
        raise invalid("/levels", "Say what each of the six levels means, from 0 to 5.")
    skill = Skill.objects.create(name=name, category=" ".join(category.split()), levels=list(levels))
    touch(skill.public_id)
    return skill


@action("people.skill.edit", label=_("Edit a skill of the catalogue"))
def edit_skill(
    actor: Actor,
    *,
    skill_id: UUID | str,
    name: str = "",
    category: str | None = None,
    levels: Sequence[str] = (),
    is_active: bool | None = None,
) -> Skill:
    """New words for a skill; what is left out stays."""
    skill = _skill(skill_id)
    undo_with(
        "people.skill.edit", skill_id=skill.id, name=skill.name, category=skill.category, levels=skill.levels,
        is_active=skill.is_active,
    )  # fmt: skip
    if levels and len(levels) != HIGHEST_LEVEL + 1:
        raise invalid("/levels", "Say what each of the six levels means, from 0 to 5.")
    skill.name = " ".join(name.split()) or skill.name
    if Skill.objects.filter(name__iexact=skill.name).exclude(id=skill.id).exists():
        raise invalid("/name", say("There is a skill %(name)s already.", name=skill.name), code="taken")
    skill.category = skill.category if category is None else " ".join(category.split())
    skill.levels = list(levels) or skill.levels
    skill.is_active = skill.is_active if is_active is None else is_active
    skill.save()
    touch(skill.public_id)
    return skill


@action(_STATE, label=_("Say how well somebody can do something"))
def state_skill(
    actor: Actor,
    *,
    person_id: UUID | str,
    skill_id: UUID | str,
    level: int,
    wish: str | None = None,
    last_used_on: date | str | None = None,
) -> PersonSkill:
    """A level from 0 to 5. It waits to be confirmed by somebody else; a new level must be confirmed again."""
    person, skill = person_within(actor, _STATE, person_id), _skill(skill_id)
    if not 0 <= level <= HIGHEST_LEVEL:
        raise invalid("/level", "A level is from 0 (none) to 5.")
    if wish is not None and wish not in set(Wish):
        raise invalid("/wish", "A wish is grow, avoid, or nothing.")
    row = PersonSkill.objects.select_for_update(of=("self",)).filter(person=person, skill=skill).first()
    if row is None:
        undo_with(_FORGET, person_id=person.id, skill_id=skill.id)
        row = PersonSkill(person=person, skill=skill, level=level)
    else:
        undo_with(
            _STATE, person_id=person.id, skill_id=skill.id, level=row.level, wish=row.wish,
            last_used_on=row.last_used_on,
        )  # fmt: skip
    if row.level != level:
        row.confirmed_by, row.confirmed_on = None, None
    row.level, row.stated_on = level, actor.today
    row.wish = row.wish if wish is None else wish
    if last_used_on is not None:
        row.last_used_on = date.fromisoformat(str(last_used_on))
    row.save()
    touch(person.public_id)
    return row


@action(_CONFIRM, label=_("Confirm somebody's skill"))
def confirm_skill(
    actor: Actor, *, person_id: UUID | str, skill_id: UUID | str, level: int | None = None
) -> PersonSkill:
    """Somebody else than the person says that the level is right, or which one is."""
    person, skill = person_within(actor, _CONFIRM, person_id), _skill(skill_id)
    if actor.person_id is None or actor.person_id == person.id:
        raise Forbidden("Somebody else confirms your own skills.")
    row = PersonSkill.objects.select_for_update(of=("self",)).filter(person=person, skill=skill).first()
    if row is None:
        raise NotFound(
            say("%(person)s has not stated %(skill)s. State it first.", person=person.name, skill=skill.name)
        )
    if level is not None and not 0 <= level <= HIGHEST_LEVEL:
        raise invalid("/level", "A level is from 0 (none) to 5.")
    row.level = row.level if level is None else level
    row.confirmed_by_id, row.confirmed_on = actor.person_id, actor.today
    row.save()
    touch(person.public_id)
    return row


@action(_FORGET, label=_("Take a skill from a person"))
def forget_skill(actor: Actor, *, person_id: UUID | str, skill_id: UUID | str) -> None:
    person = person_within(actor, _FORGET, person_id)
    row = PersonSkill.objects.filter(person=person, skill_id=skill_id).first()
    if row is None:
        raise NotFound(say("%(person)s has not stated this skill.", person=person.name))
    undo_with(
        _STATE, person_id=person.id, skill_id=row.skill_id, level=row.level, wish=row.wish,
        last_used_on=row.last_used_on,
    )  # fmt: skip
    touch(person.public_id)
    row.delete()


@action("people.certificate.create", label=_("Add a certificate to the catalogue"))
def create_certificate(actor: Actor, *, name: str, issuer: str = "", valid_months: int | None = None) -> Certificate:
    name = " ".join(name.split())
    if not name:
        raise invalid("/name", "A certificate needs a name.", code="required")
    if Certificate.objects.filter(name__iexact=name).exists():
        raise invalid("/name", say("There is a certificate %(name)s already.", name=name), code="taken")
    if valid_months is not None and valid_months <= 0:
        raise invalid("/valid_months", "A certificate holds for one month or more; leave it out if it holds for good.")
    made = Certificate.objects.create(name=name, issuer=issuer.strip(), valid_months=valid_months)
    touch(made.public_id)
    return made


@action("people.certificate.edit", label=_("Edit a certificate of the catalogue"))
def edit_certificate(
    actor: Actor,
    *,
    certificate_id: UUID | str,
    name: str = "",
    issuer: str | None = None,
    valid_months: int | None = None,
) -> Certificate:
    """New words for a certificate. Left out, name and issuer stay; without months it holds for good."""
    found = _certificate(certificate_id)
    undo_with(
        "people.certificate.edit", certificate_id=found.id, name=found.name, issuer=found.issuer,
        valid_months=found.valid_months,
    )  # fmt: skip
    if valid_months is not None and valid_months <= 0:
        raise invalid("/valid_months", "A certificate holds for one month or more; leave it out if it holds for good.")
    name = " ".join(name.split()) or found.name
    if Certificate.objects.filter(name__iexact=name).exclude(id=found.id).exists():
        raise invalid("/name", say("There is a certificate %(name)s already.", name=name), code="taken")
    found.name, found.valid_months = name, valid_months
    found.issuer = found.issuer if issuer is None else issuer.strip()
    found.save(update_fields=["name", "issuer", "valid_months"])
    touch(found.public_id)
    return found


@action("people.certificate.require", label=_("Say which certificates a role needs"))
def require_certificates(actor: Actor, *, job_role_id: UUID | str, certificate_ids: Sequence[UUID | str]) -> None:
    """Nobody is booked in the role without these; replaces what was said before."""
    role = JobRole.objects.filter(id=job_role_id).first()
    if role is None:
        raise NotFound("There is no such role.")
    wanted = [_certificate(one) for one in certificate_ids]
    before = RoleCertificate.objects.filter(job_role=role)
    undo_with(
        "people.certificate.require", job_role_id=role.id,
        certificate_ids=[str(one) for one in before.values_list("certificate_id", flat=True)],
    )  # fmt: skip
    before.exclude(certificate__in=wanted).delete()
    for certificate in wanted:
        RoleCertificate.objects.get_or_create(job_role=role, certificate=certificate)
    touch(role.public_id)


@action(_GIVE, label=_("Record somebody's certificate"))
def give_certificate(
    actor: Actor,
    *,
    person_id: UUID | str,
    certificate_id: UUID | str,
    issued_on: date | str,
    expires_on: date | str | None = None,
    number: str = "",
    proof_id: UUID | str | None = None,
) -> PersonCertificate:
    """It holds until `expires_on`, or as long as the catalogue says."""
    person, certificate = person_within(actor, _GIVE, person_id), _certificate(certificate_id)
    issued = date.fromisoformat(str(issued_on))
    ends = date.fromisoformat(str(expires_on)) if expires_on else None
    if ends is None and certificate.valid_months:
        ends = add_months(issued, certificate.valid_months)
    if ends is not None and ends < issued:
        raise invalid("/expires_on", "The certificate ends before it was issued. Check both days.")
    if PersonCertificate.objects.filter(person=person, certificate=certificate, issued_on=issued).exists():
        raise Conflict(
            say(
                "%(person)s has %(certificate)s of %(issued)s already.",
                person=person.name,
                certificate=certificate.name,
                issued=issued,
            )
        )
    row = PersonCertificate.objects.create(
        person=person, certificate=certificate, number=number.strip(), issued_on=issued, expires_on=ends,
        proof_id=proof_id,
    )  # fmt: skip
    undo_with(_TAKE, held_id=row.id)
    touch(person.public_id)
    return row


@action(_TAKE, label=_("Delete somebody's certificate"))
def take_certificate(actor: Actor, *, held_id: UUID | str) -> None:
    row = PersonCertificate.objects.select_related("person").filter(id=held_id).first()
    if row is None:
        raise NotFound("There is no such certificate.")
    person: Person = person_within(actor, _TAKE, row.person_id)
    undo_with(
        _GIVE, person_id=person.id, certificate_id=row.certificate_id, issued_on=row.issued_on,
        expires_on=row.expires_on, number=row.number, proof_id=row.proof_id,
    )  # fmt: skip
    touch(person.public_id)
    row.delete()


def _skill(skill_id: UUID | str) -> Skill:
    skill = Skill.objects.filter(id=skill_id).first()
    if skill is None:
        raise NotFound("There is no such skill.")
    return skill


def _certificate(certificate_id: UUID | str) -> Certificate:
    certificate = Certificate.objects.filter(id=certificate_id).first()
    if certificate is None:
        raise NotFound("There is no such certificate.")
    return certificate
