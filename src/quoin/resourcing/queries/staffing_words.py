"""Staffing runs and repairs as plain values, for the API and the command line."""

from __future__ import annotations

from typing import Any

from quoin.base.actor import Actor, Scope
from quoin.kernel.ids import public_id
from quoin.people.queries import VIEW_COST
from quoin.resourcing.models import StaffingRun
from quoin.resourcing.queries import staffing as queries
from quoin.resourcing.queries.staffing_repair import Damage
from quoin.resourcing.rules.staffing.repairing import Repair


def run_out(run: StaffingRun) -> dict[str, Any]:
    """A run without its plans. Worth and bound are points."""
    standing = queries.standing_of(run)
    return {
        "id": run.public_id, "state": standing.state, "goal": run.goal, "weights": run.weights,
        "asked_at": run.asked_at, "asked_by_id": public_id("per", run.asked_by_id) if run.asked_by_id else None,
        "keeps_tentative": run.keeps_tentative, "seconds": run.seconds, "work": run.work, "seed": run.seed,
        "version": run.version, "case_sha256": run.case_sha256, "worth": standing.worth / 100,
        "bound": standing.bound / 100, "gap_percent": standing.gap_percent, "message": standing.message,
        "is_repeatable": bool(run.answer.get("is_repeatable")),
    }  # fmt: skip


def answer_out(actor: Actor, run: StaffingRun) -> dict[str, Any]:
    """A run with its plans, the unfilled, the differences and the load before and after."""
    demands, people = queries.names_in(run)
    seats = queries.seats_of(actor, run)
    worths = [run.worth, *run.answer.get("worths", ())] if run.ended_at else []
    number = {at: one.number for at, one in demands.items()}
    return run_out(run) | {
        "plans": [
            {
                "plan": at, "worth": worth / 100, "loss": (run.worth - worth) / 100,
                "assignments": [seat_out(seat) for seat in seats.get(at, ())],
            }
            for at, worth in enumerate(worths)
        ],
        "unfilled": [
            {
                "request": number.get(one["ask"]), "drop_requests": [number.get(at) for at in one["drops"]],
                "is_smallest": one["is_smallest"],
                "earliest": one["earliest"] and {"weeks": one["earliest"][0], "person": people[one["earliest"][1]]},
                "less": one["less"] and {"percent": one["less"][0], "person": people[one["less"][1]]},
                "waivers": [{"waive": text, "person": people[at]} for text, at in one["waivers"]],
            }
            for one in run.answer.get("unfilled", ())
        ],
        "differences": [
            {
                "request": number.get(ask), "alone": [people[one] for one in alone],
                "joint": [people[one] for one in joint], "why": why,
            }
            for ask, alone, joint, why in run.answer.get("differences", ())
        ],
        "load": [
            {"person": people[at], "before_percent": before, "after_percent": after}
            for at, before, after in run.answer.get("spread", ())
        ],
    }  # fmt: skip


def seat_out(seat: queries.Seat) -> dict[str, Any]:
    row = seat.row
    return {
        "id": row.public_id, "request_id": public_id("req", row.demand_id), "request": row.demand.number,
        "person_id": public_id("per", row.person_id), "person": row.person.name, "share": row.share,
        "starts_on": row.starts_on, "ends_on": row.ends_on, "minutes": row.minutes, "score": row.score,
        "reasons": [{"key": one.key, "points": one.points, "text": one.text} for one in seat.reasons],
        "conflict": seat.conflict, "is_accepted": row.accepted_at is not None,
    }  # fmt: skip


def why_not_out(run: StaffingRun) -> list[dict[str, Any]]:
    """Everybody who is not on a request of the run, with the reason."""
    demands, people = queries.names_in(run)
    return [
        {"request": demands[ask].number, "person": people.get(person, ""), "kind": kind, "why_not": text}
        for ask, rows in sorted(queries.why_not(run).items())
        if ask in demands
        for person, kind, text in rows
    ]


def repair_out(actor: Actor, found: Damage, repair: Repair) -> dict[str, Any]:
    """A way out: what changes, and the moves as the command takes them."""
    may_cost = actor.may(VIEW_COST, Scope.ALL)
    hurts = found.hurts
    return {
        "aim": repair.aim, "people_moved": repair.people_moved, "weeks_later": repair.weeks_later,
        "cost": str(repair.cost) if may_cost else None,
        "stays_open": [hurts[at].booking.project.name for at in repair.open_asks],
        "moves": [
            {
                "booking_id": hurts[one.ask].booking.public_id, "project": hurts[one.ask].booking.project.name,
                "from_person": hurts[one.ask].booking.person.name,
                "person_id": public_id("per", found.case.workers[one.worker].candidate.person_id),
                "person": found.case.workers[one.worker].candidate.name, "weeks": one.shift, "minutes": one.total,
                "starts_on": one.minutes[0][0], "ends_on": one.minutes[-1][0],
            }
            for one in repair.moves
        ],
    }  # fmt: skip


def moves_of(found: Damage, repair: Repair) -> list[dict[str, Any]]:
    """The moves as the command takes them."""
    return [
        {
            "booking_id": str(found.hurts[one.ask].booking.id),
            "person_id": str(found.case.workers[one.worker].candidate.person_id), "weeks": one.shift,
        }
        for one in repair.moves
    ]  # fmt: skip
