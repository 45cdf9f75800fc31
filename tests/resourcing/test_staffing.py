"""Staffing runs: solved in a job or at once, accepted as one and taken back as one, with what changed since."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from quoin.base.actor import Scope
from quoin.base.db.context import tenant_transaction
from quoin.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from quoin.people.actions.absences import approve_absence, request_absence
from quoin.people.actions.skills import create_skill, state_skill
from quoin.resourcing.actions import demands as asks
from quoin.resourcing.actions import staffing
from quoin.resourcing.models import Booking, Demand, StaffingProposal, StaffingRun
from quoin.resourcing.queries import staffing as queries
from quoin.resourcing.queries.staffing_case import digest, staffing_case
from quoin.resourcing.rules.staffing.goals import GOALS
from quoin.resourcing.rules.staffing.options import menu
from tests.make import World, new_world, resourcing
from tests.make.api import api as api_of
from tests.make.cli import quoin
from tests.make.resourcing import booked, day
from tests.make.web import signed_in
from tests.resourcing.test_bookings import invariants_hold, last_undo

LIMITS = {"seconds": 20, "work": 20}


@pytest.fixture
def job(world: World):
    return resourcing.project(world)


def asked(world: World, job, **fields) -> Demand:
    return asks.create_demand(
        world.actor, project_id=job.id, **{"starts_on": day(0), "ends_on": day(11), "percent": 100, **fields}
    )


def skilled(world: World, name: str, **people: int):
    """A skill and the levels in it."""
    skill = create_skill(world.actor, name=name)
    for person, level in people.items():
        state_skill(world.actor, person_id=world.people[person].id, skill_id=skill.id, level=level, wish="")
    return skill


def needs(skill, level: int) -> list[dict]:
    return [{"skill_id": str(skill.id), "level": level, "is_must": True}]


def seats(world: World, run: StaffingRun, plan: int = 0) -> list[tuple[int, str, str]]:
    with world.inside():
        return [(s.row.demand.number, s.row.person.name, s.conflict) for s in queries.seats_of(world.actor, run)[plan]]


@pytest.fixture
def two(world: World, job) -> tuple[Demand, Demand]:
    """Ana can do both, Ben only the first, which comes first in the list and likes Ana better."""
    world.person("Ana")
    world.person("Ben")
    skill = skilled(world, "SAP", Ana=5, Ben=2)
    first = asked(world, job, priority=1, skills=needs(skill, 1))
    return first, asked(world, job, priority=2, skills=needs(skill, 4))


@pytest.fixture
def ahead(world: World, two) -> tuple[Demand, Demand]:
    """The same in days that stay ahead of the real clock, which the edges read."""
    for one in two:
        asks.edit_demand(world.actor, demand_id=one.id, starts_on=day(3640), ends_on=day(3651))
    return two


def test_all_open_requests_are_solved_together_with_proof_and_reasons(world: World, two) -> None:
    first, second = two

    run = staffing.solve_staffing(world.actor, goal="continuity", **LIMITS)

    assert seats(world, run) == [(first.number, "Ben", ""), (second.number, "Ana", "")]
    assert (run.outcome, run.worth) == ("done", run.bound)
    assert run.answer["is_repeatable"] is True
    assert run.answer["differences"][0][3] == f"Ana to #{second.number}, not #{first.number}: only Ana fits it"
    with world.inside():
        rows = list(StaffingProposal.objects.filter(run=run))
        told = queries.why_not(run)
    assert all(row.score == sum(points for _key, points, _text in row.reasons) for row in rows)
    people = len(run.answer["people"])
    assert {ask: len(rows) for ask, rows in told.items()} == {0: people - 1, 1: people - 1}


def test_accepting_books_everything_tentatively_and_one_undo_takes_it_back(world: World, two) -> None:
    run = staffing.solve_staffing(world.actor, goal="continuity", **LIMITS)

    bookings = staffing.accept_staffing(world.actor, run_id=run.id)

    assert {one.is_firm for one in bookings} == {False}
    with world.inside():
        assert list(Demand.objects.order_by("number").values_list("status", flat=True)) == ["filled", "filled"]
        assert Booking.objects.count() == 2
    with pytest.raises(Conflict, match="Nothing of this plan"):
        staffing.accept_staffing(world.actor, run_id=run.id)
    last_undo(world)
    with world.inside():
        assert list(Demand.objects.order_by("number").values_list("status", flat=True)) == ["open", "open"]
        assert Booking.objects.count() == 0
    assert seats(world, run) == [(two[0].number, "Ben", ""), (two[1].number, "Ana", "")]
    assert invariants_hold(world)


def test_some_are_accepted_and_conflicts_since_the_run_are_shown_and_refused(world: World, two, job) -> None:
    run = staffing.solve_staffing(world.actor, goal="continuity", **LIMITS)
    booked(world, world.people["Ben"], job, percent=50)

    conflict = seats(world, run)[0][2]
    assert conflict == "no room on 2026-06-01: 4:00 of 8:00 free, 8:00 needed"
    with world.inside():
        rows = {row.person.name: row.id for row in StaffingProposal.objects.filter(run=run, plan=0)}
    with pytest.raises(Conflict, match=r"Ben on .*no room"):
        staffing.accept_staffing(world.actor, run_id=run.id, proposal_ids=[rows["Ben"]])
    with world.inside():
        assert Booking.objects.count() == 1

    staffing.accept_staffing(world.actor, run_id=run.id)

    with world.inside():
        assert list(Demand.objects.order_by("number").values_list("status", flat=True)) == ["open", "filled"]


def test_a_request_that_was_changed_or_cancelled_since_is_told(world: World, two) -> None:
    run = staffing.solve_staffing(world.actor, goal="continuity", **LIMITS)
    asks.edit_demand(world.actor, demand_id=two[0].id, percent=50)
    asks.cancel_demand(world.actor, demand_id=two[1].id)

    assert [one[2] for one in seats(world, run)] == ["the request was changed since", "the request is cancelled"]
    with pytest.raises(Conflict, match="Nothing of this plan"):
        staffing.accept_staffing(world.actor, run_id=run.id)


def test_a_request_is_split_and_may_start_later(world: World, job) -> None:
    ana, ben = world.person("Ana"), world.person("Ben")
    for person in (ana, ben, world.boss):
        booked(world, person, job, percent=50, last=11)
    both = asked(world, job, most_people=2)
    late = asked(world, job, slack_weeks=3, percent=50, priority=4)

    run = staffing.solve_staffing(world.actor, **LIMITS)
    staffing.accept_staffing(world.actor, run_id=run.id)

    with world.inside():
        shares = StaffingProposal.objects.filter(run=run, plan=0, demand=both).values_list("share", flat=True)
        assert list(shares) == [50, 50]
        moved = Demand.objects.get(id=late.id)
        assert Demand.objects.get(id=both.id).status == "filled"
    assert moved.status == "filled"
    weeks = (moved.starts_on - late.starts_on).days
    assert weeks in {0, 7, 14, 21}
    assert (moved.ends_on - moved.starts_on) == (late.ends_on - late.starts_on)


def test_nobody_is_invented_and_the_unfilled_tell_the_way_out(world: World, job) -> None:
    ana = world.person("Ana")
    skill = skilled(world, "SAP", Ana=3)
    asked(world, job, skills=needs(skill, 4))
    absence = request_absence(world.actor, person_id=ana.id, kind="vacation", starts_on=day(14), ends_on=day(18))
    approve_absence(world.actor, absence_id=absence.id)

    run = staffing.solve_staffing(world.actor, **LIMITS)

    (left,) = run.answer["unfilled"]
    assert left["waivers"] == [["SAP 3, needs 4", run.answer["people"].index(str(ana.id))]]
    assert (left["earliest"], run.worth) == (None, 0)


def test_the_job_answers_a_run_once_and_a_stopped_one_with_its_best(world: World, two) -> None:
    run = staffing.start_staffing(world.actor, goal="continuity", **LIMITS)
    with world.inside():
        assert queries.standing_of(run).state == "waiting"
    staffing.stop_staffing(world.actor, run_id=run.id)

    with tenant_transaction(world.actor):
        staffing.work_off(world.actor, run_id=str(run.id))
        staffing.work_off(world.actor, run_id=str(run.id))

    with world.inside():
        done = queries.run_for(world.actor, run.public_id)
        assert queries.standing_of(done).state == "stopped"
        assert StaffingProposal.objects.filter(run=run, plan=0).count() > 0
    with pytest.raises(Conflict, match="over already"):
        staffing.stop_staffing(world.actor, run_id=run.id)
    with pytest.raises(Conflict, match="answered already"):
        staffing.finish_staffing(world.actor, run_id=run.id)


def test_the_same_input_is_the_same_case_and_the_same_answer(world: World, two) -> None:
    first = staffing.solve_staffing(world.actor, goal="balanced", **LIMITS)
    second = staffing.solve_staffing(world.actor, goal="balanced", **LIMITS)

    assert first.case_sha256 == second.case_sha256
    keep = ("worths", "why_not", "unfilled", "differences", "spread")
    assert [first.answer[key] for key in keep] == [second.answer[key] for key in keep]
    assert seats(world, first) == seats(world, second)


def test_cost_goes_in_and_out_only_for_who_may_see_it(world: World, two) -> None:
    rights = {**world.actor.grants}
    rights.pop("people.cost.view")
    blind = replace(world.actor, grants=rights)
    with world.inside():
        seen, _demands = staffing_case(world.actor, GOALS["margin"])
        unseen, _demands = staffing_case(blind, GOALS["margin"])
    assert {one.candidate.cost_per_hour for one in unseen.workers} == {None}
    assert digest(seen) != digest(unseen)
    assert all(reason.key != "margin" for one in menu(unseen).options for reason in one.reasons)

    run = staffing.solve_staffing(world.actor, goal="margin", **LIMITS)
    with world.inside():
        shown = queries.seats_of(blind, run)[0]
    texts = [reason.text for seat in shown for reason in seat.reasons if reason.key == "margin"]
    assert set(texts) <= {"cost (not yours to see)"}


def test_a_team_keeps_its_goal(world: World, two) -> None:
    staffing.set_staffing_goal(world.actor, goal="travel", weights={"skill": 150, "spread": 2})
    run = staffing.solve_staffing(world.actor, **LIMITS)

    assert (run.goal, run.weights["skill"], run.weights["spread"]) == ("travel", 150, 2)
    last = staffing.set_staffing_goal(world.actor, goal="grow")
    assert last.goal == "grow"
    last_undo(world)
    with world.inside():
        assert queries.goal_for(world.actor).name == "travel"


@pytest.mark.parametrize(
    "wrong", [{"goal": "age"}, {"weights": {"age": 1}}, {"seconds": 0}, {"work": 10**9}, {"weights": {"skill": -1}}]
)
def test_what_cannot_be_asked_is_refused(world: World, two, wrong: dict) -> None:
    with pytest.raises(Invalid):
        staffing.start_staffing(world.actor, **wrong)
    with world.inside():
        assert StaffingRun.objects.count() == 0


def test_nothing_open_is_told(world: World) -> None:
    with pytest.raises(Invalid, match="No request is open"):
        staffing.solve_staffing(world.actor)


def test_rights_and_tenants_fence_runs(world: World, two) -> None:
    run = staffing.solve_staffing(world.actor, goal="continuity", **LIMITS)
    other = new_world()
    with other.inside(), pytest.raises(NotFound):
        queries.run_for(other.actor, run.id)
    own = world.with_rights("resourcing.staffing.view", scope=Scope.OWN, person=world.people["Ben"])
    with world.inside(), pytest.raises(NotFound):
        queries.run_for(own, run.id)
    with pytest.raises(Forbidden):
        staffing.accept_staffing(own, run_id=run.id)
    with pytest.raises(Forbidden):
        staffing.start_staffing(own)
    with pytest.raises(NotFound):
        staffing.release_staffing(other.actor, run_id=run.id, booking_ids=[], demands=[])
    assert run.asked_at - timedelta(0) == world.actor.now


def test_pages_show_runs_and_accept_them(world: World, ahead) -> None:
    two, browser = ahead, signed_in(world)
    assert b"Solve all open" in browser.get("/requests").content
    assert b"Solve 2 open requests" in browser.get("/requests/solve").content
    begun = browser.post("/requests/solve", {"goal": "continuity", "seconds": "10", "weight_skill": "120", "keep": "1"})
    assert begun.status_code == 303
    waiting = browser.get(begun["Location"]).content
    assert b"Waiting for a worker" in waiting
    pk = begun["Location"].rsplit("/", 1)[1]
    with tenant_transaction(world.actor):
        staffing.work_off(world.actor, run_id=str(StaffingRun.uuid_of(pk)))

    shown = browser.get(begun["Location"]).content.decode()
    assert "that is proven" in shown
    assert f"Ana to #{two[1].number}, not #{two[0].number}: only Ana fits it" in shown
    assert "Alternative 1" in browser.get(f"{begun['Location']}?plan=1").content.decode()
    why = browser.get(f"{begun['Location']}/{two[1].public_id}").content.decode()
    assert "SAP 2, needs 4" in why
    done = browser.post(f"{begun['Location']}/accept", {"plan": "0"})
    assert done.status_code == 303
    with world.inside():
        assert Booking.objects.filter(is_firm=False).count() == 2
        assert queries.goal_for(world.actor).name == "continuity"
    assert browser.get("/requests/solve/sfr_none").status_code == 404


def test_the_api_solves_shows_and_accepts(world: World, ahead) -> None:
    api = api_of(world)
    run = api.post("/staffing-runs", goal="continuity", work=20, seconds=20)
    assert (run.status, run.body["state"]) == (202, "waiting")
    with tenant_transaction(world.actor):
        staffing.work_off(world.actor, run_id=str(StaffingRun.uuid_of(run.body["id"])))

    found = api.get(f"/staffing-runs/{run.body['id']}").body
    assert (found["state"], found["gap_percent"], found["is_repeatable"]) == ("done", 0.0, True)
    (first, _second) = found["plans"][0]["assignments"]
    assert first["score"] == sum(one["points"] for one in first["reasons"])
    whys = api.get(f"/staffing-runs/{run.body['id']}/why-not").body["data"]
    assert {"less", "equal", "busy", "hard", "other"} >= {one["kind"] for one in whys}
    assert len(api.get("/staffing-runs").body["data"]) == 1
    made = api.post(f"/staffing-runs/{run.body['id']}/accept", proposal_ids=[first["id"]])
    assert len(made.body["data"]) == 1
    assert api.post("/staffing-goals", goal="grow").status == 200
    assert api.post("/staffing-goals", goal="age").status == 422


def test_the_command_line_solves_shows_and_accepts(world: World, two) -> None:
    rows = quoin(world, "staff", "solve", "--goal", "continuity", "--work", "20", "--weight", "skill=120")
    assert [(row["request"], row["person"]) for row in rows] == [(two[0].number, "Ben"), (two[1].number, "Ana")]
    whys = quoin(world, "staff", "show", "--why-not")
    assert {row["request"] for row in whys} == {two[0].number, two[1].number}
    assert len(quoin(world, "staff", "show", "--all")["plans"]) >= 1

    made = quoin(world, "staff", "accept", "--request", str(two[1].number))

    assert len(made) == 1
    with pytest.raises(NotFound):
        quoin(world, "staff", "accept", "--request", "999")
