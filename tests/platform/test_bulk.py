"""Rows written by the thousand: what the planner knows of them within the same transaction."""

import pytest
from django.db import DatabaseError, connection

from quoin.base.db.bulk import insert_columns, update_in_order
from quoin.base.db.statistics import MANY
from quoin.clients.actions import create_client
from quoin.kernel.ids import uuid7s
from quoin.projects.actions import create_project
from quoin.projects.models import Task
from tests.make import World


def test_rows_inserted_in_bulk_are_known_to_the_planner(world: World) -> None:
    client = create_client(world.actor, name="Fjord AS", country="DE", currency="EUR")
    project = create_project(world.actor, name="Fjord ERP", client_id=client.id)
    numbers = list(range(1, MANY + 1))

    def known() -> float:
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'projects_task'::regclass")
            return float(cursor.fetchone()[0])

    def write() -> tuple[int, float]:
        columns = {
            "id": uuid7s(MANY), "project_id": [project.id] * MANY, "name": ["Task"] * MANY,
            "number": numbers, "position": numbers,
        }  # fmt: skip
        return insert_columns(Task, columns), known()

    written, seen = world.do(write)

    assert written == MANY
    assert seen >= MANY


def test_rows_saved_in_order_are_all_there_or_none_is(world: World) -> None:
    client = create_client(world.actor, name="Fjord AS", country="DE", currency="EUR")
    project = create_project(world.actor, name="Fjord ERP", client_id=client.id)

    def made() -> list[Task]:
        rows = [Task(project=project, name=name, number=place, position=place) for place, name in enumerate("abc", 1)]
        Task.objects.bulk_create(rows[:2])
        return rows

    tasks = world.do(made)
    for task in tasks:
        task.name = task.name.upper()

    world.do(lambda: update_in_order(tasks[:2]))
    with pytest.raises(DatabaseError, match="1 of 3 rows"):
        world.do(lambda: update_in_order(tasks))

    with world.inside():
        found = Task.objects.filter(project=project, number__in=[1, 2, 3]).order_by("number")
        assert list(found.values_list("name", flat=True)) == ["A", "B"]
