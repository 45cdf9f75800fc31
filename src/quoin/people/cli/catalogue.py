"""`quoin certificate`, and the rest of `quoin skill` and `quoin absence`: catalogues, proofs, days of leave."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import click

from quoin.base.console import DAY, Session, id_of
from quoin.people.actions import absences, skills
from quoin.people.cli.absences import absence, skill
from quoin.people.cli.naming import certificate_named, person_of, skill_named
from quoin.people.queries import skills as queries


@skill.command("edit")
@click.argument("name", metavar="SKILL")
@click.option("--name", "new_name", default="", help="What it is called from now on.")
@click.option("--category", default=None)
@click.option("--offered/--not-offered", "is_active", default=None, help="Whether the matrix shows it.")
@click.option("--level", "levels", multiple=True, help="What each level means, from 0 to 5: six times.")
@click.pass_obj
def skill_edit(session: Session, /, name: str, new_name: str, **options: Any) -> None:
    """Change a skill of the catalogue."""
    made = skills.edit_skill(session.actor, skill_id=skill_named(session, name).id, name=new_name, **options)
    session.emit({"name": made.name, "category": made.category, "offered": made.is_active, "id": made.public_id})


@skill.command("forget")
@click.argument("wanted", metavar="PERSON")
@click.argument("name", metavar="SKILL")
@click.pass_obj
def skill_forget(session: Session, wanted: str, name: str) -> None:
    """Take a skill from a person."""
    person, found = person_of(session, wanted, "people.skill.forget"), skill_named(session, name)
    skills.forget_skill(session.actor, person_id=person.id, skill_id=found.id)
    session.say(f"{found.name} is taken from {person.name}.")


@click.group()
def certificate() -> None:
    """Certificates: the catalogue, and who holds which."""


@certificate.command("list")
@click.option("--person", "wanted", default="", help="What this person holds.")
@click.pass_obj
def certificate_list(session: Session, wanted: str) -> None:
    """List the catalogue, or what somebody holds."""
    if wanted:
        person = person_of(session, wanted, queries.VIEW_SKILL)
        session.emit([_held(row) for row in queries.certificates_of(session.actor, person.id)])
        return
    session.emit([_row(row) for row in queries.certificates(session.actor)])


@certificate.command("add")
@click.argument("name")
@click.option("--issuer", default="")
@click.option("--months", "valid_months", type=int, default=None, help="How long it holds; for good when left out.")
@click.pass_obj
def certificate_add(session: Session, name: str, issuer: str, valid_months: int | None) -> None:
    """Add a certificate to the catalogue."""
    made = skills.create_certificate(session.actor, name=name, issuer=issuer, valid_months=valid_months)
    session.emit(_row(made))


@certificate.command("edit")
@click.argument("name", metavar="CERTIFICATE")
@click.option("--name", "new_name", default="", help="What it is called from now on.")
@click.option("--issuer", default=None)
@click.option("--months", type=int, default=None, help="How long it holds; 0: for good.")
@click.pass_obj
def certificate_edit(session: Session, /, name: str, new_name: str, issuer: str | None, months: int | None) -> None:
    """Change a certificate of the catalogue."""
    found = certificate_named(session, name)
    holds = found.valid_months if months is None else months or None
    made = skills.edit_certificate(
        session.actor, certificate_id=found.id, name=new_name, issuer=issuer, valid_months=holds
    )
    session.emit(_row(made))


@certificate.command("give")
@click.argument("wanted", metavar="PERSON")
@click.argument("name", metavar="CERTIFICATE")
@click.option("--issued", type=DAY, required=True, help="As 2026-03-01.")
@click.option("--until", type=DAY, default=None, help="Last day; as long as the catalogue says when left out.")
@click.option("--number", default="")
@click.pass_obj
def certificate_give(session: Session, /, wanted: str, name: str, **options: Any) -> None:
    """Record that somebody holds a certificate: quoin certificate give Ana "Crane licence" --issued 2026-03-01"""
    person, found = person_of(session, wanted, "people.certificate.give"), certificate_named(session, name)
    made = skills.give_certificate(
        session.actor, person_id=person.id, certificate_id=found.id, issued_on=options["issued"],
        expires_on=options["until"], number=options["number"],
    )  # fmt: skip
    session.emit(_held(made))


@certificate.command("take")
@click.argument("held", metavar="ID")
@click.pass_obj
def certificate_take(session: Session, held: str) -> None:
    """Delete what somebody holds, by the id that quoin certificate list --person shows."""
    held_id = id_of("pce", held, shown_by="quoin certificate list --person")
    skills.take_certificate(session.actor, held_id=held_id)
    session.say("The certificate is deleted.")


@absence.command("restore")
@click.argument("wanted", metavar="ABSENCE")
@click.option("--approved", is_flag=True, help="Approved again, where somebody had approved it.")
@click.pass_obj
def absence_restore(session: Session, wanted: str, approved: bool) -> None:
    """Put an absence back that was refused or taken back."""
    absence_id = id_of("abs", wanted, shown_by="quoin absence list --json")
    status = "approved" if approved else "requested"
    made = absences.restore_absence(session.actor, absence_id=absence_id, status=status)
    session.emit({"person": made.person.name, "from": made.starts_on, "to": made.ends_on, "status": made.status})


@absence.command("allow")
@click.argument("wanted", metavar="PERSON")
@click.argument("year", type=int)
@click.argument("days", type=Decimal)
@click.option("--carried", type=Decimal, default=Decimal(0), help="Days left over from the year before.")
@click.option("--carried-until", type=DAY, default=None, help="Last day on which those can be taken.")
@click.option("--monthly", is_flag=True, help="A twelfth is earned each month.")
@click.pass_obj
def absence_allow(session: Session, /, wanted: str, year: int, days: Decimal, **options: Any) -> None:
    """Set somebody's days of leave of a year: quoin absence allow Ana 2026 28 --carried 2.5"""
    person = person_of(session, wanted, "people.allowance.set")
    row = absences.set_allowance(
        session.actor, person_id=person.id, year=year, days=days, carried_days=options["carried"],
        carried_until=options["carried_until"], accrues_monthly=options["monthly"],
    )  # fmt: skip
    session.emit({"person": person.name, "year": row.year, "days": str(row.days), "carried": str(row.carried_days)})


@absence.command("carry")
@click.argument("year", type=int)
@click.option("--at-most", type=Decimal, default=None, help="Days at most; all that is left when left out.")
@click.option("--until", type=DAY, default=None, help="Last day on which they can be taken.")
@click.pass_obj
def absence_carry(session: Session, year: int, at_most: Decimal | None, until: date | None) -> None:
    """Carry what is left of a year's leave into the next."""
    count = absences.carry_allowances(session.actor, year=year, at_most=at_most, carried_until=until)
    session.emit({"year": year, "people": count})


def _row(row: Any) -> dict[str, Any]:
    return {"name": row.name, "issuer": row.issuer, "months": row.valid_months, "id": row.public_id}


def _held(row: Any) -> dict[str, Any]:
    return {"certificate": row.certificate.name, "number": row.number, "issued": row.issued_on,
            "until": row.expires_on, "id": row.public_id}  # fmt: skip


COMMANDS: list[click.Command] = [certificate]
