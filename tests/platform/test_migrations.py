"""Databases of older versions are carried on or refused, and models that are rendered once are what Django renders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections, models, transaction
from django.db.migrations.loader import MigrationLoader

from quoin.base.db import migrating
from quoin.base.db.history import UnfinishedDatabase, carry_on
from quoin.base.db.tenancy import Reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

_CONSTRAINTS = "SELECT conname::text FROM pg_constraint WHERE conrelid = 'base_right'::regclass"
_TRIGGERS = "SELECT tgname::text FROM pg_trigger WHERE tgrelid = 'base_right'::regclass AND NOT tgisinternal"


@pytest.fixture
def owner() -> Iterator[BaseDatabaseWrapper]:
    """The owner's connection in a transaction that leaves nothing behind."""
    with transaction.atomic(using="owner"):
        yield connections["owner"]
        transaction.set_rollback(True, using="owner")


def _found(owner: BaseDatabaseWrapper, query: str) -> set[Any]:
    with owner.cursor() as cursor:
        cursor.execute(query)
        return {row if len(row) > 1 else row[0] for row in cursor.fetchall()}


def _forget(owner: BaseDatabaseWrapper, *names: tuple[str, str]) -> None:
    with owner.cursor() as cursor:
        cursor.executemany("DELETE FROM django_migrations WHERE app = %s AND name = %s", names)


def test_a_database_of_an_older_version_is_carried_on_without_a_change(owner: BaseDatabaseWrapper) -> None:
    recorded = _found(owner, "SELECT app, name FROM django_migrations")
    _forget(owner, *MigrationLoader(None).replacements)

    executor = carry_on(owner)

    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert _found(owner, "SELECT app, name FROM django_migrations") == recorded


def test_a_database_that_was_left_in_the_middle_is_refused(owner: BaseDatabaseWrapper) -> None:
    _forget(owner, *MigrationLoader(None).replacements, ("projects", "0012_gates_due_and_files"))

    with pytest.raises(UnfinishedDatabase, match=r"lacks 1 of its migrations, first projects\.0012_gates"):
        carry_on(owner)


class _Made(migrating.Migration):
    operations = (
        migrating.tenant_model("base", "Left", [("name", models.TextField())]),
        migrating.tenant_model(
            "base", "Right", [("left", Reference("base.left")), ("file", Reference("base.storedfile", null=True))]
        ),
    )


def test_tables_of_a_migration_are_rendered_with_what_they_point_at(owner: BaseDatabaseWrapper) -> None:
    state = MigrationLoader(owner).project_state()
    before = state.apps.get_model("base", "storedfile")

    with owner.schema_editor(atomic=False) as editor:
        state = _Made("9999_made", "base").apply(state, editor)

    left, right, stored = (state.apps.get_model("base", name) for name in ("left", "right", "storedfile"))
    assert stored is before
    assert right._meta.get_field("left").related_model is left
    pointing = {one.related_model for one in stored._meta.get_fields(include_hidden=True) if one.auto_created}
    assert right in pointing
    assert {"base_right_pkey", "base_right_left_fk", "base_right_file_fk"} <= _found(owner, _CONSTRAINTS)
    assert _found(owner, _TRIGGERS) == {f"base_right_trail_{kind}" for kind in ("insert", "update", "delete")}
