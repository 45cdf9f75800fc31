"""`quoin absence`, `quoin skill`, `quoin calendar`: who is away, who can do what, when the firm works."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import click

from quoin.base.console import DAY, Session, id_of
from quoin.kernel.errors import NotFound
from quoin.people.actions import absences, calendars, skills
from quoin.people.cli.naming import person_of, skill_named
from quoin.people.queries import absences as away
from quoin.people.queries import calendars as calendar_queries
from quoin.people.queries import skills as skill_queries
from quoin.people.queries.skill_gaps import feet


@click.group()
def absence() -> None:
    """Absences: request, list, approve, refuse, cancel, balance."""


@absence.command("request")
@click.option("--person", "wanted", default="", help="Name or e-mail; you when left out.")
@click.option("--kind", default="vacation", show_default=True)
@click.option("--from", "starts_on", type=DAY, required=True, help="First day, as 2026-07-06.")
@click.option("--to", "ends_on", type=DAY, required=True, help="Last day, included.")
@click.option("--from-noon", is_flag=True, help="The first morning is worked.")
@click.option("--until-noon", is_flag=True, help="The last afternoon is worked.")
@click.option("--note", default="")
@click.pass_obj
def absence_request(session: Session, /, wanted: str, kind: str, **options: Any) -> None:
    """Ask for leave or report sick: quoin absence request --from 2026-07-06 --to 2026-07-17"""
    person = person_of(session, wanted, "people.absence.request")
    made = absences.request_absence(
        session.actor, person_id=person.id, kind=kind, starts_on=options["starts_on"],
        ends_on=options["ends_on"], starts_half=options["from_noon"], ends_half=options["until_noon"],
        note=options["note"],
    )  # fmt: skip
    session.emit(_row(session, away.absence_for(session.actor, made.id)))


@absence.command("list")
@click.option("--waiting", is_flag=True, help="Only what waits for a decision of yours.")
@click.pass_obj
def absence_list(session: Session, waiting: bool) -> None:
    """List absences, newest first."""
    rows = away.waiting_absences(session.actor) if waiting else away.visible_absences(session.actor)
    session.emit([_row(session, row) for row in rows])


@absence.command("approve")
@click.argument("wanted", metavar="ABSENCE")
@click.pass_obj
def absence_approve(session: Session, wanted: str) -> None:
    """Approve an absence."""
    made = absences.approve_absence(session.actor, absence_id=_id(wanted))
    session.emit(_row(session, made))


@absence.command("refuse")
@click.argument("wanted", metavar="ABSENCE")
@click.option("--note", required=True, help="Why; the person reads it.")
@click.pass_obj
def absence_refuse(session: Session, wanted: str, note: str) -> None:
    """Refuse an absence."""
    session.emit(_row(session, absences.refuse_absence(session.actor, absence_id=_id(wanted), note=note)))


@absence.command("cancel")
@click.argument("wanted", metavar="ABSENCE")
@click.pass_obj
def absence_cancel(session: Session, wanted: str) -> None:
    """Take an absence back."""
    session.emit(_row(session, absences.cancel_absence(session.actor, absence_id=_id(wanted))))


@absence.command("balance")
@click.argument("wanted", metavar="PERSON", default="")
@click.option("--year", type=int, default=None)
@click.pass_obj
def absence_balance(session: Session, wanted: str, year: int | None) -> None:
    """What is left of a year's leave, in days."""
    person = person_of(session, wanted, away.VIEW_ALLOWANCE)
    found = away.balance_for(session.actor, person.id, year or session.actor.today.year)
    if found is None:
        raise NotFound(f"No leave is set for {person.name} in that year.")
    names = ("year", "earned", "carried", "lapsed", "taken", "asked", "left")
    session.emit({name: str(getattr(found, name)) for name in names})


@click.group()
def skill() -> None:
    """Skills: the catalogue, and who can do what."""


@skill.command("list")
@click.option("--person", "wanted", default="", help="What this person can do.")
@click.pass_obj
def skill_list(session: Session, wanted: str) -> None:
    """List the catalogue, or what somebody can do."""
    if not wanted:
        rows = skill_queries.skills(session.actor)
        session.emit([{"name": row.name, "category": row.category, "id": row.public_id} for row in rows])
        return
    person = person_of(session, wanted, skill_queries.VIEW_SKILL)
    session.emit(
        [
            {"skill": row.skill.name, "level": row.level, "confirmed": row.confirmed_on, "wish": row.wish}
            for row in skill_queries.skills_of(session.actor, person.id)
        ]
    )


@skill.command("gaps")
@click.pass_obj
def skill_gap_list(session: Session) -> None:
    """How many have each skill, how many are wanted in the next quarter, and how many are missing."""
    columns, rows = skill_queries.matrix(session.actor)
    session.emit(
        [
            {"skill": one.skill.name, "able": one.able, "wanted": one.wanted, "missing": one.missing}
            for one in feet(session.actor, columns, rows)
        ]
    )


@skill.command("add")
@click.argument("name")
@click.option("--category", default="")
@click.pass_obj
def skill_add(session: Session, name: str, category: str) -> None:
    """Add a skill to the catalogue."""
    made = skills.create_skill(session.actor, name=name, category=category)
    session.emit({"name": made.name, "category": made.category, "id": made.public_id})


@skill.command("set")
@click.argument("wanted", metavar="PERSON")
@click.argument("name", metavar="SKILL")
@click.argument("level", type=click.IntRange(0, 5))
@click.option("--wish", type=click.Choice(["grow", "avoid"]), default=None)
@click.pass_obj
def skill_set(session: Session, wanted: str, name: str, level: int, wish: str | None) -> None:
    """Say how well somebody can do something, from 0 to 5."""
    person, found = person_of(session, wanted, "people.skill.state"), skill_named(session, name)
    row = skills.state_skill(session.actor, person_id=person.id, skill_id=found.id, level=level, wish=wish)
    session.emit({"person": person.name, "skill": found.name, "level": row.level, "confirmed": row.confirmed_on})


@skill.command("confirm")
@click.argument("wanted", metavar="PERSON")
@click.argument("name", metavar="SKILL")
@click.option("--level", type=click.IntRange(0, 5), default=None, help="Another level than the one stated.")
@click.pass_obj
def skill_confirm(session: Session, wanted: str, name: str, level: int | None) -> None:
    """Confirm what somebody says they can do."""
    person, found = person_of(session, wanted, "people.skill.confirm"), skill_named(session, name)
    row = skills.confirm_skill(session.actor, person_id=person.id, skill_id=found.id, level=level)
    session.emit({"person": person.name, "skill": found.name, "level": row.level, "confirmed": row.confirmed_on})


@click.group()
def calendar() -> None:
    """Work calendars and public holidays."""


@calendar.command("list")
@click.pass_obj
def calendar_list(session: Session) -> None:
    """List work calendars."""
    rows = calendar_queries.calendars(session.actor)
    session.emit(
        [
            {"name": row.name, "country": row.country, "region": row.subdivision, "default": row.is_default,
             "id": row.public_id}
            for row in rows
        ]
    )  # fmt: skip


@calendar.command("create")
@click.argument("name")
@click.option("--country", default="", help="ISO code whose public holidays are filled in, as DE.")
@click.option("--region", default="", help="ISO code of the region, as BY.")
@click.option("--default", "is_default", is_flag=True, help="For people who have none of their own.")
@click.pass_obj
def calendar_create(session: Session, name: str, country: str, region: str, is_default: bool) -> None:
    """Add a work calendar with the public holidays of a country."""
    made = calendars.create_calendar(
        session.actor, name=name, country=country, subdivision=region, is_default=is_default
    )
    days = calendar_queries.calendar_days(session.actor, made.id)
    session.emit({"name": made.name, "holidays": days.count(), "id": made.public_id})


def _id(text: str) -> UUID:
    return id_of("abs", text, shown_by="quoin absence list --json")


def _row(session: Session, row: Any) -> dict[str, Any]:
    return {
        "person": row.person.name,
        "kind": away.shown_kind(session.actor, row),
        "from": row.starts_on,
        "to": row.ends_on,
        "status": row.status,
        "id": row.public_id,
    }


COMMANDS: list[click.Command] = [absence, skill]
