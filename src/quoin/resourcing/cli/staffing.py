"""`quoin staff`: solve all open requests, show the answer, accept it, repair the plan."""

from __future__ import annotations

from typing import Any

import click

from quoin.base.console import Session
from quoin.kernel.errors import NotFound, invalid
from quoin.projects.queries import project_by_number
from quoin.resourcing.actions import staffing as actions
from quoin.resourcing.actions import staffing_repair as repairing
from quoin.resourcing.cli.spans import first_day, last_day
from quoin.resourcing.queries import planner
from quoin.resourcing.queries import staffing as queries
from quoin.resourcing.queries import staffing_words as words
from quoin.resourcing.queries.demands import demand_by_number
from quoin.resourcing.queries.staffing_repair import Trouble, damage, repairs_of


@click.group("staff")
def staff() -> None:
    """Staff all open requests together, and repair plans."""


@staff.command("solve")
@click.option("--goal", default="", help="balanced, margin, continuity, grow or travel; else the team's own.")
@click.option("--weight", "weights", multiple=True, help="As skill=200; repeat for more. spread=0..20 for even load.")
@click.option("--request", "numbers", multiple=True, help="Only this request; repeat for more.")
@click.option("--seconds", type=int, default=30, show_default=True)
@click.option("--work", type=int, default=None, help="In place of the clock: the same input, the same answer.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--over-tentative", is_flag=True, help="Tentative bookings take no room.")
@click.pass_obj
def staff_solve(
    session: Session, /, goal: str, weights: tuple[str, ...], numbers: tuple[str, ...], **options: Any
) -> None:
    """Solve all open requests now: quoin staff solve --goal margin --seconds 30"""
    actor = session.actor
    run = actions.solve_staffing(
        actor, goal=goal, weights=_weights(weights), seconds=options["seconds"], work=options["work"],
        seed=options["seed"], keeps_tentative=not options["over_tentative"],
        demand_ids=[demand_by_number(actor, one).id for one in numbers],
    )  # fmt: skip
    _show(session, run.public_id, 0)


@staff.command("show")
@click.argument("run", default="")
@click.option("--plan", type=int, default=0, show_default=True, help="0 is the best, 1 to 3 the alternatives.")
@click.option("--why-not", is_flag=True, help="Everybody who is not on a request, and why.")
@click.option("--all", "whole", is_flag=True, help="Everything: plans, unfilled, differences, load.")
@click.pass_obj
def staff_show(session: Session, run: str, plan: int, why_not: bool, whole: bool) -> None:
    """Show a run: its id, or the newest."""
    found = _run(session, run)
    if why_not:
        session.emit(words.why_not_out(found))
    elif whole:
        session.emit(words.answer_out(session.actor, found))
    else:
        _show(session, found.public_id, plan)


@staff.command("accept")
@click.argument("run", default="")
@click.option("--plan", type=int, default=0, show_default=True)
@click.option("--request", "numbers", multiple=True, help="Only for this request; repeat for more.")
@click.pass_obj
def staff_accept(session: Session, run: str, plan: int, numbers: tuple[str, ...]) -> None:
    """Accept a plan: tentative bookings, taken back by one undo."""
    found = _run(session, run)
    seats = queries.seats_of(session.actor, found).get(plan, [])
    wanted = {int(one.removeprefix("#")) for one in numbers if one.removeprefix("#").isdecimal()}
    ids = [seat.row.id for seat in seats if seat.row.demand.number in wanted]
    if numbers and not ids:
        raise NotFound("The plan has nobody for this request.")
    made = actions.accept_staffing(session.actor, run_id=found.id, plan=plan, proposal_ids=ids)
    session.emit([{"booking": one.public_id, "from": one.starts_on, "to": one.ends_on} for one in made])


@staff.command("repair")
@click.option("--person", default="", help="Who is away.")
@click.option("--project", "number", default="", help="Or: the project whose work is later.")
@click.option("--weeks", type=int, default=0, help="By so many weeks.")
@click.option("--from", "from_text", required=True, help="Day or week: 2026-06-01, W23.")
@click.option("--to", "to_text", default="", help="Last day away, included.")
@click.option("--apply", "choice", type=int, default=None, help="Apply this repair: 1, 2 or 3.")
@click.pass_obj
def staff_repair(session: Session, /, person: str, number: str, from_text: str, to_text: str, **options: Any) -> None:
    """The three smallest repairs; with --apply one is done: quoin staff repair --person Ana --from W23 --to W23"""
    actor, choice = session.actor, options["choice"]
    trouble = {
        "person_id": planner.person_named(actor, person).id if person else None,
        "project_id": project_by_number(actor, number).id if number else None,
        "from_on": first_day(from_text, actor.today), "weeks": options["weeks"],
        "until_on": last_day(to_text, actor.today) if to_text else None,
    }  # fmt: skip
    found = damage(actor, Trouble.of(trouble))
    ways = repairs_of(found)
    if choice is None:
        session.emit([{"repair": at, **words.repair_out(actor, found, one)} for at, one in enumerate(ways, 1)])
        return
    if not 1 <= choice <= len(ways):
        raise NotFound(f"There are {len(ways)} repairs.")
    made = repairing.repair_bookings(actor, trouble=trouble, moves=words.moves_of(found, ways[choice - 1]))
    session.emit([{"booking": one.public_id, "from": one.starts_on, "to": one.ends_on} for one in made])


def _run(session: Session, text: str) -> Any:
    if text:
        return queries.run_for(session.actor, text)
    found = queries.visible_runs(session.actor).first()
    if found is None:
        raise NotFound("There is no staffing run yet. Start one: quoin staff solve")
    return found


def _show(session: Session, run: str, plan: int) -> None:
    found = queries.run_for(session.actor, run)
    seats = queries.seats_of(session.actor, found).get(plan, [])
    session.emit(
        [
            {
                "request": seat.row.demand.number, "person": seat.row.person.name, "share": seat.row.share,
                "from": seat.row.starts_on, "to": seat.row.ends_on, "fit": seat.row.score,
                "why": "; ".join(f"{one.text} ({one.points:+d})" for one in seat.reasons), "conflict": seat.conflict,
            }
            for seat in seats
        ]
    )  # fmt: skip
    standing = queries.standing_of(found)
    left = len(found.answer.get("unfilled", ()))
    session.say(
        f"{found.public_id}: {standing.state}, at most {standing.gap_percent} % below the best possible, {left} open."
    )


def _weights(given: tuple[str, ...]) -> dict[str, int]:
    found = {}
    for text in given:
        key, _sign, value = text.partition("=")
        if not value.isdecimal():
            raise invalid("/weight", f"{text} is no weight. Write skill=200.")
        found[key.strip()] = int(value)
    return found


COMMANDS: list[click.Command] = [staff]
