"""The change trail of one statement is the same, whether it changes a few rows or many."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from quoin.base.audit.models import AuditChange
from quoin.kernel.ids import uuid7s
from quoin.people.models import Person
from tests.make import World

# Of each four people: one changes in two columns, one in a column that was empty, one is written again as it was.
_CHANGE = (
    "UPDATE people_person SET name = CASE WHEN u.place %% 4 = 0 THEN name || ' \"II\"' ELSE name END,"
    " email = CASE WHEN u.place %% 4 = 0 THEN '' ELSE email END,"
    " left_on = CASE WHEN u.place %% 4 = 1 THEN DATE '2026-05-31' ELSE left_on END"
    " FROM unnest(%s::uuid[], %s::int[]) AS u (key, place) WHERE tenant_id = %s AND id = u.key"
)


def _people(world: World, count: int) -> list[UUID]:
    ids = uuid7s(count)
    world.do(
        lambda: Person.objects.bulk_create(
            [
                Person(id=key, name=f"P'{place}", email=f"p{place}@firm.example", entity_id=world.entity.id,
                       hired_on=date(2025, 1, 1))
                for place, key in enumerate(ids)
            ]
        )
    )  # fmt: skip
    return ids


def _changes(world: World, ids: list[UUID]) -> dict[int, tuple[Any, Any]]:
    with world.inside():
        rows = AuditChange.objects.filter(tenant_id=world.tenant_id, row_id__in=ids, operation="U")
        found = [(ids.index(row.row_id), row.before, row.after) for row in rows]
    assert len({place for place, _, _ in found}) == len(found)
    return {place: (before, after) for place, before, after in found}


@pytest.mark.parametrize("count", [1, 100, 101, 240])
def test_each_changed_row_keeps_exactly_the_columns_that_differ(world: World, count: int) -> None:
    ids = _people(world, count)

    def change() -> None:
        with connection.cursor() as cursor:
            cursor.execute(_CHANGE, [ids, list(range(count)), world.tenant_id])

    world.do(change)

    expected: dict[int, tuple[Any, Any]] = {}
    for place in range(count):
        name, email = f"P'{place}", f"p{place}@firm.example"
        if place % 4 == 0:
            expected[place] = ({"name": name, "email": email}, {"name": f'{name} "II"', "email": ""})
        elif place % 4 == 1:
            expected[place] = ({"left_on": None}, {"left_on": "2026-05-31"})
    assert _changes(world, ids) == expected


def test_many_rows_written_as_they_were_leave_no_trail(world: World) -> None:
    ids = _people(world, 150)

    world.do(lambda: Person.objects.filter(id__in=ids).update(hired_on=date(2025, 1, 1)))

    assert _changes(world, ids) == {}


def test_many_rows_are_not_changed_outside_an_action(world: World) -> None:
    ids = _people(world, 150)

    with pytest.raises(DatabaseError), world.inside():
        Person.objects.filter(id__in=ids).update(hired_on=date(2025, 2, 1))

    with world.inside():
        assert Person.objects.filter(id__in=ids, hired_on=date(2025, 2, 1)).count() == 0
