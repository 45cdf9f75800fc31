"""The log of a project: rated, answered, come true; each step kept, and only for who may."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from quoin.base.actor import Scope
from quoin.base.audit.models import AuditAction
from quoin.base.figures import Parameters, lines_of, value_of
from quoin.governance.actions.raid import create_raid, edit_raid, step_raid, turn_raid, unturn_raid
from quoin.governance.models import RaidItem, RaidState
from quoin.governance.queries import raid_for, visible_raid
from quoin.governance.queries.raid import rated, suggestions
from quoin.governance.types import WrongState
from quoin.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from quoin.kernel.money import Money
from tests.make import World
from tests.make.governance import Job, job


@pytest.fixture
def held(world: World) -> Job:
    return job(world)


def test_exposure_is_the_sum_of_its_risks_and_opens_them(world: World, held: Job) -> None:
    asked = Parameters(project_id=held.project.id)
    for title, probability, cost in (
        ("Late data", 4, "8000.00"),
        ("No key user", 2, "1000.01"),
        ("Old server", 5, None),
    ):
        create_raid(
            world.actor, project_id=held.project.id, title=title, probability=probability, impact=3, impact_amount=cost
        )
    closed = create_raid(world.actor, project_id=held.project.id, title="Gone", impact_amount="99999")
    step_raid(world.actor, raid_id=closed.id, status="closed", note="Solved")
    create_raid(world.actor, project_id=held.project.id, title="An issue", kind="issue", impact_amount="5000")
    with world.inside():
        assert value_of(world.actor, "risk.exposure", asked).sums == {"EUR": Decimal("5900.00")}
        lines = lines_of(world.actor, "risk.exposure", asked).page().lines
        assert [(line.value, line.label) for line in lines] == [
            (Decimal("5600.00"), "Late data · 70%"), (Decimal("300.00"), "No key user · 30%"),
        ]  # fmt: skip
        assert value_of(world.actor, "risk.open", asked).single() == 3


def test_each_rating_is_kept_and_its_drift_is_told(world: World, held: Job) -> None:
    risk = create_raid(
        world.actor, project_id=held.project.id, title="Late data", probability=2, impact=4, impact_amount=100
    )
    edit_raid(world.actor, raid_id=risk.id, title="Very late data")
    edit_raid(world.actor, raid_id=risk.id, probability=4, note="Nothing came")
    with world.inside():
        (one,) = rated([raid_for(world.actor, risk.id)])
        assert (one.score, one.severity, one.expected) == (16, "high", Money(Decimal("70.00"), "EUR"))
        assert (one.drift.direction, one.drift.score, one.drift.amount) == ("up", 8, Money(Decimal("40.00"), "EUR"))
        assert list(RaidState.objects.order_by("at", "id").values_list("probability", "note")) == [
            (2, ""), (4, "Nothing came"),
        ]  # fmt: skip
        undo = AuditAction.objects.filter(name="governance.raid.edit").latest("at", "id").undo
    edit_raid(world.actor, **undo["arguments"])
    with world.inside():
        assert RaidItem.objects.get(id=risk.id).probability == 2
    with pytest.raises(Conflict):
        world.do(lambda: RaidState.objects.update(note="never"))


def test_a_risk_that_comes_true_is_an_issue_and_back(world: World, held: Job) -> None:
    risk = create_raid(
        world.actor, project_id=held.project.id, title="Crane late", impact_days=9, task_id=held.golive.id,
        owner_id=held.ana.id, impact_amount="21000", due_on="2026-06-01",
    )  # fmt: skip
    issue = turn_raid(world.actor, raid_id=risk.id, note="Told on Monday")
    assert (issue.kind, issue.status, issue.source_id, issue.impact_days, issue.owner_id, issue.due_on) == (
        "issue", "open", risk.id, 9, held.ana.id, date(2026, 6, 1),
    )  # fmt: skip
    with pytest.raises(WrongState):
        turn_raid(world.actor, raid_id=risk.id)
    with world.inside():
        assert raid_for(world.actor, risk.id).status == "came_true"
        undo = AuditAction.objects.get(name="governance.raid.turn").undo
    assert undo["action"] == "governance.raid.unturn"
    assert unturn_raid(world.actor, **undo["arguments"]).status == "open"
    with world.inside():
        assert RaidItem.objects.get(id=issue.id).status == "closed"
    with pytest.raises(WrongState, match="did not come true"):
        unturn_raid(world.actor, raid_id=risk.id)
    assert turn_raid(world.actor, raid_id=risk.id).id == issue.id


def test_steps_are_undone_and_impossible_ones_refused(world: World, held: Job) -> None:
    risk = create_raid(world.actor, project_id=held.project.id, title="Late data")
    step_raid(world.actor, raid_id=risk.id, status="accepted")
    with world.inside():
        undo = AuditAction.objects.get(name="governance.raid.step").undo
    assert step_raid(world.actor, **undo["arguments"]).status == "open"
    for status in ("open", "came_true"):
        with pytest.raises(WrongState):
            step_raid(world.actor, raid_id=risk.id, status=status)
    with pytest.raises(Invalid):
        step_raid(world.actor, raid_id=risk.id, status="sideways")
    decision = create_raid(world.actor, project_id=held.project.id, title="No history", kind="decision")
    with pytest.raises(WrongState):
        turn_raid(world.actor, raid_id=decision.id)


@pytest.mark.parametrize(
    "fields",
    [
        {"title": " "}, {"kind": "wish"}, {"probability": 6}, {"impact": 0}, {"impact_amount": "1.005"},
        {"impact_amount": "much"}, {"impact_amount": "-1"}, {"impact_days": -1}, {"color": "red"},
        {"task_id": "01a20800-9548-7af4-85be-219a91be7e98"}, {"owner_id": "01a20800-9548-7af4-85be-219a91be7e98"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    world: World, held: Job, fields: dict[str, object]
) -> None:
    with pytest.raises(Invalid):
        create_raid(world.actor, **{"project_id": held.project.id, "title": "Late data", **fields})
    with world.inside():
        assert not RaidItem.objects.exists()


def test_only_the_manager_writes_and_only_members_see(world: World, held: Job) -> None:
    risk = create_raid(world.actor, project_id=held.project.id, title="Late data")
    rights = ("governance.raid.view", "governance.raid.step", "projects.project.view")
    member = world.with_rights(*rights, scope=Scope.OWN, person=held.ana)
    outsider = world.with_rights(*rights, scope=Scope.OWN, person=world.person("Ben Okoro"))
    with world.inside():
        assert visible_raid(member).count() == 1
        assert visible_raid(outsider).count() == 0
        assert visible_raid(world.with_rights("projects.project.view")).count() == 0
    with pytest.raises(Forbidden):
        step_raid(member, raid_id=risk.id, status="closed")
    with pytest.raises(NotFound):
        step_raid(outsider, raid_id=risk.id, status="closed")


def test_a_new_project_is_offered_three_risks_that_fit_it(world: World, held: Job) -> None:
    with world.inside():
        found = suggestions(held.project)
    assert [one.key for one in found] == ["estimate", "scope", "client"]
    other = job(world, kind="time_and_materials")
    with world.inside():
        assert [one.key for one in suggestions(other.project)] == ["client", "people", "scope"]
