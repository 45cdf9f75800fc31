"""A savepoint that travels with the statements around it, so that a step costs two round trips and not six.

It behaves as Django's `atomic()` inside a transaction: an error rolls back to it, and what waits for the commit is
forgotten with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import Error, connection


class Batch:
    """Statements that are sent together."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._values: list[Any] = []

    def add(self, sql: str, values: Sequence[Any] = ()) -> None:
        self._texts.append(sql)
        self._values += values

    def send(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("; ".join(self._texts), self._values)


@contextmanager
def savepoint(sql: str, values: Sequence[Any]) -> Iterator[Batch]:
    """Run the block behind a savepoint that is set together with the statement.

    What the block adds to the batch is sent together with the release.
    """
    # Named by its depth: the driver takes a text apart once, and keeps it for as long as it stays the same.
    name = f"action_{len(connection.savepoint_ids)}"
    first, last = Batch(), Batch()
    first.add(f'SAVEPOINT "{name}"')
    first.add(sql, values)
    first.send()
    connection.savepoint_ids.append(name)
    try:
        yield last
        last.add(f'RELEASE SAVEPOINT "{name}"')
        last.send()
    except BaseException:
        _roll_back(name)
        raise
    finally:
        connection.savepoint_ids.pop()


def _roll_back(name: str) -> None:
    connection.needs_rollback = False
    try:
        connection.savepoint_rollback(name)
        connection.savepoint_commit(name)
    except Error:
        # The savepoint cannot be reached any more, so the whole transaction goes.
        connection.needs_rollback = True
