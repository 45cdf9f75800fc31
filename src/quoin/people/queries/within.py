"""Whose things somebody may see or change: everybody's, those of their team and reports, or their own."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from quoin.base.actor import Actor, Scope
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.words import say
from quoin.people.models import Person, Team


def reached(people: QuerySet[Person], actor: Actor, scope: Scope | None) -> QuerySet[Person]:
    """Those of the people whom the scope reaches: all, the actor's team and reports, or the actor alone."""
    if scope is Scope.ALL:
        return people
    if scope is Scope.TEAM:
        return people.filter(
            Q(id=actor.person_id) | Q(team=actor.team_id, team__isnull=False) | Q(manager=actor.person_id)
        )
    return people.filter(id=actor.person_id) if actor.person_id else people.none()


def people_within(actor: Actor, right: str) -> QuerySet[Person]:
    """The people whom the actor's right reaches."""
    people = Person.objects.order_by("name", "id")
    scope = actor.scope(right)
    return people.none() if scope is None else reached(people, actor, scope)


def person_within(actor: Actor, right: str, person_id: UUID | str) -> Person:
    """The person; NotFound if the actor's right does not reach them."""
    person = people_within(actor, right).filter(id=person_id).first()
    if person is None:
        raise NotFound("There is no such person, or this is not yours to see or change.")
    return person


def person_named(people: QuerySet[Person], text: str) -> Person:
    """Who among the people is meant by an address, a name, or a part of it; Invalid when several fit, NotFound else.

    For typed input: the closer reading wins, so that "Ana Roth" is found though there is an "Ana Rothmann".
    """
    word = text.strip()
    for fits in (
        Q(email__iexact=word) | Q(name__iexact=word),
        Q(name__istartswith=f"{word} ") | Q(email__istartswith=f"{word}@"),
        Q(name__icontains=word),
    ):
        found = list(people.filter(fits)[:3])
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(person.name for person in found)
            raise invalid(
                "/person",
                say(
                    "%(text)s may be %(names)s. Write more of the name, or the e-mail address.", text=text, names=names
                ),
            )
    raise NotFound(say("There is no person %(text)s, or you may not see them.", text=text))


def teams_within(actor: Actor, right: str) -> QuerySet[Team]:
    """The teams of the people whom the actor's right reaches: what a filter may offer them."""
    return Team.objects.filter(id__in=people_within(actor, right).order_by().values("team_id")).order_by("name")
