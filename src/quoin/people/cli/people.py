"""`quoin person`: people and what their hours cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import click

from quoin.base.console import DAY, Session, assignments
from quoin.kernel.errors import NotFound
from quoin.kernel.quantity import MINUTES_PER_HOUR
from quoin.people import actions, queries
from quoin.people.cli.naming import calendar_named, person_of, role_named, team_named
from quoin.people.queries.choices import entity_named


@click.group()
def person() -> None:
    """People."""


@person.command("list")
@click.pass_obj
def person_list(session: Session) -> None:
    """List people."""
    session.emit([_row(row) for row in queries.visible_people(session.actor)])


@person.command("cost")
@click.argument("wanted", metavar="PERSON")
@click.argument("amount", type=Decimal)
@click.option("--currency", default="EUR", show_default=True)
@click.option("--from", "valid_from", type=DAY, required=True, help="First day, as 2026-01-01.")
@click.pass_obj
def person_cost(session: Session, wanted: str, amount: Decimal, currency: str, valid_from: date) -> None:
    """Set what an hour costs from a day on: quoin person cost ana@halden.example 62.50 --from 2026-01-01"""
    found = person_of(session, wanted, queries.VIEW)
    rate = actions.set_cost_rate(
        session.actor, person_id=found.id, valid_from=valid_from, amount_per_hour=amount, currency=currency
    )
    session.emit(
        {
            "person": found.name,
            "valid_from": rate.valid_from,
            "per_hour": str(rate.amount_per_hour),
            "currency": rate.currency,
        }
    )


@person.command("uncost")
@click.argument("wanted", metavar="PERSON")
@click.pass_obj
def person_uncost(session: Session, wanted: str) -> None:
    """Delete the last cost rate of a person; approved time keeps its cost."""
    found = person_of(session, wanted, queries.VIEW)
    rate = queries.last_cost_rate(session.actor, found.id)
    actions.delete_cost_rate(session.actor, cost_rate_id=rate.id)
    session.say(f"The cost rate of {found.name} from {rate.valid_from} is deleted.")


@person.command("create")
@click.argument("name")
@click.option("--entity", required=True, help="Code or name of the company; quoin entity list shows them.")
@click.argument("details", nargs=-1)
@click.pass_obj
def person_create(session: Session, name: str, entity: str, details: tuple[str, ...]) -> None:
    """Add a person: quoin person create "Ana Ruiz" --entity HD email=ana@halden.example team=Nordics"""
    company = entity_named(entity)
    if company is None:
        raise NotFound(f"There is no company {entity}; quoin entity list shows them.")
    values = _values(session, details)
    session.emit(_row(actions.create_person(session.actor, name=name, entity_id=company, **values)))


@person.command("edit")
@click.argument("wanted", metavar="PERSON")
@click.argument("details", nargs=-1, required=True)
@click.pass_obj
def person_edit(session: Session, wanted: str, details: tuple[str, ...]) -> None:
    """Change a person: quoin person edit Ana job_role=Architect manager="Bo Li" calendar=Berlin left_on=2026-12-31"""
    found = person_of(session, wanted, queries.VIEW)
    session.emit(_row(actions.edit_person(session.actor, person_id=found.id, **_values(session, details))))


@person.command("hours")
@click.argument("wanted", metavar="PERSON")
@click.argument("hours", nargs=7, type=Decimal)
@click.option("--from", "valid_from", type=DAY, required=True, help="First day.")
@click.pass_obj
def person_hours(session: Session, wanted: str, hours: tuple[Decimal, ...], valid_from: date) -> None:
    """Set working hours, Monday first: quoin person hours Ana 8 8 8 8 6 0 0 --from 2026-01-01"""
    found = person_of(session, wanted, queries.VIEW)
    minutes = [int(each * MINUTES_PER_HOUR) for each in hours]
    row = actions.set_work_pattern(session.actor, person_id=found.id, valid_from=valid_from, weekday_minutes=minutes)
    session.emit({"person": found.name, "valid_from": row.valid_from, "minutes": list(row.weekday_minutes)})


def _values(session: Session, details: tuple[str, ...]) -> dict[str, Any]:
    """`team=Nordics left_on=2026-12-31 languages=de,en` as the fields of a person; nothing after = takes it away."""
    found: dict[str, Any] = {}
    for name, text in assignments(details).items():
        if name in _NAMED:
            found[f"{name}_id"] = _NAMED[name](session, text).id if text else None
        elif name in _DAYS:
            found[name] = _day(name, text) if text else None
        elif name == "languages":
            found[name] = [one.strip() for one in text.split(",") if one.strip()]
        elif name in _TEXTS:
            found[name] = text
        else:
            known = ", ".join(sorted({*_NAMED, *_DAYS, *_TEXTS, "languages"}))
            raise click.UsageError(f"A person has no {name}; they have {known}.")
    return found


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"{name} is a day, as 2026-01-31.") from None


_NAMED: Mapping[str, Callable[[Session, str], Any]] = {
    "team": team_named,
    "job_role": role_named,
    "calendar": calendar_named,
    "manager": lambda session, text: person_of(session, text, queries.VIEW),
}
_DAYS = frozenset({"hired_on", "left_on"})
_TEXTS = frozenset({"name", "email", "number", "kind", "zone", "place"})


def _row(row: Any) -> dict[str, Any]:
    return {
        "name": row.name,
        "email": row.email,
        "role": row.job_role.name if row.job_role else "",
        "team": row.team.name if row.team else "",
        "id": row.public_id,
    }


COMMANDS: list[click.Command] = [person]
