"""Fixed prices that change, deals that are lost, likely ends, makers without a person, and parts that need others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from quoin.insights.actions.scenarios import (
    add_change,
    apply_scenario,
    create_scenario,
    edit_scenario,
)
from quoin.insights.queries.scenarios import scenario_for, value_of, visible_scenarios
from quoin.insights.queries.scenarios.applying import plan_for
from quoin.insights.queries.scenarios.words import change_text, comparison_out
from quoin.insights.rules.scenarios import chances
from quoin.insights.rules.scenarios.chances import BEST, WORST, fraction
from quoin.kernel.errors import Conflict, Forbidden, NotFound
from quoin.people.models import JobRole
from quoin.projects.actions import edit_project
from quoin.projects.actions.plan import change_plan, settle_plan
from quoin.projects.models import Project
from quoin.resourcing.actions.demands import create_demand
from quoin.resourcing.models import Booking, Demand
from quoin.sales.actions.contracts import MilestonePlan, create_contract, plan_milestones
from quoin.sales.models import Contract, Milestone
from tests.insights.test_scenarios import FROM, compared, ended, job_tasks, undo, values
from tests.make.resourcing import booked
from tests.make.web import signed_in
from tests.make.world import World


def priced(world: World) -> tuple[Project, Contract]:
    """A project for 20,000 in two parts, one in June and one without a day."""
    job = ended(world)
    contract = create_contract(
        world.actor, client_id=job.client_id, name="Roll-out", kind="fixed_price", fixed_amount=Decimal(20000),
        recognition="milestone",
    )  # fmt: skip
    plan_milestones(
        world.actor, contract_id=contract.id,
        milestones=[
            MilestonePlan(name="Design", amount=Decimal(8000), due_on=date(2026, 6, 30)),
            MilestonePlan(name="Go-live", amount=Decimal(12000)),
        ],
    )  # fmt: skip
    edit_project(world.actor, project_id=job.id, contract_id=contract.id)
    return job, contract


def test_another_fixed_price_goes_on_the_open_parts_and_back(world: World) -> None:
    _job, contract = priced(world)
    made = create_scenario(world.actor, name="More")
    add_change(world.actor, scenario_id=made.id, kind="price.change", contract_id=contract.id, price="25000")
    found = compared(world, made)
    predicted, was = values(found, 1), values(found, 0)
    assert predicted["revenue"] == was["revenue"] + 2000  # type: ignore[operator]  # two fifths of 5,000 in June

    apply_scenario(world.actor, scenario_id=made.id)

    with world.inside():
        assert Contract.objects.get(id=contract.id).fixed_amount == 25000
        amounts = list(
            Milestone.objects.filter(contract=contract).order_by("position").values_list("amount", flat=True)
        )
    assert amounts == [10000, 15000]
    assert values(compared(world), 0) == predicted
    undo(world, "insights.scenario.apply")
    assert values(compared(world), 0) == was


def test_a_price_below_what_is_reached_is_refused(world: World) -> None:
    _job, contract = priced(world)
    made = create_scenario(world.actor, name="Nothing")
    add_change(world.actor, scenario_id=made.id, kind="price.change", contract_id=contract.id, price="0")
    other = create_scenario(world.actor, name="Gone")
    add_change(world.actor, scenario_id=other.id, kind="price.change", contract_id=uuid4(), price="1")

    with world.inside():
        free = plan_for(world.actor, scenario_for(world.actor, made.id))
        gone = plan_for(world.actor, scenario_for(world.actor, other.id))

    assert [step.what for step in free.steps] == ["reprice"]
    assert [(one.kind, one.text) for one in gone.conflicts] == [
        ("gone", "The contract has no fixed price, or is not there any more.")
    ]
    with pytest.raises(Conflict, match="nothing to apply"):
        apply_scenario(world.actor, scenario_id=other.id)


def test_changing_a_price_needs_the_right_to_change_contracts(world: World) -> None:
    _job, contract = priced(world)
    made = create_scenario(world.actor, name="More", reach="shared")
    add_change(world.actor, scenario_id=made.id, kind="price.change", contract_id=contract.id, price="25000")
    grants = {name: scope for name, scope in world.actor.grants.items() if name != "sales.contract.update"}

    with pytest.raises(Forbidden):
        apply_scenario(replace(world.actor, grants=grants), scenario_id=made.id)

    with world.inside():
        assert Contract.objects.get(id=contract.id).fixed_amount == 20000


def test_a_lost_deal_frees_people_cancels_requests_and_closes(world: World) -> None:
    ana, (job, _contract) = world.person(), priced(world)
    early, late = booked(world, ana, job, first=0, last=4), booked(world, ana, job, first=14, last=18)
    demand = create_demand(
        world.actor, project_id=job.id, starts_on=FROM, ends_on=date(2026, 7, 31), percent=50, title="Tester"
    )
    made = create_scenario(world.actor, name="Lost")
    change = add_change(world.actor, scenario_id=made.id, kind="deal.lose", project_id=job.id, on="2026-06-10")
    found = compared(world, made)
    predicted, was = values(found, 1), values(found, 0)
    assert predicted[f"end:{job.id}"] == date(2026, 6, 9)
    assert (was["unfilled"], predicted["unfilled"]) == (1, 0)
    assert predicted["revenue"] < was["revenue"]  # type: ignore[operator]  # amounts

    apply_scenario(world.actor, scenario_id=made.id)

    with world.inside():
        assert Project.objects.get(id=job.id).status == "closed"
        assert Demand.objects.get(id=demand.id).status == "cancelled"
        assert list(Booking.objects.values_list("id", flat=True)) == [early.id]
        assert change_text(change) == f"{job.name} is lost on 2026-06-10"
    undo(world, "insights.scenario.apply")
    assert values(compared(world), 0) == was
    with world.inside():
        assert sorted(Booking.objects.filter(person=ana).values_list("starts_on", flat=True)) == [
            early.starts_on, late.starts_on
        ]  # fmt: skip


def test_likely_ends_stand_beside_the_planned_one_and_are_the_same_every_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Luck comes from the ids of tasks, which are new in each run; with some of them a likely end meets a holiday.
    luck: dict[int, int] = {}
    monkeypatch.setattr(chances, "fraction", lambda key, run: fraction(luck.setdefault(key, len(luck) + 1), run))
    job = ended(world)
    add = [
        {"op": "task.add", "project": str(job.id), "name": name, "estimate_minutes": 4800} for name in ("Build", "Test")
    ]
    change_plan(world.actor, project_id=job.id, changes=add)
    with world.inside():
        first, second = job_tasks(job.id)
    settle_plan(world.actor, project_id=job.id, schedule="from_start", starts_on=FROM)
    change_plan(world.actor, project_id=job.id, changes=[{"op": "link.add", "before": first, "after": second}])
    made = create_scenario(world.actor, name="Late")
    add_change(world.actor, scenario_id=made.id, kind="project.shift", project_id=job.id, days=14)

    once, again = compared(world, made), compared(world, made)

    assert once.chances == again.chances
    even, safe = once.chances
    assert (even.key, safe.key) == (f"p50:{job.id}", f"p80:{job.id}")
    planned = values(once, 0)[f"end:{job.id}"]
    assert planned <= even.cells[0].value <= safe.cells[0].value  # type: ignore[operator]  # days
    assert (even.cells[1].change, safe.cells[1].change) == (14, 14)
    with world.inside(read_only=True):
        told = [row["label"] for row in comparison_out(once)["rows"]]
    assert [text for text in told if "P50" in text or "P80" in text] == [
        f"{job.name} ends, even odds (P50)", f"{job.name} ends, four in five (P80)"
    ]  # fmt: skip
    [lines] = [row.lines for row in once.columns[0].chances.rows if row.key == even.key]
    assert [line.value for line in lines] == [Decimal(n) for n in range(10, 101, 10)]


def test_the_dice_are_even_and_belong_to_the_task() -> None:
    drawn = [fraction(uuid4().int, run) for run in range(20_000)]

    # Independent of the code: mean and spread of a uniform distribution.
    mean = sum(drawn) / len(drawn)
    assert abs(mean - 0.5) < 0.02
    assert abs(sum((one - mean) ** 2 for one in drawn) / len(drawn) - 1 / 12) < 0.01
    key = uuid4().int
    assert fraction(key, 7) == fraction(key, 7) != fraction(key, 8)
    assert BEST < 1 < WORST


def test_a_maker_without_a_person_finds_their_private_scenario(world: World) -> None:
    nobody = replace(world.actor, person_id=None, user_id=uuid4())
    other = replace(nobody, user_id=uuid4())

    made = create_scenario(nobody, name="Mine")

    with world.inside():
        assert list(visible_scenarios(nobody)) == [made]
        assert not visible_scenarios(other).exists()
    assert edit_scenario(nobody, scenario_id=made.id, name="Still mine").name == "Still mine"
    with pytest.raises(NotFound):
        edit_scenario(other, scenario_id=made.id, name="Not theirs")


def test_a_part_that_needs_another_says_which(world: World) -> None:
    job = ended(world)
    world.person()
    with world.inside():
        role = JobRole.objects.get(name="Consultant")
    made = create_scenario(world.actor, name="Hire and book")
    hire = add_change(
        world.actor, scenario_id=made.id, kind="person.hire", role_id=role.id, count=1, starts_on="2026-06-01",
        cost_per_hour="55", currency="EUR",
    )  # fmt: skip
    book = add_change(
        world.actor, scenario_id=made.id, kind="booking.add", person_id=value_of(hire).part(1), project_id=job.id,
        starts_on="2026-06-08", ends_on="2026-06-12",
    )  # fmt: skip

    with world.inside():
        part = plan_for(world.actor, scenario_for(world.actor, made.id), change_ids=[book.id])
        whole = plan_for(world.actor, scenario_for(world.actor, made.id))

    assert [(one.kind, one.needs_id) for one in part.conflicts] == [("needs", hire.id)]
    assert (part.steps, whole.conflicts) == ((), ())
    page = signed_in(world).get(f"/scenarios/{made.public_id}/apply?change={book.public_id}").content.decode()
    assert "It needs: Hire 1" in page
