"""Taking the demo company away again: the one place that deletes what is otherwise never deleted.

Books, issued documents and the audit trail refuse every change, by triggers. Only the owner of the tables may set
those aside; it does so for one transaction, for the rows of a tenant that is marked as a demo, and for nothing else.
"""

from __future__ import annotations

from uuid import UUID

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from quoin.accounts.queries.standing import tenant_ids
from quoin.kernel.errors import NotFound

_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY c.relname
"""
_KEYS = """
SELECT k.conrelid::regclass::text, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k
JOIN pg_class c ON c.oid = k.confrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype = 'f' AND n.nspname = 'public' AND k.confrelid = ANY(%s::regclass[])
"""
_USERS = "SELECT key FROM accounts_door WHERE kind = 'user' GROUP BY key HAVING bool_and(tenant_id = %s)"
_LINKS = """
SELECT k.conrelid::regclass::text, a.attname FROM pg_constraint k
JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
WHERE k.contype = 'f' AND k.confrelid = %s::regclass AND cardinality(k.conkey) = 1
"""


def demo_tenants() -> list[UUID]:
    """The tenants of this instance that are marked as a demo."""
    found = []
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for tenant_id in tenant_ids():
            _enter(cursor, tenant_id)
            if _is_demo(cursor, tenant_id):
                found.append(tenant_id)
    return found


def remove() -> int:
    """Delete every row of the demo tenants and the users who belong to no other; returns how many rows.

    Raises NotFound where there is no demo.
    """
    tenants = demo_tenants()
    if not tenants:
        raise NotFound("There is no demo company here.")
    return sum(remove_tenant(tenant_id) for tenant_id in tenants)


def remove_tenant(tenant_id: UUID) -> int:
    """Delete every row of one demo tenant; NotFound for any other tenant, whose rows nobody may delete."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        _enter(cursor, tenant_id)
        if not _is_demo(cursor, tenant_id):
            raise NotFound("This firm is no demo; its books stay.")
        cursor.execute(_TABLES)
        tables = [row[0] for row in cursor.fetchall()]
        cursor.execute(_USERS, [tenant_id])
        users = [row[0] for row in cursor.fetchall()]
        # Without an index behind it, a foreign key would look through a whole table for each deleted row.
        cursor.execute(_KEYS, [tables])
        keys = cursor.fetchall()
        for table, name, _ in keys:
            _run(cursor, "ALTER TABLE {} DROP CONSTRAINT {}", table, name)
        for table in tables:
            _run(cursor, "ALTER TABLE {} DISABLE TRIGGER USER", table)
        count = sum(_delete(cursor, table, "tenant_id", [tenant_id]) for table in tables)
        count += _delete(cursor, "accounts_tenant", "id", [tenant_id])
        for table in tables:
            _run(cursor, "ALTER TABLE {} ENABLE TRIGGER USER", table)
        for table, name, definition in keys:
            add = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} ").format(sql.Identifier(table), sql.Identifier(name))
            cursor.execute(add + sql.SQL(definition))
        return count + _delete_users(cursor, users)


def _delete_users(cursor: CursorWrapper, users: list[str]) -> int:
    cursor.execute(_LINKS, ["accounts_user"])
    count = sum(_delete(cursor, table, column, users) for table, column in cursor.fetchall() if table not in _KEPT)
    return count + _delete(cursor, "accounts_user", "id", users)


_KEPT = frozenset({"accounts_membership", "people_person"})
"""Rows of other tenants never point at these users, and those of this one are gone."""


def _delete(cursor: CursorWrapper, table: str, column: str, values: list[UUID] | list[str]) -> int:
    statement = sql.SQL("DELETE FROM {} WHERE {} = ANY(%s::uuid[])").format(
        sql.Identifier(table), sql.Identifier(column)
    )
    cursor.execute(statement, [values])
    return int(cursor.rowcount)


def _run(cursor: CursorWrapper, statement: str, *names: str) -> None:
    cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _enter(cursor: CursorWrapper, tenant_id: UUID) -> None:
    cursor.execute("SELECT set_config('quoin.tenant_id', %s, true)", [str(tenant_id)])


def _is_demo(cursor: CursorWrapper, tenant_id: UUID) -> bool:
    cursor.execute("SELECT is_demo FROM accounts_tenant WHERE id = %s", [tenant_id])
    row = cursor.fetchone()
    return bool(row and row[0])
