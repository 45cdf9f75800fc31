"""`quoin calendar`: a calendar with its days, its week, holidays, and days that differ."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from quoin.base.console import DAY, Session, assignments
from quoin.people.actions import calendars as actions
from quoin.people.cli.absences import calendar
from quoin.people.cli.naming import calendar_named
from quoin.people.queries.calendar_year import year_days
from quoin.people.rules.calendars import spans_of, text_of

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@calendar.command("show")
@click.argument("name", metavar="CALENDAR")
@click.option("--year", type=int, default=None, help="This one when left out.")
@click.pass_obj
def calendar_show(session: Session, name: str, year: int | None) -> None:
    """The week of a calendar, and the days of a year that differ."""
    found = calendar_named(session, name)
    days = year_days(session.actor, found.id, year or session.actor.today.year)
    session.emit(
        {
            **_row(found),
            "days": [
                {"day": day.day_on, "what": day.label, "hours": day.hours, "holiday": day.is_holiday,
                 "from": day.origin or found.name}
                for day in days
            ],
        }
    )  # fmt: skip


@calendar.command("edit")
@click.argument("name", metavar="CALENDAR")
@click.argument("hours", nargs=-1)
@click.option("--name", "new_name", default=None, help="What it is called from now on.")
@click.option("--country", default=None, help="ISO code, as DE.")
@click.option("--region", default=None, help="ISO code of the region, as BY.")
@click.option("--based-on", default=None, help="The calendar whose days count here too; '' for none.")
@click.option("--default", "is_default", is_flag=True, help="For people who have none of their own.")
@click.pass_obj
def calendar_edit(session: Session, /, name: str, hours: tuple[str, ...], **options: Any) -> None:
    """Change a calendar and its week: quoin calendar edit Berlin fri=8-12 sat= --default"""
    found = calendar_named(session, name)
    given = {"name": options["new_name"], "country": options["country"], "subdivision": options["region"]}
    fields: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    fields |= {key: fields[key].upper() for key in ("country", "subdivision") if key in fields}
    if options["based_on"] is not None:
        fields["parent_id"] = calendar_named(session, options["based_on"]).id if options["based_on"] else None
    if options["is_default"]:
        fields["is_default"] = True
    if hours:
        fields["week"] = _week(found.week, hours)
    if not fields:
        raise click.UsageError("Say what changes, for example fri=8-12 or --country DE.")
    session.emit(_row(actions.edit_calendar(session.actor, calendar_id=found.id, **fields)))


@calendar.command("delete")
@click.argument("name", metavar="CALENDAR")
@click.pass_obj
def calendar_delete(session: Session, name: str) -> None:
    """Delete a calendar with its days."""
    found = calendar_named(session, name)
    session.confirm(f"Delete the calendar {found.name} with its days?")
    actions.delete_calendar(session.actor, calendar_id=found.id)
    session.say(f"{found.name} is deleted.")


@calendar.command("fill")
@click.argument("name", metavar="CALENDAR")
@click.argument("year", type=int)
@click.pass_obj
def calendar_fill(session: Session, name: str, year: int) -> None:
    """Fill in the public holidays of a year; days set by hand stay."""
    found = calendar_named(session, name)
    count = actions.fill_calendar(session.actor, calendar_id=found.id, year=year)
    session.emit({"name": found.name, "year": year, "holidays": count})


@calendar.command("day")
@click.argument("name", metavar="CALENDAR")
@click.argument("day_on", metavar="DAY", type=DAY)
@click.option("--what", "label", default="", help="Why the day differs.")
@click.option("--hours", default="", help="As 8-12, 13-17; nobody works when left out.")
@click.option("--delete", "is_gone", is_flag=True, help="The day is like any other again.")
@click.pass_obj
def calendar_day(session: Session, /, name: str, day_on: date, **options: Any) -> None:
    """Say that a day differs: quoin calendar day Berlin 2026-12-24 --what 'Christmas Eve' --hours 8-12"""
    found, day = calendar_named(session, name), day_on
    if options["is_gone"]:
        actions.delete_calendar_day(session.actor, calendar_id=found.id, day_on=day)
        session.say(f"{day} is like any other day of {found.name}.")
        return
    spans = spans_of(options["hours"], pointer="/hours")
    row = actions.set_calendar_day(session.actor, calendar_id=found.id, day_on=day, label=options["label"], spans=spans)
    session.emit({"calendar": found.name, "day": row.day_on, "what": row.label, "hours": text_of(row.spans)})


def _week(now: Any, hours: tuple[str, ...]) -> list[Any]:
    week = list(now)
    for weekday, text in assignments(hours).items():
        if weekday not in _WEEKDAYS:
            raise click.UsageError(f"{weekday} is no weekday; they are {', '.join(_WEEKDAYS)}.")
        week[_WEEKDAYS.index(weekday)] = spans_of(text, pointer=f"/{weekday}")
    return week


def _row(found: Any) -> dict[str, Any]:
    hours = {weekday: text_of(spans) for weekday, spans in zip(_WEEKDAYS, found.week, strict=False)}
    return {"name": found.name, "country": found.country, "region": found.subdivision, "default": found.is_default,
            "hours": hours, "id": found.public_id}  # fmt: skip


COMMANDS: list[click.Command] = [calendar]
