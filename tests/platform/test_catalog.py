"""The catalog of the database itself: every table is fenced, and what is not says why."""

import pytest
from django.apps import apps
from django.db import connection

from quoin.compliance.queries.checks import run_checks
from tests.make import World


def test_the_catalog_keeps_tenants_apart(world: World) -> None:
    with world.inside(read_only=True):
        checks = {check.number: check for check in run_checks(world.actor)}

    assert {number: checks[number].rows for number in ("02", "07", "42", "46")} == dict.fromkeys(
        ("02", "07", "42", "46"), ()
    )


def test_every_model_is_a_tenants_or_on_the_short_list() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM audit_check.global_table")
        global_tables = {row[0] for row in cursor.fetchall()}
    ours = {model._meta.db_table: model for model in apps.get_models() if model.__module__.startswith("quoin.")}

    without_tenant = {table for table, model in ours.items() if "tenant_id" not in {f.name for f in model._meta.fields}}

    assert without_tenant <= global_tables
    assert "accounts_door" in global_tables  # It names its tenant, but is asked before one is known.


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("ALTER TABLE people_team NO FORCE ROW LEVEL SECURITY", "46"),
        ("CREATE INDEX seeded_fault ON people_team (name)", "46"),
        ("ALTER TABLE people_team ADD COLUMN seeded_fault double precision", "07"),
        ("ALTER TABLE ledger_journal DISABLE TRIGGER ledger_journal_append_only", "02"),
        ("ALTER TABLE people_team DISABLE TRIGGER people_team_trail_update", "42"),
    ],
)
def test_a_seeded_fault_is_found(world: World, statement: str, rule: str) -> None:
    from django.db import connections, transaction

    owner = connections["owner"]
    with transaction.atomic(using="owner"), owner.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute(f"SELECT count(*) FROM audit_check.inv_{rule}")
        found = cursor.fetchone()[0]
        transaction.set_rollback(True, using="owner")

    assert found == 1
