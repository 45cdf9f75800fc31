"""What an hour of the people of a file costs, where nothing says so yet: else approved work would cost nothing."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from quoin.imports.rules.planned import Kind
from quoin.imports.services.load import COST, Load
from quoin.kernel.words import say, say_many
from quoin.people.models import CostRate, Person
from quoin.people.services import set_cost_rate

SET = "people.cost_rate.set"


def write_costs(load: Load) -> None:
    """Give people without a cost on their first day the one that was asked for, or say who has none."""
    bare = _without_cost(load)
    if not bare:
        return
    options = load.answers.load
    if options.cost_per_hour is None:
        load.notes.append(
            say_many(
                "%(count)s person has no cost per hour, so that approved work costs nothing. %(remedy)s",
                "%(count)s people have no cost per hour, so that approved work costs nothing. %(remedy)s",
                count=len(bare),
                remedy=say("Say a cost per hour here, or set it under People before their time is approved."),
            )
        )
        return
    load.actor.require(SET)
    names = dict(Person.objects.filter(id__in=bare).values_list("id", "name"))
    currency = options.cost_currency or load.entity.currency
    for person_id in sorted(bare):
        row = set_cost_rate(
            person_id=person_id, valid_from=load.told.first or load.actor.today, amount_per_hour=options.cost_per_hour,
            currency=currency,
        )  # fmt: skip
        load.add(COST, row, names[person_id])


def _without_cost(load: Load) -> set[UUID]:
    """People of the file whose first day of work no cost rate covers."""
    firsts: dict[UUID, date] = {}
    for key, day in load.told.first_of.items():
        person_id = load.ids.get((Kind.PERSON, key))
        if person_id is not None:
            firsts[person_id] = min(day, firsts.get(person_id, day))
    known = CostRate.objects.filter(person_id__in=list(firsts)).values_list("person_id", "valid_from")
    return set(firsts) - {person_id for person_id, valid_from in known if valid_from <= firsts[person_id]}
