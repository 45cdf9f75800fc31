"""Commands about people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, touch, undo_with
from quoin.base.actor import Actor
from quoin.kernel import currency as currencies
from quoin.kernel.errors import Conflict, NotFound, invalid
from quoin.kernel.words import say
from quoin.people import services
from quoin.people.models import CostRate, Person, WorkPattern

_EDITABLE = frozenset(
    {
        "name", "email", "number", "team_id", "manager_id", "job_role_id", "kind", "zone", "hired_on", "left_on",
        "billable_target_ratio", "user_id", "calendar_id", "place", "languages",
    }
)  # fmt: skip


@action("people.person.create", label=_("Add a person"))
def create_person(actor: Actor, /, *, name: str, entity_id: UUID, email: str = "", **fields: Any) -> Person:
    _known(fields)
    person = services.add_person(name=name, entity_id=entity_id, email=email, **fields)
    touch(person.public_id)
    return person


@action("people.person.edit", label=_("Edit a person"))
def edit_person(actor: Actor, /, *, person_id: UUID | str, **fields: Any) -> Person:
    _known(fields)
    person = _person(person_id)
    undo_with("people.person.edit", person_id=person.id, **{name: getattr(person, name) for name in fields})
    for name, value in fields.items():
        setattr(person, name, value)
    if person.left_on and person.hired_on and person.left_on < person.hired_on:
        raise invalid("/left_on", "Nobody leaves before they were hired. Check both dates.")
    person.save(update_fields=list(fields) or None)
    touch(person.public_id)
    return person


@action("people.cost_rate.set", label=_("Set what a person's hour costs"))
def set_cost_rate(
    actor: Actor, *, person_id: UUID | str, valid_from: date | str, amount_per_hour: Decimal | str, currency: str
) -> CostRate:
    valid_from, amount_per_hour = date.fromisoformat(str(valid_from)), Decimal(amount_per_hour)
    if currency not in currencies.CODES:
        raise invalid(
            "/currency", say("%(currency)s is not a currency code. Write EUR, NOK, USD, ...", currency=repr(currency))
        )
    if amount_per_hour < 0:
        raise invalid("/amount_per_hour", "A cost rate is zero or more.")
    person = _person(person_id)
    touch(person.public_id)
    return services.set_cost_rate(
        person_id=person.id, valid_from=valid_from, amount_per_hour=amount_per_hour, currency=currency
    )


@action("people.cost_rate.delete", label=_("Delete a cost rate"))
def delete_cost_rate(actor: Actor, *, cost_rate_id: UUID | str) -> None:
    """Only the last one: what was true in between is not taken out of a history. Approved time keeps its cost."""
    rate = CostRate.objects.select_related("person").filter(id=cost_rate_id).first()
    if rate is None:
        raise NotFound("There is no such cost rate.")
    _person(rate.person_id)
    if CostRate.objects.filter(person=rate.person, valid_from__gt=rate.valid_from).exists():
        raise Conflict("There is a later cost rate. Only the last one can be deleted; set another from the same day.")
    undo_with(
        "people.cost_rate.set", person_id=rate.person_id, valid_from=rate.valid_from,
        amount_per_hour=rate.amount_per_hour, currency=rate.currency,
    )  # fmt: skip
    touch(rate.person.public_id)
    rate.delete()


@action("people.work_pattern.set", label=_("Set a person's working hours"))
def set_work_pattern(actor: Actor, *, person_id: UUID, valid_from: date, weekday_minutes: list[int]) -> WorkPattern:
    if len(weekday_minutes) != len(("mon", "tue", "wed", "thu", "fri", "sat", "sun")):
        raise invalid("/weekday_minutes", "Give minutes for seven days, Monday first.")
    if any(not 0 <= minutes <= 24 * 60 for minutes in weekday_minutes):
        raise invalid("/weekday_minutes", "A day has from 0 to 1,440 working minutes.")
    person = _person(person_id)
    touch(person.public_id)
    pattern, _made = WorkPattern.objects.update_or_create(
        person=person, valid_from=valid_from, defaults={"weekday_minutes": weekday_minutes}
    )
    return pattern


def _person(person_id: UUID | str) -> Person:
    person = Person.objects.select_for_update(of=("self",)).filter(id=person_id).first()
    if person is None:
        raise NotFound("There is no such person.")
    return person


def _known(fields: dict[str, Any]) -> None:
    for name in fields:
        if name not in _EDITABLE:
            raise invalid(
                f"/{name}", say("A person has no field %(name)s that can be set.", name=name), code="unknown_field"
            )
