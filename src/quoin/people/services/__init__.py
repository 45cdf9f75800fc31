"""What other apps' actions may ask of people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from quoin.accounts.models import Membership, User
from quoin.base.actor import Actor
from quoin.kernel.errors import invalid
from quoin.kernel.words import say
from quoin.people.models import CostRate, Person, WorkCalendar, WorkPattern
from quoin.people.rules.calendars import checked_week, minutes_of
from quoin.people.types import OFFICE_WEEK


def add_person(*, name: str, entity_id: UUID, email: str = "", **fields: Any) -> Person:
    """A new person; Invalid when the name is empty or the address is taken."""
    name = " ".join(name.split())
    email = email.strip().lower()
    if not name:
        raise invalid("/name", "A person needs a name.", code="required")
    if email and Person.objects.filter(email=email).exists():
        raise invalid("/email", say("%(email)s already belongs to another person.", email=email), code="taken")
    if email and "user_id" not in fields:
        fields["user_id"] = _member_with(email)
    return Person.objects.create(name=name, email=email, entity_id=entity_id, **fields)


def on_member_joined(_actor: Actor, payload: Mapping[str, Any]) -> None:
    """A user with the address of a person is that person; runs in the transaction that lets the user in."""
    for user_id in payload["user_ids"]:
        email = User.objects.values_list("email", flat=True).get(id=user_id)
        if not Person.objects.filter(user_id=user_id).exists():
            Person.objects.filter(email__iexact=email, user=None).update(user_id=user_id)


def _member_with(email: str) -> UUID | None:
    """The member of the firm with that address who is nobody yet."""
    taken = Person.objects.exclude(user=None).values("user_id")
    members = Membership.objects.filter(user__email__iexact=email).exclude(user_id__in=taken)
    return members.values_list("user_id", flat=True).first()


def set_cost_rate(*, person_id: UUID, valid_from: date, amount_per_hour: Decimal, currency: str) -> CostRate:
    """The cost of an hour from a day on; replaces a rate of the same day."""
    rate, _ = CostRate.objects.update_or_create(
        person_id=person_id,
        valid_from=valid_from,
        defaults={"amount_per_hour": amount_per_hour, "currency": currency},
    )
    return rate


def remove_cost_rates(rate_ids: Iterable[UUID]) -> None:
    """Delete cost rates; what was approved with them keeps its cost."""
    CostRate.objects.filter(id__in=list(rate_ids)).delete()


def add_terms(patterns: Iterable[WorkPattern], rates: Iterable[CostRate]) -> None:
    """Working hours and costs of many people, who have none of those days yet."""
    WorkPattern.objects.bulk_create(patterns, batch_size=1000)
    CostRate.objects.bulk_create(rates, batch_size=1000)


def change_person(person_id: UUID, **fields: Any) -> Person:
    """New values for fields of a person, for imports and their undo."""
    person = Person.objects.select_for_update(of=("self",)).get(id=person_id)
    for name, value in fields.items():
        setattr(person, name, value)
    person.save(update_fields=list(fields))
    return person


def remove_people(person_ids: Iterable[UUID]) -> None:
    """Delete people that nothing points at; whatever is in use is refused by the database."""
    Person.objects.filter(id__in=list(person_ids)).delete()


def add_calendar(
    *,
    name: str,
    country: str = "",
    subdivision: str = "",
    parent_id: UUID | None = None,
    week: Any = None,
    is_default: bool = False,
) -> WorkCalendar:
    """A new calendar without days that differ; the parent's week unless one is given."""
    name = " ".join(name.split())
    if not name:
        raise invalid("/name", "A calendar needs a name.", code="required")
    if WorkCalendar.objects.filter(name=name).exists():
        raise invalid("/name", say("There is a calendar %(name)s already.", name=name), code="taken")
    parent = WorkCalendar.objects.filter(id=parent_id).first() if parent_id else None
    if parent_id and parent is None:
        raise invalid("/parent_id", "There is no such calendar to base it on.", code="unknown")
    checked = checked_week(week if week is not None else parent.week if parent else OFFICE_WEEK)
    if is_default:
        WorkCalendar.objects.filter(is_default=True).update(is_default=False)
    return WorkCalendar.objects.create(
        name=name, country=country.upper(), subdivision=subdivision.upper(), parent=parent, week=checked,
        weekday_minutes=[minutes_of(spans) for spans in checked], is_default=is_default,
    )  # fmt: skip
