"""`quoin request`: who is needed, who fits, who fills it."""

from __future__ import annotations

from typing import Any

import click

from quoin.base.console import Session
from quoin.kernel.errors import NotFound, invalid
from quoin.kernel.quantity import parse_duration
from quoin.people.queries import job_roles
from quoin.people.queries.skills import skills
from quoin.projects.queries import project_by_number
from quoin.resourcing.actions import candidates, demands
from quoin.resourcing.cli.spans import first_day, last_day
from quoin.resourcing.queries import demands as queries
from quoin.resourcing.queries import planner


@click.group("request")
def request() -> None:
    """Staffing requests: create, list, candidates, propose, ask, decline, accept, cancel."""


@request.command("create")
@click.option("--project", "number", required=True, help="Number of the project.")
@click.option("--from", "from_text", required=True, help="Day or week: 2026-06-01, W23.")
@click.option("--to", "to_text", required=True, help="Last day or week, included.")
@click.option("--pct", type=int, default=None, help="Per cent of a person.")
@click.option("--per-week", default="", help="Hours per week, as 24h.")
@click.option("--role", default="", help="Name of the role.")
@click.option("--skill", "wanted", multiple=True, help="A must, as 'SAP MM:3'. Repeat for more.")
@click.option("--nice", multiple=True, help="Nice to have, as 'S/4:2'. Repeat for more.")
@click.option("--language", "languages", multiple=True, help="ISO code, as no. Repeat for more.")
@click.option("--title", default="")
@click.option("--priority", type=int, default=2, show_default=True)
@click.option("--people", "most_people", type=int, default=1, show_default=True, help="May be shared by so many.")
@click.option("--share", "least_share", type=int, default=50, show_default=True, help="Per cent each takes at least.")
@click.option("--slack", "slack_weeks", type=int, default=0, show_default=True, help="May start so many weeks later.")
@click.option("--draft", is_flag=True, help="A placeholder: nobody is asked yet.")
@click.pass_obj
def request_create(session: Session, /, number: str, from_text: str, to_text: str, **options: Any) -> None:
    """Ask for somebody: quoin request create --project 1042 --from W23 --to W26 --pct 80 --skill 'SAP MM:3'"""
    actor = session.actor
    made = demands.create_demand(
        actor, project_id=project_by_number(actor, number).id, starts_on=first_day(from_text, actor.today),
        ends_on=last_day(to_text, actor.today), percent=options["pct"], minutes_per_week=_minutes(options["per_week"]),
        job_role_id=_role(options["role"]), title=options["title"], priority=options["priority"],
        languages=[code.lower() for code in options["languages"]], is_draft=options["draft"],
        **{name: options[name] for name in ("most_people", "least_share", "slack_weeks")},
        skills=[
            *(_skill(session, text, is_must=True) for text in options["wanted"]),
            *(_skill(session, text, is_must=False) for text in options["nice"]),
        ],
    )  # fmt: skip
    session.emit(_row(queries.demand_for(actor, made.id)))


@request.command("list")
@click.option("--status", default="", help="draft, open, proposed, part, filled or cancelled.")
@click.pass_obj
def request_list(session: Session, status: str) -> None:
    """List staffing requests."""
    rows = queries.visible_demands(session.actor)
    wanted = [status] if status else ["draft", "open", "proposed", "part"]
    session.emit([_row(row) for row in rows.filter(status__in=wanted)])


@request.command("candidates")
@click.argument("number")
@click.option("--why-not", is_flag=True, help="Who does not fit, and why.")
@click.pass_obj
def request_candidates(session: Session, number: str, why_not: bool) -> None:
    """Who fits a request, best first, with the points that add up."""
    ranking = queries.ranking_for(session.actor, queries.demand_by_number(session.actor, number))
    if why_not:
        session.emit(
            [{"person": one.name, "why_not": "; ".join(r.text for r in one.reasons)} for one in ranking.excluded]
        )
        return
    session.emit(
        [
            {
                "person": one.name, "fit": one.score,
                "why": "; ".join(f"{reason.text} ({reason.points:+d})" for reason in one.reasons),
            }
            for one in ranking.fitting
        ]
    )  # fmt: skip
    session.say(f"{len(ranking.excluded)} people do not fit; --why-not tells why.")


@request.command("propose")
@click.argument("number")
@click.argument("person")
@click.pass_obj
def request_propose(session: Session, number: str, person: str) -> None:
    """Propose somebody for a request."""
    found = queries.demand_by_number(session.actor, number)
    demands.propose(session.actor, demand_id=found.id, person_id=planner.person_named(session.actor, person).id)
    session.emit(_row(queries.demand_for(session.actor, found.id)))


@request.command("ask")
@click.argument("number")
@click.argument("person")
@click.option("--note", default="")
@click.pass_obj
def request_ask(session: Session, number: str, person: str, note: str) -> None:
    """Ask somebody whether they want to."""
    found = queries.demand_by_number(session.actor, number)
    who = planner.person_named(session.actor, person)
    demands.ask_candidate(session.actor, demand_id=found.id, person_id=who.id, note=note)
    session.say(f"{who.name} was asked.")


@request.command("accept")
@click.argument("number")
@click.argument("person")
@click.option("--pct", type=int, default=None, help="Only so much of it.")
@click.option("--firm", is_flag=True, help="Book firmly; tentative when left out.")
@click.option("--override", "reason", default="", help="Reason to book over capacity; you are the approver.")
@click.pass_obj
def request_accept(session: Session, number: str, person: str, pct: int | None, firm: bool, reason: str) -> None:
    """Accept somebody: makes the bookings."""
    found = queries.demand_by_number(session.actor, number)
    who = planner.person_named(session.actor, person)
    demands.accept_candidate(
        session.actor, demand_id=found.id, person_id=who.id, percent=pct, is_firm=firm, override_reason=reason
    )
    session.emit(_row(queries.demand_for(session.actor, found.id)))


@request.command("decline")
@click.argument("number")
@click.argument("person")
@click.option("--note", default="", help="Why; it stays on record.")
@click.pass_obj
def request_decline(session: Session, number: str, person: str, note: str) -> None:
    """Say no to a candidate who was proposed or asked."""
    found = queries.demand_by_number(session.actor, number)
    who = planner.person_named(session.actor, person)
    candidates.decline_candidate(session.actor, demand_id=found.id, person_id=who.id, note=note)
    session.say(f"{who.name} was declined.")


@request.command("cancel")
@click.argument("number")
@click.pass_obj
def request_cancel(session: Session, number: str) -> None:
    """Nobody is needed any more."""
    found = queries.demand_by_number(session.actor, number)
    demands.cancel_demand(session.actor, demand_id=found.id)
    session.emit(_row(queries.demand_for(session.actor, found.id)))


def _minutes(text: str) -> int | None:
    try:
        return parse_duration(text).minutes if text else None
    except ValueError as fault:
        raise invalid("/per-week", str(fault)) from fault


def _role(name: str) -> Any:
    if not name:
        return None
    found = job_roles().filter(name__iexact=name).first()
    if found is None:
        raise NotFound(f"There is no role {name}.")
    return found.id


def _skill(session: Session, text: str, *, is_must: bool) -> dict[str, Any]:
    name, _colon, level = text.rpartition(":")
    if not name or not level.isdecimal():
        raise invalid("/skill", f"{text} is no skill with a level. Write 'SAP MM:3'.")
    found = skills(session.actor).filter(name__iexact=name.strip()).first()
    if found is None:
        raise NotFound(f"There is no skill {name}; quoin skill list shows them.")
    return {"skill_id": found.id, "level": int(level), "is_must": is_must}


def _row(row: Any) -> dict[str, Any]:
    return {
        "number": row.number,
        "project": row.project.number,
        "title": row.title,
        "role": row.job_role.name if row.job_role else "",
        "from": row.starts_on,
        "to": row.ends_on,
        "pct": row.percent,
        "minutes_per_week": row.minutes_per_week,
        "status": row.status,
        "id": row.public_id,
    }


COMMANDS: list[click.Command] = [request]
