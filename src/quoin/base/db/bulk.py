"""Statements with arrays of tens of thousands of values, sent in PostgreSQL's binary form.

Django's own cursor writes parameters into the text of the statement, which costs more than the statement itself
when they are long arrays. Placeholders are `%b`; what wraps Django's execution (tests that count) wraps this too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import psycopg
from django.db import DatabaseError, connection
from django.db.models import Model

from quoin.base.db.context import current_tenant
from quoin.base.db.statistics import refresh_grown


def execute_arrays(sql: str, parameters: Sequence[Any]) -> int:
    """Run the statement in the current transaction; returns how many rows it touched."""
    with _cursor() as cursor:
        _run(cursor, sql, parameters)
        return cursor.rowcount


def fetch_arrays(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run the query in the current transaction; returns its rows."""
    with _cursor() as cursor:
        _run(cursor, sql, parameters)
        return cursor.fetchall()


def insert_columns(model: type[Model], columns: Mapping[str, Sequence[Any]]) -> int:
    """Insert rows given column by column, all of one length; columns that are not given get the model's defaults.

    The values go to the database as they are: it judges them, and no model instance is made for a row. After
    thousands of rows the planner knows of them, so that reading them back in the same transaction is quick.
    """
    count = len(next(iter(columns.values())))
    if not count:
        return 0
    types = _types(model)
    shared = {name: default() for name, (_, default) in types.items() if name not in columns}
    given = ", ".join(f"%b::{types[name][0]}[]" for name in columns)
    fixed = "".join(f", %b::{types[name][0]}" for name in shared)
    listed = ", ".join(f'"{name}"' for name in (*columns, *shared))
    table = model._meta.db_table
    sql = f'INSERT INTO "{table}" ({listed}) SELECT u.*{fixed} FROM unnest({given}) AS u'
    written = execute_arrays(sql, [*shared.values(), *columns.values()])
    refresh_grown(table, written)
    return written


def update_columns(model: type[Model], ids: Sequence[Any], columns: Mapping[str, Sequence[Any]]) -> int:
    """Give the rows of the current tenant new values, column by column in the order of the ids, in one statement."""
    if not ids or not columns:
        return 0
    types = _types(model)
    table, names = model._meta.db_table, list(columns)
    sets = ", ".join(f'"{name}" = u."{name}"' for name in names)
    given = ", ".join(f"%b::{types[name][0]}[]" for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    sql = (
        f'UPDATE "{table}" AS t SET {sets} FROM unnest(%b::uuid[], {given}) AS u (id, {listed})'
        " WHERE t.tenant_id = %b AND t.id = u.id"
    )
    return execute_arrays(sql, [list(ids), *columns.values(), current_tenant()])


def update_in_order(rows: Sequence[Model]) -> None:
    """Save all columns of rows of one table, one after the other in this order, without waiting for each answer.

    For tables whose rows are judged by the row before them; where order means nothing, `update_columns` is quicker.
    """
    if not rows:
        return
    columns = [field for field in type(rows[0])._meta.concrete_fields if not field.primary_key]
    sets = ", ".join(f'"{field.column}" = %s' for field in columns)
    sql = f'UPDATE "{type(rows[0])._meta.db_table}" SET {sets} WHERE tenant_id = %s AND id = %s'
    tenant_id = current_tenant()
    values = [
        [*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in columns), tenant_id, row.pk]
        for row in rows
    ]
    with _cursor() as cursor:
        _wrapped(lambda: cursor.executemany(sql, values), cursor, sql, values, is_many=True)
        if cursor.rowcount != len(rows):
            raise DatabaseError(f"{len(rows) - cursor.rowcount} of {len(rows)} rows to be saved are not there")


@cache
def _types(model: type[Model]) -> dict[str, tuple[str, Any]]:
    """Type and default of each column; without a length, so that the database refuses a text that is too long."""
    return {
        str(field.column): (str(field.db_type(connection)).partition("(")[0], field.get_default)
        for field in model._meta.concrete_fields
    }


def _cursor() -> psycopg.Cursor[tuple[Any, ...]]:
    connection.ensure_connection()
    raw: Any = connection.connection
    return psycopg.Cursor(raw)


def _run(cursor: psycopg.Cursor[tuple[Any, ...]], sql: str, parameters: Sequence[Any]) -> None:
    _wrapped(lambda: cursor.execute(sql, parameters, binary=True), cursor, sql, parameters)


def _wrapped(
    send: Callable[[], object], cursor: psycopg.Cursor[Any], sql: str, parameters: Any, *, is_many: bool = False
) -> None:
    """Send with Django's errors, and inside of what wraps its statements."""

    def execute(_sql: Any, _parameters: Any, _many: bool, _context: Any) -> None:
        with connection.wrap_database_errors:
            send()

    run: Any = execute
    for wrapper in reversed(connection.execute_wrappers):
        run = partial(wrapper, run)
    run(sql, parameters, is_many, {"connection": connection, "cursor": cursor})
