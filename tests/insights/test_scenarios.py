"""Scenarios on a real plan: kept, compared, shared, applied as predicted, and taken back with one undo."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from quoin.base.actions import REGISTRY
from quoin.base.audit.models import AuditAction
from quoin.insights.actions.scenarios import (
    add_change,
    apply_scenario,
    comment_scenario,
    create_scenario,
    discard_scenario,
    drop_change,
    edit_scenario,
    reopen_scenario,
)
from quoin.insights.models import Scenario, ScenarioChange
from quoin.insights.queries.scenarios import comments_of, scenario_for, visible_scenarios
from quoin.insights.queries.scenarios.applying import plan_for
from quoin.insights.queries.scenarios.compare import Comparison, compare
from quoin.insights.queries.scenarios.facts import live_facts
from quoin.insights.rules.scenarios.outcome import outcome
from quoin.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from quoin.people.models import JobRole, Person
from quoin.people.queries.capacity import capacities
from quoin.projects.actions import edit_project
from quoin.projects.actions.plan import change_plan, settle_plan
from quoin.projects.models import Project
from quoin.resourcing.actions.bookings import delete_bookings
from quoin.resourcing.models import Booking, BookingDay
from tests.make.resourcing import booked, day, project
from tests.make.world import World

FROM, UNTIL = date(2026, 6, 1), date(2026, 9, 30)
_SPAN = {"from_on": FROM, "until_on": UNTIL}


def ended(world: World, **fields: object) -> Project:
    found = project(world, **fields)
    edit_project(world.actor, project_id=found.id, starts_on=FROM, ends_on=date(2026, 7, 31))
    return found


def compared(world: World, *scenarios: Scenario) -> Comparison:
    with world.inside(read_only=True):
        return compare(world.actor, [scenario_for(world.actor, one.id) for one in scenarios], **_SPAN)


def values(found: Comparison, column: int) -> dict[str, object]:
    return {row.key: row.cells[column].value for row in found.rows}


def undo(world: World, name: str) -> None:
    with world.inside():
        row = AuditAction.objects.filter(name=name).order_by("-id").first()
    assert row is not None
    assert row.undo is not None
    REGISTRY[row.undo["action"]].run(world.actor, **row.undo["arguments"])


def test_an_empty_scenario_is_the_live_plan(world: World) -> None:
    ana, job = world.person(), ended(world)
    booked(world, ana, job, first=0, last=18)
    found = compared(world, create_scenario(world.actor, name="Nothing"))
    assert found.differing == ()
    with world.inside():
        minutes = sum(BookingDay.objects.filter(tenant_id=world.tenant_id).values_list("minutes", flat=True))
        capacity = sum(sum(one) for one in capacities([ana.id, world.boss.id], FROM, UNTIL).values())
    assert minutes == 15 * 480
    assert values(found, 0)["cost"] == Decimal(minutes) / 60 * 60
    assert values(found, 0)["revenue"] == Decimal(minutes) / 60 * 95
    assert values(found, 0)["utilisation"] == (Decimal(minutes) * 100 / capacity).quantize(Decimal("0.1"))


def test_late_by_four_weeks_applies_as_predicted_and_back(world: World) -> None:
    ana, job = world.person(), ended(world)
    for week in range(4):
        booked(world, ana, job, first=7 * week, last=7 * week + 4)
    made = create_scenario(world.actor, name="Late")
    add_change(world.actor, scenario_id=made.id, kind="project.shift", project_id=job.id, days=7)
    before = compared(world, made)
    predicted = values(before, 1)
    assert predicted[f"end:{job.id}"] == date(2026, 8, 7)
    apply_scenario(world.actor, scenario_id=made.id, as_="firm")
    after = values(compared(world), 0)
    assert after == predicted
    undo(world, "insights.scenario.apply")
    assert values(compared(world), 0) == values(before, 0)
    with world.inside():
        assert Booking.objects.filter(is_firm=True).count() == 4
        assert Scenario.objects.get(id=made.id).status == "open"


def test_a_dated_plan_ends_as_predicted(world: World) -> None:
    job = ended(world)
    change_plan(
        world.actor, project_id=job.id,
        changes=[
            {"op": "task.add", "project": str(job.id), "name": "Build", "estimate_minutes": 4800},
            {"op": "task.add", "project": str(job.id), "name": "Test", "estimate_minutes": 2400},
        ],
    )  # fmt: skip
    with world.inside():
        first, second = job_tasks(job.id)
    settle_plan(world.actor, project_id=job.id, schedule="from_start", starts_on=FROM)
    change_plan(world.actor, project_id=job.id, changes=[{"op": "link.add", "before": first, "after": second}])
    made = create_scenario(world.actor, name="Late")
    add_change(world.actor, scenario_id=made.id, kind="project.shift", project_id=job.id, days=14)
    changes = [{"op": "task.set", "task": first, "estimate_minutes": 9600}]
    add_change(world.actor, scenario_id=made.id, kind="plan.change", project_id=job.id, changes=changes)
    predicted, was = values(compared(world, made), 1), values(compared(world), 0)
    assert predicted[f"end:{job.id}"] > was[f"end:{job.id}"]  # type: ignore[operator]  # days
    apply_scenario(world.actor, scenario_id=made.id)
    assert values(compared(world), 0) == predicted
    undo(world, "insights.scenario.apply")
    assert values(compared(world), 0) == was


def job_tasks(project_id: UUID) -> list[str]:
    from quoin.projects.models import Task

    return [str(one) for one in Task.objects.filter(project=project_id).order_by("number").values_list("id", flat=True)]


def test_hires_with_bookings_come_and_go(world: World) -> None:
    ana, job = world.person(), ended(world)
    booked(world, ana, job, first=0, last=18)
    with world.inside():
        role = JobRole.objects.get(name="Consultant")
    made = create_scenario(world.actor, name="Hire 2")
    hire = add_change(
        world.actor, scenario_id=made.id, kind="person.hire", role_id=role.id, count=2, starts_on="2026-07-01",
        cost_per_hour="55", currency="EUR",
    )  # fmt: skip
    predicted, was = values(compared(world, made), 1), values(compared(world), 0)
    assert predicted["cash"] < was["cash"]  # type: ignore[operator]  # amounts
    apply_scenario(world.actor, scenario_id=made.id)
    assert values(compared(world), 0) == predicted
    with world.inside():
        assert Person.objects.filter(hired_on=date(2026, 7, 1), job_role=role).count() == 2
        assert ScenarioChange.objects.get(id=hire.id).applied_at is not None
    undo(world, "insights.scenario.apply")
    assert values(compared(world), 0) == was


def test_a_deal_is_won_and_lost_again(world: World) -> None:
    ana, job = world.person(), ended(world)
    booked(world, ana, job)
    with world.inside():
        role = JobRole.objects.get(name="Consultant")
    made = create_scenario(
        world.actor, name="Lumo",
        changes=[{
            "kind": "deal.win", "name": "Lumo rollout", "client_id": job.client_id, "starts_on": FROM, "weeks": 6,
            "price": "60000", "currency": "EUR", "team": [{"role_id": str(role.id), "percent": 50, "count": 2}],
        }],
    )  # fmt: skip
    predicted, was = values(compared(world, made), 1), values(compared(world), 0)
    assert predicted["unfilled"] == 2
    assert predicted["revenue"] == was["revenue"] + 60000  # type: ignore[operator]  # amounts
    apply_scenario(world.actor, scenario_id=made.id, as_="tentative")
    now = values(compared(world), 0)
    assert {key: now[key] for key in ("unfilled", "load", "cost")} == {
        key: predicted[key] for key in ("unfilled", "load", "cost")
    }
    undo(world, "insights.scenario.apply")
    assert values(compared(world), 0) == was


def test_people_and_rates_in_part(world: World) -> None:
    ana, bo, job = world.person(), world.person("Bo Li"), ended(world)
    first, second = booked(world, ana, job), booked(world, ana, job, first=7, last=11)
    made = create_scenario(world.actor, name="Mixed")
    keep = add_change(
        world.actor, scenario_id=made.id, kind="booking.move", booking_id=first.id, person_id=bo.id, by_days=7
    )
    add_change(world.actor, scenario_id=made.id, kind="booking.remove", booking_id=second.id)
    add_change(world.actor, scenario_id=made.id, kind="person.leave", person_id=bo.id, on="2026-06-11")
    with world.inside():
        wanted = plan_for(world.actor, scenario_for(world.actor, made.id), change_ids=[keep.id])
    assert len(wanted.steps) == 1
    apply_scenario(world.actor, scenario_id=made.id, change_ids=[keep.id], as_="firm")
    with world.inside():
        moved = Booking.objects.get(id=first.id)
        assert (moved.person_id, moved.starts_on, moved.is_firm) == (bo.id, day(7), True)
        assert Booking.objects.filter(id=second.id).exists()
        assert Scenario.objects.get(id=made.id).status == "open"
    predicted = values(compared(world, made), 1)
    apply_scenario(world.actor, scenario_id=made.id)
    assert values(compared(world), 0) == predicted


def test_rates_change_revenue_as_predicted(world: World) -> None:
    ana, job = world.person(), ended(world)
    booked(world, ana, job, first=0, last=18)
    with world.inside():
        card = next(iter(live_facts(world.actor, **_SPAN).cards))
    made = create_scenario(world.actor, name="Dearer")
    add_change(world.actor, scenario_id=made.id, kind="rate.change", card_id=card, percent="10", from_on="2026-06-08")
    predicted, was = values(compared(world, made), 1), values(compared(world), 0)
    assert predicted["revenue"] == was["revenue"] + Decimal("760.00")  # type: ignore[operator]  # amounts
    apply_scenario(world.actor, scenario_id=made.id)
    assert values(compared(world), 0) == predicted
    undo(world, "insights.scenario.apply")
    assert values(compared(world), 0) == was


def test_what_is_gone_is_said_and_left_out(world: World) -> None:
    ana, job = world.person(), ended(world)
    one, other = booked(world, ana, job), booked(world, ana, job, first=7, last=11)
    made = create_scenario(world.actor, name="Old")
    for booking in (one, other):
        add_change(world.actor, scenario_id=made.id, kind="booking.move", booking_id=booking.id, by_days=28)
    delete_bookings(world.actor, booking_ids=[one.id])
    found = compared(world, made)
    assert [(conflict.kind) for conflict in found.columns[1].conflicts] == ["gone"]
    done = apply_scenario(world.actor, scenario_id=made.id)
    assert len(done.steps) == 1
    with world.inside():
        assert Booking.objects.get(id=other.id).starts_on == day(35)


def test_what_does_not_fit_is_refused_whole(world: World) -> None:
    ana, job = world.person(), ended(world)
    booked(world, ana, job)
    made = create_scenario(world.actor, name="Too much")
    book = {"kind": "booking.add", "project_id": job.id, "starts_on": day(0), "ends_on": day(4)}
    add_change(world.actor, scenario_id=made.id, person_id=world.boss.id, **book)
    add_change(world.actor, scenario_id=made.id, person_id=ana.id, **book)
    assert values(compared(world, made), 1)["load"] == 1
    with pytest.raises(Conflict, match="Book Ana Ruiz"):
        apply_scenario(world.actor, scenario_id=made.id, as_="firm")
    with world.inside():
        assert Booking.objects.count() == 1
    apply_scenario(world.actor, scenario_id=made.id, as_="tentative")
    with world.inside():
        assert Booking.objects.filter(is_firm=False).count() == 2


def test_whose_scenario_it_is(world: World) -> None:
    other = world.person("Bo Li")
    made = create_scenario(world.actor, name="Mine")
    names = [name for name in REGISTRY if name.startswith("insights.scenario.")]
    reader = world.with_rights("insights.scenario.view", person=other)
    with world.inside():
        assert list(visible_scenarios(reader)) == []
    edit_scenario(world.actor, scenario_id=made.id, reach="shared", note="For the board")
    with world.inside():
        assert [one.name for one in visible_scenarios(reader)] == ["Mine"]
        assert not any(row.key in {"cost", "margin", "cash"} for row in compare(reader, [made]).rows)
    with pytest.raises(Forbidden):
        discard_scenario(reader, scenario_id=made.id)
    from quoin.base.actor import Scope

    own = world.with_rights("insights.scenario.view", *names, scope=Scope.OWN, person=other)
    with pytest.raises(Forbidden, match="Only its owner"):
        discard_scenario(own, scenario_id=made.id)
    comment_scenario(own, scenario_id=made.id, text="And if both?")
    with world.inside():
        assert [one.text for one in comments_of(made)] == ["And if both?"]
    discard_scenario(world.actor, scenario_id=made.id)
    with world.inside(), pytest.raises(NotFound):
        scenario_for(world.actor, made.id)
    assert reopen_scenario(world.actor, scenario_id=made.id).status == "open"


def test_changes_can_be_dropped_and_come_back(world: World) -> None:
    ana, job = world.person(), ended(world)
    one = booked(world, ana, job)
    made = create_scenario(world.actor, name="Move")
    row = add_change(world.actor, scenario_id=made.id, kind="booking.remove", booking_id=one.id)
    drop_change(world.actor, change_id=row.id)
    assert compared(world, made).differing == ()
    undo(world, "insights.scenario.drop")
    assert values(compared(world, made), 1)["cost"] == 0
    with pytest.raises(Invalid):
        create_scenario(world.actor, name="  ")
    with pytest.raises(Conflict, match="nothing to apply"):
        apply_scenario(world.actor, scenario_id=create_scenario(world.actor, name="Empty").id)


def test_preview_is_the_outcome(world: World) -> None:
    """The computation behind a column is the one that the figures of the live plan come from."""
    ana, job = world.person(), ended(world)
    booked(world, ana, job)
    found = compared(world)
    with world.inside():
        assert outcome(live_facts(world.actor, **_SPAN)) == found.columns[0].outcome
