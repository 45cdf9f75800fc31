"""Commands about how a firm is divided: teams and who is in them, job roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.kernel.words import say
from quoin.people.models import JobRole, Person, RoleCertificate, Team


@action("people.team.create", label=_("Add a team"))
def create_team(actor: Actor, *, name: str) -> Team:
    team = Team.objects.create(name=_free(Team, name, say("There is a team %(name)s already.", name=name)))
    undo_with("people.team.delete", team_id=team.id)
    touch(team.public_id)
    return team


@action("people.team.edit", label=_("Edit a team and who is in it"))
def edit_team(
    actor: Actor,
    *,
    team_id: UUID | str,
    name: str = "",
    person_ids: Sequence[UUID | str] | None = None,
    places: Mapping[str, str | None] | None = None,
) -> Team:
    """What is left out stays. `person_ids` are all who are in it; `places` says by person which team they are in."""
    team = _team(team_id)
    wanted = dict(places or {})
    if person_ids is not None:
        wanted |= _as_places(team, {str(one) for one in person_ids})
    people = list(Person.objects.select_for_update(of=("self",)).filter(id__in=wanted))
    if len(people) != len(wanted):
        raise NotFound("There is no such person.")
    before = {str(person.id): str(person.team_id) if person.team_id else None for person in people}
    undo_with("people.team.edit", team_id=team.id, name=team.name, places=before)
    if name and name != team.name:
        team.name = _free(Team, name, say("There is a team %(name)s already.", name=name), but=team.id)
        team.save(update_fields=["name"])
    for person in people:
        to = wanted[str(person.id)]
        person.team = _team(to) if to else None
        person.save(update_fields=["team"])
    touch(team.public_id)
    return team


@action("people.team.delete", label=_("Delete a team"))
def delete_team(actor: Actor, *, team_id: UUID | str) -> None:
    team = _team(team_id)
    if Person.objects.filter(team=team).exists():
        raise Conflict("People are in this team. Put them into another one first.")
    undo_with("people.team.create", name=team.name)
    touch(team.public_id)
    team.delete()


@action("people.job_role.create", label=_("Add a job role"))
def create_job_role(actor: Actor, *, name: str) -> JobRole:
    role = JobRole.objects.create(name=_free(JobRole, name, say("There is a role %(name)s already.", name=name)))
    undo_with("people.job_role.delete", job_role_id=role.id)
    touch(role.public_id)
    return role


@action("people.job_role.edit", label=_("Edit a job role"))
def edit_job_role(actor: Actor, *, job_role_id: UUID | str, name: str) -> JobRole:
    role = _role(job_role_id)
    undo_with("people.job_role.edit", job_role_id=role.id, name=role.name)
    role.name = _free(JobRole, name, say("There is a role %(name)s already.", name=name), but=role.id)
    role.save(update_fields=["name"])
    touch(role.public_id)
    return role


@action("people.job_role.delete", label=_("Delete a job role"))
def delete_job_role(actor: Actor, *, job_role_id: UUID | str) -> None:
    """Only a role that nobody has, no rate prices and nothing was planned for."""
    role = _role(job_role_id)
    if Person.objects.filter(job_role=role).exists():
        raise Conflict("People have this role. Give them another one first.")
    if RoleCertificate.objects.filter(job_role=role).exists():
        raise Conflict("The role needs certificates. Say first that it needs none.")
    undo_with("people.job_role.create", name=role.name)
    touch(role.public_id)
    role.delete()


def _as_places(team: Team, person_ids: set[str]) -> dict[str, str | None]:
    """Who comes and who goes, when these are all."""
    now = {str(one) for one in Person.objects.filter(team=team).values_list("id", flat=True)}
    coming: dict[str, str | None] = dict.fromkeys(person_ids - now, str(team.id))
    return coming | dict.fromkeys(now - person_ids)


def _free(kind: type[Team | JobRole], name: str, taken: str, *, but: UUID | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise invalid("/name", "Give it a name.", code="required")
    same = kind.objects.filter(name__iexact=name)
    if (same.exclude(id=but) if but else same).exists():
        raise invalid("/name", taken, code="taken")
    return name


def _team(team_id: UUID | str) -> Team:
    team = Team.objects.select_for_update(of=("self",)).filter(id=team_id).first()
    if team is None:
        raise NotFound("There is no such team.")
    return team


def _role(job_role_id: UUID | str) -> JobRole:
    role = JobRole.objects.select_for_update(of=("self",)).filter(id=job_role_id).first()
    if role is None:
        raise NotFound("There is no such role.")
    return role
