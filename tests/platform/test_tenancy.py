"""The database keeps tenants apart and keeps a trail, whoever writes."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from quoin.base.audit.models import AuditAction, AuditChange
from quoin.base.db.context import NoTenant
from quoin.kernel.errors import Conflict
from quoin.people.models import Person, Team
from tests.make import World, new_world


def test_rows_of_another_tenant_are_not_seen(world: World) -> None:
    other = new_world()
    stranger = other.person("Stranger")

    with world.inside():
        assert not Person.objects.filter(id=stranger.id).exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM people_person WHERE id = %s", [stranger.id])
            assert cursor.fetchone() == (0,)


def test_pointing_at_another_tenants_row_is_refused(world: World) -> None:
    other = new_world()

    with pytest.raises(Conflict):
        world.do(lambda: Person.objects.create(name="X", entity_id=other.entity.id))


def test_reading_without_a_tenant_raises_and_shows_no_row() -> None:
    with pytest.raises(NoTenant):
        list(Person.objects.all())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_person")
        assert cursor.fetchone() == (0,)


def test_writing_outside_an_action_is_refused(world: World) -> None:
    with pytest.raises(DatabaseError), world.inside():
        Team.objects.create(name="No action")


def test_action_writes_intent_and_changes(world: World) -> None:
    team = world.do(lambda: Team.objects.create(name="Delivery"))
    world.do(lambda: Team.objects.filter(id=team.id).update(name="Build"))

    with world.inside():
        changes = list(AuditChange.objects.filter(tenant_id=world.tenant_id, row_id=team.id).order_by("id"))
        names = set(AuditAction.objects.filter(id__in=[c.action_id for c in changes]).values_list("name", flat=True))
    assert [(c.operation, c.before, c.after and c.after["name"]) for c in changes] == [
        ("I", None, "Delivery"),
        ("U", {"name": "Delivery"}, "Build"),
    ]
    assert names == {"tests.world.change"}


def test_the_trail_cannot_be_changed(world: World) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), world.inside(), connection.cursor() as cursor:
        cursor.execute("UPDATE base_auditaction SET name = 'x'")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE base_auditaction")
