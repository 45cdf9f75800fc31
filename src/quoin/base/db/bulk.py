"""Statements with arrays of tens of thousands of values, sent in PostgreSQL's binary form.

Django's own cursor writes parameters into the text of the statement, which costs more than the statement itself
when they are long arrays. Placeholders are `%b`; what wraps Django's execution (tests that count) wraps this too.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import psycopg
from django.db import connection


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


def _cursor() -> psycopg.Cursor[tuple[Any, ...]]:
    connection.ensure_connection()
    raw: Any = connection.connection
    return psycopg.Cursor(raw)


def _run(cursor: psycopg.Cursor[tuple[Any, ...]], sql: str, parameters: Sequence[Any]) -> None:
    def execute(sql: Any, parameters: Any, _many: bool, _context: Any) -> None:
        with connection.wrap_database_errors:
            cursor.execute(sql, parameters, binary=True)

    run: Any = execute
    for wrapper in reversed(connection.execute_wrappers):
        run = partial(wrapper, run)
    run(sql, parameters, False, {"connection": connection, "cursor": cursor})
