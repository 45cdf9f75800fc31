"""Commands of staffing: solve all open requests, stop, accept proposals as one, take them back, keep a goal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quoin.base.actions import action, running_action_id, touch, undo_with
from quoin.base.actor import Actor
from quoin.base.db.faults import explain
from quoin.base.events import emit
from quoin.base.jobs import defer
from quoin.kernel.errors import Conflict, NotFound, Problem, invalid
from quoin.kernel.words import say
from quoin.people.models import Team
from quoin.resourcing.actions.demands import filled_status
from quoin.resourcing.actions.writing import BookingIn, make, take_away, the_bookings
from quoin.resourcing.models import Booking, Demand, Proposal, StaffingGoal, StaffingProposal, StaffingRun
from quoin.resourcing.queries import staffing as queries
from quoin.resourcing.queries import within_reach
from quoin.resourcing.queries.demands import need_of
from quoin.resourcing.queries.staffing_case import digest, open_demands, open_need, staffing_case
from quoin.resourcing.rules.staffing.goals import GOALS, goal_of
from quoin.resourcing.rules.staffing.options import cut
from quoin.resourcing.rules.staffing.values import VERSION, Answer, Case, Goal
from quoin.resourcing.services.bookings import lock_people
from quoin.resourcing.services.staffing import answer_of
from quoin.resourcing.types import DemandStatus

explain("staffing_once", "A person stands twice on a request in one plan.")
START, SOLVE, STOP = "resourcing.staffing.start", "resourcing.staffing.solve", "resourcing.staffing.stop"
ACCEPT, RELEASE, FINISH = "resourcing.staffing.accept", "resourcing.staffing.release", "resourcing.staffing.finish"
SET_GOAL = "resourcing.staffing.set_goal"
MOST_SECONDS, MOST_WORK = 600, 2000


@action(START, label=_("Solve all open requests in the background"))
def start_staffing(actor: Actor, /, **asked: Any) -> StaffingRun:
    """A run that a worker answers: goal, weights, spread, demand_ids, seconds, work, seed, keeps_tentative."""
    run = _run(actor, **asked)
    defer(actor, SOLVE, lock="staffing", run_id=str(run.id))
    return run


@action(SOLVE, label=_("Solve all open requests now"))
def solve_staffing(actor: Actor, /, **asked: Any) -> StaffingRun:
    """The same while the caller waits."""
    run = _run(actor, **asked)
    _answer(actor, run)
    return run


def work_off(actor: Actor, *, run_id: UUID | str) -> None:
    """Answer a run that waits. For the job; a run that is over, or gone, is left alone."""
    run = StaffingRun.objects.filter(id=run_id, ended_at=None).first()
    if run is not None:
        finish_staffing(actor, run_id=run.id)


@action(FINISH, label=_("Answer a staffing run that waits"))
def finish_staffing(actor: Actor, *, run_id: UUID | str) -> StaffingRun:
    """What the worker does with a run; another has done it already: Conflict."""
    run = StaffingRun.objects.filter(id=run_id).first()
    if run is None:
        raise NotFound("There is no such staffing run.")
    if run.ended_at is not None:
        raise Conflict("The run is answered already.")
    _answer(actor, run)
    return run


@action(STOP, label=_("Stop a staffing run"))
def stop_staffing(actor: Actor, *, run_id: UUID | str) -> StaffingRun:
    """The run ends with the best it has so far, and says how good that is at least."""
    run = queries.run_for(actor, run_id)
    if run.ended_at is not None:
        raise Conflict("The run is over already.")
    StaffingRun.objects.filter(id=run.id, ended_at=None).update(stop_asked_at=actor.now)
    run.refresh_from_db()
    touch(run.public_id)
    return run


@action(ACCEPT, label=_("Accept proposals of a staffing run"))
def accept_staffing(
    actor: Actor, *, run_id: UUID | str, plan: int = 0, proposal_ids: Collection[UUID | str] = ()
) -> list[Booking]:
    """Tentative bookings for all proposals of a plan that stand, or for those named; Conflict if one does not."""
    run = queries.run_for(actor, run_id)
    rows = _chosen(actor, run, plan, proposal_ids)
    demands = _locked(actor, {row.demand_id for row in rows})
    lock_people({row.person_id for row in rows})
    _refuse_conflicts(actor, run, rows)
    former = [
        {"id": one.id, "status": one.status, "starts_on": one.starts_on, "ends_on": one.ends_on}
        for one in demands.values()
    ]
    bookings = [booking for row in rows for booking in _book(actor, run, demands[row.demand_id], row)]
    for demand in demands.values():
        shift = max(row.shift_weeks for row in rows if row.demand_id == demand.id)
        if shift:
            mine = next(row for row in rows if row.demand_id == demand.id)
            demand.starts_on, demand.ends_on = mine.starts_on, mine.ends_on
        demand.status, demand.version = filled_status(demand), demand.version + 1
        demand.save(update_fields=["status", "version", "starts_on", "ends_on"])
        what = "filled" if demand.status == DemandStatus.FILLED else "part_filled"
        emit(
            actor, f"resourcing.request.{what}", running_action_id(), demand_id=demand.id,
            project_id=demand.project_id,
        )  # fmt: skip
    StaffingProposal.objects.filter(id__in=[row.id for row in rows]).update(
        accepted_at=actor.now, accepted_by=actor.person_id
    )
    undo_with(RELEASE, run_id=run.id, booking_ids=[one.id for one in bookings], demands=former)
    touch(run.public_id)
    emit(
        actor, "resourcing.staffing.accepted", running_action_id(), run_id=run.id,
        booking_ids=[one.id for one in bookings], demand_ids=sorted(demands, key=str),
    )  # fmt: skip
    return bookings


@action(RELEASE, label=_("Take back what was accepted of a staffing run"))
def release_staffing(
    actor: Actor, *, run_id: UUID | str, booking_ids: Sequence[UUID | str], demands: Sequence[Mapping[str, Any]]
) -> None:
    """Undo of accept: the bookings go, the requests stand as they did."""
    run = queries.run_for(actor, run_id)
    found = the_bookings(actor, RELEASE, [UUID(str(one)) for one in booking_ids])
    there = _locked(actor, {UUID(str(one["id"])) for one in demands}, right=RELEASE)
    if any(one.demand_id not in there for one in found):
        raise invalid("/booking_ids", "A booking is not of these requests.")
    pairs = {(one.demand_id, one.person_id) for one in found}
    take_away(found)
    for former in demands:
        demand = there[UUID(str(former["id"]))]
        demand.status = DemandStatus(former["status"])
        demand.starts_on, demand.ends_on = (date.fromisoformat(str(former[key])) for key in ("starts_on", "ends_on"))
        # The run's proposals for it stand again, as if they had never been accepted.
        demand.version -= 1
        demand.save(update_fields=["status", "version", "starts_on", "ends_on"])
    for demand_id, person_id in pairs:
        Proposal.objects.filter(demand=demand_id, person=person_id, status="accepted").update(status="withdrawn")
        StaffingProposal.objects.filter(run=run, demand=demand_id, person=person_id).update(
            accepted_at=None, accepted_by=None
        )
    touch(run.public_id)


@action(SET_GOAL, label=_("Keep what staffing aims at"))
def set_staffing_goal(
    actor: Actor, *, goal: str, weights: Mapping[str, int] | None = None, team_id: UUID | str | None = None
) -> StaffingGoal:
    """The goal of a team, or of everybody without one of their own."""
    _goal(goal, weights or {})
    team = Team.objects.filter(id=team_id).first() if team_id else None
    if team_id and team is None:
        raise invalid("/team_id", "There is no such team.", code="unknown")
    former = StaffingGoal.objects.filter(team=team).first()
    before = goal_of("balanced") if former is None else None
    undo_with(
        SET_GOAL, team_id=team_id, goal=former.goal if former else "balanced",
        weights=former.weights if former else ({"spread": before.spread} if before else {}),
    )  # fmt: skip
    row, _made = StaffingGoal.objects.update_or_create(
        team=team, defaults={"goal": goal, "weights": dict(weights or {})}
    )
    touch(row.public_id)
    return row


def _run(
    actor: Actor,
    *,
    goal: str = "",
    weights: Mapping[str, int] | None = None,
    demand_ids: Collection[UUID | str] = (),
    seconds: int = 30,
    work: int | None = None,
    seed: int = 1,
    keeps_tentative: bool = True,
) -> StaffingRun:
    kept = queries.goal_for(actor)
    aim = _goal(goal, weights or {}) if goal or weights else kept
    if not 1 <= seconds <= MOST_SECONDS or (work is not None and not 1 <= work <= MOST_WORK):
        raise invalid("/seconds", "Give the solver from 1 second to 10 minutes, or from 1 to 2000 of work.")
    if not open_demands(actor, demand_ids):
        raise invalid("/demand_ids", "No request is open: there is nobody to find.", code="nothing_open")
    run = StaffingRun.objects.create(
        asked_at=actor.now, asked_by_id=actor.person_id, goal=aim.name,
        weights={**aim.weights, "spread": aim.spread}, demand_ids=[UUID(str(one)) for one in demand_ids],
        keeps_tentative=keeps_tentative, seconds=seconds, work=work, seed=seed, version=VERSION,
    )  # fmt: skip
    touch(run.public_id)
    return run


def _goal(name: str, weights: Mapping[str, int]) -> Goal:
    if name and name not in GOALS:
        raise invalid("/goal", say("A goal is one of %(goals)s.", goals=", ".join(GOALS)))
    try:
        return queries.goal_from(name or "balanced", weights)
    except (ValueError, TypeError) as fault:
        raise invalid(
            "/weights", say("A weight is from 0 to 1000 per cent, the spread from 0 to 20 (%(fault)s).", fault=fault)
        ) from None


def _answer(actor: Actor, run: StaffingRun) -> None:
    case, demands = staffing_case(
        actor, queries.goal_from(run.goal, run.weights), demand_ids=run.demand_ids, keeps_tentative=run.keeps_tentative
    )
    run.case_sha256 = digest(case)
    answer = answer_of(run, case)
    stopped = StaffingRun.objects.filter(id=run.id, stop_asked_at__isnull=False).exists()
    run.outcome, run.ended_at = ("stopped" if stopped else "done"), actor.now
    run.worth, run.bound, run.answer = answer.best.worth, answer.bound, told(case, answer)
    run.save(update_fields=["case_sha256", "outcome", "ended_at", "worth", "bound", "answer"])
    StaffingProposal.objects.bulk_create(_proposals(run, case, demands, answer))
    touch(run.public_id)
    emit(actor, "resourcing.staffing.answered", running_action_id(), run_id=run.id, outcome=run.outcome)


def _proposals(run: StaffingRun, case: Case, demands: Sequence[Demand], answer: Answer) -> list[StaffingProposal]:
    found = []
    for number, plan in enumerate((answer.best, *answer.others)):
        for one in plan.options:
            need = cut(case.asks[one.ask].need, one.shift, one.share).need
            found.append(
                StaffingProposal(
                    run=run, plan=number, demand=demands[one.ask], share=one.share, shift_weeks=one.shift,
                    person_id=case.workers[one.worker].candidate.person_id, starts_on=need.days[0],
                    ends_on=need.days[-1], minutes=one.total, score=one.score,
                    reasons=[[reason.key, reason.points, reason.text] for reason in one.reasons],
                    demand_version=demands[one.ask].version,
                )
            )  # fmt: skip
    return found


def told(case: Case, answer: Answer) -> dict[str, Any]:
    """The answer without its plans, as it is kept."""
    return {
        "demands": [str(ask.id) for ask in case.asks],
        "people": [str(worker.candidate.person_id) for worker in case.workers],
        "losses": [one.loss for one in answer.others], "worths": [one.worth for one in answer.others],
        "first_seconds": answer.first_seconds, "seconds": answer.seconds, "is_repeatable": answer.is_repeatable,
        "one_by_one": answer.one_by_one,
        "history": [[step.seconds, step.value, step.bound] for step in answer.history],
        "why_not": [
            [one.ask, one.worker, one.kind, "; ".join(reason.text for reason in one.reasons)] for one in answer.why_not
        ],
        "unfilled": [
            {
                "ask": one.ask, "share": one.share, "drops": one.drops, "is_smallest": one.is_smallest,
                "earliest": one.earliest, "less": one.less,
                "waivers": [[waiver.reason.text, waiver.worker] for waiver in one.waivers],
            }
            for one in answer.unfilled
        ],
        "differences": [[one.ask, one.alone, one.joint, one.reason] for one in answer.differences],
        "spread": [[one.worker, one.before, one.after] for one in answer.spread],
    }  # fmt: skip


def _chosen(actor: Actor, run: StaffingRun, plan: int, proposal_ids: Collection[UUID | str]) -> list[StaffingProposal]:
    rows = StaffingProposal.objects.filter(run=run, plan=plan, accepted_at=None).select_related("demand", "person")
    if proposal_ids:
        wanted = {UUID(str(one)) for one in proposal_ids}
        found = list(rows.filter(id__in=wanted).order_by("demand_id", "person_id"))
        if {one.id for one in found} != wanted:
            raise NotFound("A proposal is not of this plan, or accepted already.")
        return found
    standing = [seat.row.id for seat in queries.seats_of(actor, run).get(plan, []) if seat.is_open]
    found = list(rows.filter(id__in=standing).order_by("demand_id", "person_id"))
    if not found:
        raise Conflict("Nothing of this plan can be accepted any more. Solve again.")
    return found


def _locked(actor: Actor, demand_ids: Collection[UUID], *, right: str = ACCEPT) -> dict[UUID, Demand]:
    rows = Demand.objects.select_for_update(of=("self",)).select_related("project")
    rows = rows.filter(within_reach(actor, right, person="asked_by"), id__in=demand_ids).order_by("id")
    found = {one.id: one for one in rows}
    if set(found) != set(demand_ids):
        raise NotFound("A request is not there any more, or not yours to fill.")
    return found


def _refuse_conflicts(actor: Actor, run: StaffingRun, rows: Sequence[StaffingProposal]) -> None:
    against = queries.conflicts(actor, run, StaffingProposal.objects.filter(run=run).select_related("demand"))
    problems = tuple(
        Problem(
            "/proposal_ids",
            "changed_since",
            say(
                "%(person)s on #%(demand_number)s: %(against)s",
                person=row.person.name,
                demand_number=row.demand.number,
                against=against[row.id],
            ),
        )
        for row in rows
        if row.id in against
    )
    if problems:
        raise Conflict(say("%(detail)s. Leave it out, or solve again.", detail=problems[0].detail), problems=problems)


def _book(actor: Actor, run: StaffingRun, demand: Demand, row: StaffingProposal) -> list[Booking]:
    need = open_need(demand, need_of(demand), run.asked_at.date())
    # A week in which somebody is away all days takes no booking.
    made = [
        make(
            actor, ACCEPT,
            BookingIn(
                person_id=row.person_id, project_id=demand.project_id, task_id=demand.task_id, demand_id=demand.id,
                job_role_id=demand.job_role_id, starts_on=part.first, ends_on=part.last, effort=part.effort,
                amount=part.amount, is_firm=False,
            ),
            reason="",
        )
        for part in queries.working_parts(row.person_id, cut(need, row.shift_weeks, row.share).bookings)
    ]  # fmt: skip
    Proposal.objects.update_or_create(
        demand=demand,
        person_id=row.person_id,
        defaults={"status": "accepted"},
        create_defaults={"status": "accepted", "proposed_at": actor.now, "proposed_by_id": actor.person_id},
    )
    return made
