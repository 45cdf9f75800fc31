"""Reads of people. Costs need their own right."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from quoin.base.actions import permission
from quoin.base.actor import Actor
from quoin.kernel.errors import NotFound
from quoin.kernel.money import Money
from quoin.people.models import CostRate, JobRole, Person, Team, WorkPattern
from quoin.people.queries.within import reached
from quoin.people.rules.rates import CostBook
from quoin.people.types import CostRow, Pattern

VIEW = permission("people.person.view", _("See people"))
VIEW_COST = permission("people.cost.view", _("See what people's time costs, and margins"))


def visible_people(actor: Actor) -> QuerySet[Person]:
    """The people the actor may see: all, their team and reports, or themselves. Without the right, oneself still."""
    people = Person.objects.select_related("team", "job_role", "manager", "entity").order_by("name", "id")
    return reached(people, actor, actor.scope(VIEW))


def person_for(actor: Actor, person_id: UUID) -> Person:
    """The person, if the actor may see them; NotFound else."""
    person = visible_people(actor).filter(id=person_id).first()
    if person is None:
        raise NotFound("There is no such person, or you may not see them.")
    return person


def cost_rates(actor: Actor, person_id: UUID) -> list[CostRate]:
    """Cost rates of a person, latest first; needs the right to see costs."""
    actor.require(VIEW_COST)
    return list(CostRate.objects.filter(person=person_for(actor, person_id)).order_by("-valid_from"))


def last_cost_rate(actor: Actor, person_id: UUID) -> CostRate:
    """The cost rate that holds last; NotFound if there is none."""
    rates = cost_rates(actor, person_id)
    if not rates:
        raise NotFound("There is no cost rate.")
    return rates[0]


def cost_book(people: Iterable[UUID]) -> CostBook:
    """Cost rates of the people, as a book for pricing. For other apps' actions."""
    rows = CostRate.objects.filter(person_id__in=set(people))
    return CostBook(CostRow(r.person_id, r.valid_from, Money(r.amount_per_hour, r.currency)) for r in rows)


def patterns_of(person_id: UUID) -> list[Pattern]:
    """Working patterns of a person."""
    return [Pattern(row.valid_from, tuple(row.weekday_minutes)) for row in WorkPattern.objects.filter(person=person_id)]


def teams() -> QuerySet[Team]:
    return Team.objects.order_by("name")


def job_roles() -> QuerySet[JobRole]:
    return JobRole.objects.order_by("name")


def employed_on(day: date) -> QuerySet[Person]:
    """People who are with the firm on the day."""
    return Person.objects.filter(Q(hired_on=None) | Q(hired_on__lte=day)).filter(Q(left_on=None) | Q(left_on__gt=day))
