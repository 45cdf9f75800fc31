"""The foot of the skills matrix, who has a skill and who asks for it, and a person's tabs."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.base.actor import Scope
from quoin.insights.queries.person import history_of, months_of, sees_time, work_of
from quoin.people.actions.skills import create_skill, state_skill
from quoin.people.queries.skill_gaps import feet, wanted_by_skill
from quoin.people.queries.skills import matrix
from quoin.people.rules.gaps import missing
from quoin.projects.actions import create_project, set_member
from quoin.resourcing.actions.demands import create_demand
from tests.make.api import api
from tests.make.cli import quoin
from tests.make.resourcing import project
from tests.make.web import signed_in
from tests.make.world import World

LEVELS = st.lists(st.integers(0, 5), max_size=5)


@given(LEVELS, LEVELS)
def test_missing_is_the_least_that_stays_open_in_any_seating(levels: list[int], wanted: list[int]) -> None:
    seats = [*levels, *([-1] * max(len(wanted) - len(levels), 0))]

    # Independent of the code: try every way to seat people on demands.
    least = min(
        (sum(have < want for have, want in zip(way, wanted, strict=False)) for way in permutations(seats, len(wanted))),
        default=0,
    )
    assert missing(levels, wanted) == least


def test_the_foot_counts_levels_holders_and_demand(world: World) -> None:
    ana, bo, job = world.person(), world.person("Bo Li"), project(world)
    skill = create_skill(world.actor, name="SAP")
    state_skill(world.actor, person_id=ana.id, skill_id=skill.id, level=4)
    state_skill(world.actor, person_id=bo.id, skill_id=skill.id, level=2)
    for level in (3, 3, 1):
        create_demand(
            world.actor, project_id=job.id, title=f"Level {level}", starts_on=world.actor.today,
            ends_on=world.actor.today + timedelta(days=400), percent=50,
            skills=[{"skill_id": str(skill.id), "level": level, "is_must": True}],
        )  # fmt: skip

    with world.inside(read_only=True):
        [foot] = feet(world.actor, *matrix(world.actor))
        asked = wanted_by_skill(world.actor)[skill.id]

    assert (foot.by_level, foot.able, foot.wanted, foot.missing) == ((0, 1, 0, 1, 0), 1, 3, 1)
    assert [one.level for one in asked] == [3, 3, 1]
    page = signed_in(world).get("/skills").content.decode()
    assert "Wanted, next quarter" in page
    drawer = signed_in(world).get(f"/skills/{skill.public_id}/people").content.decode()
    assert "Ana Ruiz" in drawer
    assert asked[0].url in drawer
    [told] = api(world).get("/skill-gaps").body["data"]
    assert (told["wanted"], told["missing"], told["by_level"]) == (3, 1, [0, 1, 0, 1, 0])
    assert quoin(world, "skill", "gaps")[0]["missing"] == 1


def test_who_may_not_see_requests_sees_no_demand(world: World) -> None:
    create_skill(world.actor, name="SAP")
    reader = world.with_rights("people.skill.view", "people.person.view")

    with world.inside(read_only=True):
        assert wanted_by_skill(reader) == {}


@pytest.mark.parametrize("tab", ["time", "rates", "history"])
def test_a_tab_of_a_person_opens_for_those_who_see_the_person(world: World, tab: str) -> None:
    ana, job = world.person(), project(world)
    set_member(world.actor, project_id=job.id, person_id=ana.id)

    assert signed_in(world).get(f"/people/{ana.public_id}/{tab}").status_code == 200


def test_projects_out_of_sight_are_counted_and_not_named(world: World) -> None:
    ana, bo = world.person(), world.person("Bo Li")
    near = project(world)
    far = create_project(world.actor, name="Far", client_id=near.client_id)
    for job in (near, far):
        set_member(world.actor, project_id=job.id, person_id=ana.id)
    set_member(world.actor, project_id=near.id, person_id=bo.id)
    rights = ("people.person.view", "projects.project.view", "timesheets.time.view")
    reader = world.with_rights(*rights, scope=Scope.OWN, person=bo)

    with world.inside(read_only=True):
        lines = history_of(reader, ana)
        assert [(one.project.id if one.project else None, one.count) for one in lines] == [(near.id, 1), (None, 1)]
        assert not sees_time(reader, ana)
        assert {one.minutes for one in lines} == {0}
        assert [one.minutes for one in months_of(reader, ana)] == [0] * 6
        assert work_of(reader, ana) == []
    told = api(world).get(f"/people/{ana.public_id}/history").body["data"]
    assert {row["project_id"] for row in told} == {near.public_id, far.public_id}
    assert len(quoin(world, "figures", "person", "Ana Ruiz")) == 2
