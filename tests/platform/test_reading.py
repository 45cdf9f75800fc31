"""What an answer has read is kept for that answer and that reader alone, and never while something may be written."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from quoin.base.actor import Actor
from quoin.base.db.context import tenant_transaction
from quoin.base.db.reading import once
from quoin.kernel.errors import NotFound
from quoin.projects.models import Project
from quoin.projects.queries import project_for
from tests.make import World, money, new_world


class Asked:
    """A read that notes who asked for what."""

    def __init__(self) -> None:
        self.seen: list[tuple[UUID, int]] = []
        self.read = once(self._read)

    def _read(self, actor: Actor, number: int) -> int:
        self.seen.append((actor.tenant_id, number))
        if number < 0:
            raise NotFound("There is no such number.")
        return number


def test_the_same_question_is_read_once_in_an_answer(world: World) -> None:
    asked = Asked()

    with world.inside(read_only=True):
        found = [asked.read(world.actor, number) for number in (1, 2, 1, 2)]

    assert found == [1, 2, 1, 2]
    assert [number for _tenant, number in asked.seen] == [1, 2]


def test_the_next_answer_reads_again(world: World) -> None:
    asked = Asked()

    for _ in range(2):
        with world.inside(read_only=True):
            asked.read(world.actor, 1)

    assert len(asked.seen) == 2


def test_where_something_may_be_written_each_question_is_read(world: World) -> None:
    asked = Asked()

    with world.inside():
        asked.read(world.actor, 1)
        with tenant_transaction(world.actor, read_only=True):
            asked.read(world.actor, 1)
            asked.read(world.actor, 1)
    asked.read(world.actor, 1)

    assert len(asked.seen) == 4


def test_another_reader_in_the_same_answer_reads_for_themselves(world: World) -> None:
    asked = Asked()

    with world.inside(read_only=True):
        asked.read(world.actor, 1)
        asked.read(replace(world.actor, grants={}), 1)

    assert len(asked.seen) == 2


def test_another_tenant_reads_for_itself(world: World) -> None:
    asked, other = Asked(), new_world()

    for one in (world, other):
        with one.inside(read_only=True):
            asked.read(one.actor, 1)

    assert [tenant for tenant, _number in asked.seen] == [world.tenant_id, other.tenant_id]


def test_what_was_not_found_is_asked_again(world: World) -> None:
    asked = Asked()

    with world.inside(read_only=True):
        for _ in range(2):
            with pytest.raises(NotFound):
                asked.read(world.actor, -1)

    assert len(asked.seen) == 2


def test_a_project_is_read_as_it_is_after_each_change(world: World) -> None:
    client = money.client(world)
    project = money.project(world, of=client)
    with world.inside():
        before = project_for(world.actor, project.id).health
        world.do(lambda: Project.objects.filter(id=project.id).update(health="off_track"))
        after = project_for(world.actor, project.id).health
    with world.inside(read_only=True):
        later = project_for(world.actor, project.id).health

    assert before != "off_track"
    assert after == later == "off_track"
