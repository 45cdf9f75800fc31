"""Skills and certificates over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse

from quoin.base.http.api import ApiIn, ApiRequest, PublicId, Router, list_response, operation, respond_json, whole_list
from quoin.kernel.ids import public_id
from quoin.people.actions import skills as actions
from quoin.people.queries import skills as queries
from quoin.people.queries.skill_gaps import feet

router = Router(tags=["skills"])
PersonId = Annotated[UUID, PublicId("per")]
SkillId = Annotated[UUID, PublicId("skl")]
CertificateId = Annotated[UUID, PublicId("crt")]
HeldId = Annotated[UUID, PublicId("pce")]
JobRoleId = Annotated[UUID, PublicId("job")]
FileId = Annotated[UUID, PublicId("fil")]


class SkillIn(ApiIn):
    """A skill of the catalogue; `levels` says what 0 to 5 mean."""

    name: str
    category: str = ""
    levels: list[str] = list(actions.LEVELS)


class SkillPatch(ApiIn):
    """What to change of a skill; absent fields stay."""

    name: str = ""
    category: str | None = None
    levels: list[str] = []
    is_active: bool | None = None


class StatedIn(ApiIn):
    """How well somebody can do it, from 0 to 5, and what they wish: grow, avoid, or nothing."""

    level: int
    wish: str | None = None
    last_used_on: date | None = None


class ConfirmIn(ApiIn):
    """The level that is right; the stated one if left out."""

    level: int | None = None


class CertificateIn(ApiIn):
    """A certificate of the catalogue."""

    name: str
    issuer: str = ""
    valid_months: int | None = None


class CertificatePatch(ApiIn):
    """What to change of a certificate; absent fields stay. Without months it holds for good."""

    name: str = ""
    issuer: str | None = None
    valid_months: int | None = None


class RequiredIn(ApiIn):
    """Certificates without which nobody is booked in the role."""

    certificate_ids: list[CertificateId]


class HeldIn(ApiIn):
    """A certificate that somebody holds."""

    certificate_id: CertificateId
    issued_on: date
    expires_on: date | None = None
    number: str = ""
    proof_id: FileId | None = None


@router.get("/skill-gaps", summary="Skills beside what is asked for in the next quarter")
@operation(queries.VIEW_SKILL)
def list_skill_gaps(request: ApiRequest) -> HttpResponse:
    """By skill: people by level 1 to 5, at level 3 or more, wanted by open requests, and missing."""
    columns, rows = queries.matrix(request.actor)
    found = [
        {
            "skill_id": one.skill.public_id, "skill": one.skill.name, "by_level": list(one.by_level), "able": one.able,
            "wanted": one.wanted, "missing": one.missing,
        }
        for one in feet(request.actor, columns, rows)
    ]  # fmt: skip
    return whole_list(found)


@router.get("/skills", summary="List the catalogue of skills")
@operation(queries.VIEW_SKILL)
def list_skills(request: ApiRequest) -> HttpResponse:
    return list_response(request, queries.SKILLS, queries.skills(request.actor), skill_out)


@router.post("/skills", summary="Add a skill to the catalogue")
@operation("people.skill.create")
def create_skill(request: ApiRequest, body: SkillIn) -> HttpResponse:
    return respond_json(skill_out(actions.create_skill(request.actor, **body.model_dump())), status=201)


@router.patch("/skills/{skill_id}", summary="Edit a skill of the catalogue")
@operation("people.skill.edit")
def edit_skill(request: ApiRequest, skill_id: SkillId, body: SkillPatch) -> HttpResponse:
    made = actions.edit_skill(request.actor, skill_id=skill_id, **body.model_dump(exclude_unset=True))
    return respond_json(skill_out(made))


@router.get("/people/{person_id}/skills", summary="What somebody can do")
@operation(queries.VIEW_SKILL)
def list_person_skills(request: ApiRequest, person_id: PersonId) -> HttpResponse:
    rows = [_stated_out(row) for row in queries.skills_of(request.actor, person_id)]
    return whole_list(rows)


@router.put("/people/{person_id}/skills/{skill_id}", summary="Say how well somebody can do something")
@operation("people.skill.state")
def state_skill(request: ApiRequest, person_id: PersonId, skill_id: SkillId, body: StatedIn) -> HttpResponse:
    row = actions.state_skill(request.actor, person_id=person_id, skill_id=skill_id, **body.model_dump())
    return respond_json(_stated_out(row))


@router.post("/people/{person_id}/skills/{skill_id}/confirm", summary="Confirm somebody's skill")
@operation("people.skill.confirm")
def confirm_skill(request: ApiRequest, person_id: PersonId, skill_id: SkillId, body: ConfirmIn) -> HttpResponse:
    row = actions.confirm_skill(request.actor, person_id=person_id, skill_id=skill_id, level=body.level)
    return respond_json(_stated_out(row))


@router.delete("/people/{person_id}/skills/{skill_id}", summary="Take a skill from a person")
@operation("people.skill.forget")
def forget_skill(request: ApiRequest, person_id: PersonId, skill_id: SkillId) -> HttpResponse:
    actions.forget_skill(request.actor, person_id=person_id, skill_id=skill_id)
    return HttpResponse(status=204)


@router.get("/certificates", summary="List the catalogue of certificates")
@operation(queries.VIEW_SKILL)
def list_certificates(request: ApiRequest) -> HttpResponse:
    return list_response(request, queries.CERTIFICATES, queries.certificates(request.actor), certificate_out)


@router.post("/certificates", summary="Add a certificate to the catalogue")
@operation("people.certificate.create")
def create_certificate(request: ApiRequest, body: CertificateIn) -> HttpResponse:
    return respond_json(certificate_out(actions.create_certificate(request.actor, **body.model_dump())), status=201)


@router.patch("/certificates/{certificate_id}", summary="Edit a certificate of the catalogue")
@operation("people.certificate.edit")
def edit_certificate(request: ApiRequest, certificate_id: CertificateId, body: CertificatePatch) -> HttpResponse:
    now = queries.certificate_for(request.actor, certificate_id)
    fields = {"valid_months": now.valid_months, **body.model_dump(exclude_unset=True)}
    return respond_json(
        certificate_out(actions.edit_certificate(request.actor, certificate_id=certificate_id, **fields))
    )


@router.put("/job-roles/{job_role_id}/certificates", summary="Say which certificates a role needs")
@operation("people.certificate.require")
def require_certificates(request: ApiRequest, job_role_id: JobRoleId, body: RequiredIn) -> HttpResponse:
    actions.require_certificates(request.actor, job_role_id=job_role_id, certificate_ids=body.certificate_ids)
    return HttpResponse(status=204)


@router.get("/people/{person_id}/certificates", summary="Certificates somebody holds")
@operation(queries.VIEW_SKILL)
def list_person_certificates(request: ApiRequest, person_id: PersonId) -> HttpResponse:
    rows = [_held_out(row) for row in queries.certificates_of(request.actor, person_id)]
    return whole_list(rows)


@router.post("/people/{person_id}/certificates", summary="Record somebody's certificate")
@operation("people.certificate.give")
def give_certificate(request: ApiRequest, person_id: PersonId, body: HeldIn) -> HttpResponse:
    made = actions.give_certificate(request.actor, person_id=person_id, **body.model_dump())
    return respond_json(_held_out(made), status=201)


@router.delete("/held-certificates/{held_id}", summary="Delete somebody's certificate")
@operation("people.certificate.take")
def take_certificate(request: ApiRequest, held_id: HeldId) -> HttpResponse:
    actions.take_certificate(request.actor, held_id=held_id)
    return HttpResponse(status=204)


def skill_out(skill: Any) -> dict[str, Any]:
    """A skill of the catalogue as the API writes it."""
    names = ("name", "category", "levels", "is_active")
    return {"id": skill.public_id, **{name: getattr(skill, name) for name in names}}


def certificate_out(certificate: Any) -> dict[str, Any]:
    """A certificate of the catalogue as the API writes it."""
    names = ("name", "issuer", "valid_months", "is_active")
    return {"id": certificate.public_id, **{name: getattr(certificate, name) for name in names}}


def _stated_out(row: Any) -> dict[str, Any]:
    return {
        "skill_id": public_id("skl", row.skill_id),
        "skill": row.skill.name,
        "level": row.level,
        "wish": row.wish,
        "stated_on": row.stated_on,
        "confirmed_on": row.confirmed_on,
        "confirmed_by_id": public_id("per", row.confirmed_by_id) if row.confirmed_by_id else None,
        "last_used_on": row.last_used_on,
    }


def _held_out(row: Any) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "person_id": public_id("per", row.person_id),
        "certificate_id": public_id("crt", row.certificate_id),
        "certificate": row.certificate.name,
        "number": row.number,
        "issued_on": row.issued_on,
        "expires_on": row.expires_on,
    }
