"""Whose time an actor may see or write: their own, their team's and projects', or everybody's."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor, Scope
from quoin.base.db.reading import once
from quoin.kernel.errors import NotFound
from quoin.people.models import Person
from quoin.timesheets.queries.facts import PersonFacts

VIEW_TIME = permission("timesheets.time.view", _("See time"))
VIEW_EXPENSES = permission("timesheets.expense.view", _("See expenses"))


def own_person(actor: Actor) -> UUID:
    """The actor's own person; NotFound for a user who records no time."""
    if actor.person_id is None:
        raise NotFound("You have no timesheet. Ask an administrator to link your user to a person.")
    return actor.person_id


def require_reach(actor: Actor, permission_name: str, person: PersonFacts | None) -> PersonFacts:
    """The person, if the permission reaches them; NotFound else, as if they did not exist."""
    scope = actor.scope(permission_name)
    if person is None or scope is None or not _reaches(actor, scope, person):
        raise NotFound("There is no such person, or you may not see their time.")
    return person


def _reaches(actor: Actor, scope: Scope, person: PersonFacts) -> bool:
    if scope is Scope.ALL or person.id == actor.person_id:
        return True
    if scope is not Scope.TEAM or actor.person_id is None:
        return False
    return person.manager_id == actor.person_id or (actor.team_id is not None and person.team_id == actor.team_id)


def reach(actor: Actor, permission_name: str, *, person: str = "person", project: str = "project") -> Q:
    """The condition under which a row with a person and a project is within the permission's reach."""
    scope = actor.scope(permission_name)
    if scope is Scope.ALL:
        return Q()
    own = Q(**{f"{person}_id": actor.person_id}) if actor.person_id else Q(pk__in=())
    if scope is not Scope.TEAM or actor.person_id is None:
        return own if scope is not None else Q(pk__in=())
    near = own | Q(**{f"{person}__manager_id": actor.person_id}) | Q(**{f"{project}__manager_id": actor.person_id})
    return near | Q(**{f"{person}__team_id": actor.team_id}) if actor.team_id else near


def reachable_people(actor: Actor, permission_name: str) -> QuerySet[Person]:
    """People whose weeks the permission lets the actor open."""
    people = Person.objects.order_by("name", "id")
    scope = actor.scope(permission_name)
    if scope is Scope.ALL:
        return people
    if scope is None or actor.person_id is None:
        return people.none()
    mine = Q(id=actor.person_id)
    if scope is Scope.TEAM:
        mine |= Q(manager_id=actor.person_id)
        mine |= Q(team_id=actor.team_id) if actor.team_id else Q()
    return people.filter(mine)


@once
def require_person(actor: Actor, permission_name: str, person_id: UUID) -> None:
    """NotFound unless the permission reaches the person, as if they did not exist."""
    if not reachable_people(actor, permission_name).filter(id=person_id).exists():
        raise NotFound("There is no such person, or you may not see their figures.")
