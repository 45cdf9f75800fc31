"""The hottest statements: PostgreSQL parses and plans them once per connection, not once per request.

Values travel beside the text, so the text must be the same every time and arrays are written `= ANY(%s)`.
Behind a pooler that cannot keep prepared statements (`QUOIN_PREPARE=0`) a statement is only sent, not kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor
from typing_extensions import override

Rows = list[tuple[Any, ...]]


class _Prepared(Cursor[tuple[Any, ...]]):
    @override
    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        return super().execute(query, params, prepare=True, **options)


def rows_of(sql: str, values: Sequence[Any] | Mapping[str, Any]) -> Rows:
    """The rows of one statement; none for one that returns none."""
    connection.ensure_connection()
    with _cursor() as cursor:
        cursor.execute(sql, values)
        # Asking for the description would describe each column.
        return cursor.fetchall() if cursor.pgresult.nfields else []


def _cursor() -> CursorWrapper:
    """A cursor whose statements the connection keeps; errors and wrappers are Django's."""
    if connection.queries_logged:
        # The log of statements can only show those of ordinary cursors.
        return connection.cursor()
    return connection.make_cursor(_Prepared(connection.connection))  # type: ignore[arg-type]  # it wraps the driver's
