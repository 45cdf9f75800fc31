"""Removing a demo takes every row of it, and nothing of anybody else."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection

from quoin.accounts.actions import NewTenant, create_tenant, new_user
from quoin.accounts.models import User
from quoin.base.audit.models import AuditAction
from quoin.base.db.context import tenant_transaction
from quoin.kernel.errors import NotFound
from quoin.kernel.ids import uuid7
from quoin.people.models import Person
from quoin.site.demo.remove import demo_tenants, remove_tenant

NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)


def _demo() -> tuple[UUID, User]:
    user = new_user(f"{uuid7().hex}@halden.example", "Ada Demo", None)
    new = NewTenant(name="Demo", slug=f"d{uuid7().hex[-12:]}", is_demo=True)
    return create_tenant(new, now=NOW, administrator=user).tenant_id, user


def test_remove_tenant_demo_leaves_no_row_and_no_user() -> None:
    tenant_id, user = _demo()
    assert tenant_id in demo_tenants()

    assert remove_tenant(tenant_id) > 5

    assert tenant_id not in demo_tenants()
    assert not User.objects.filter(id=user.id).exists()


def test_remove_tenant_demo_keeps_other_firms_and_their_triggers(world) -> None:
    world.person()
    tenant_id, _ = _demo()

    remove_tenant(tenant_id)

    with world.inside():
        assert Person.objects.count() == 2
        assert AuditAction.objects.count() > 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D'")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated")
        assert cursor.fetchone() == (0,)


def test_remove_tenant_real_firm_is_refused_and_changes_nothing(world) -> None:
    with pytest.raises(NotFound):
        remove_tenant(world.tenant_id)

    with tenant_transaction(world.actor, read_only=True):
        assert Person.objects.count() == 1
