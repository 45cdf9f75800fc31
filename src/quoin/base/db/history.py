"""Databases made before the migrations were drawn together: carried on as they are, or refused with what to do first.

A migration that replaces others counts as applied when all of those are. A database that has only some of them was
left in the middle of a file, and nothing here could finish it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

Name = tuple[str, str]


class UnfinishedDatabase(RuntimeError):
    """The database was made by a version whose later migrations are not here any more; the message says what to do."""

    def __init__(self, missing: Collection[Name]) -> None:
        first = ".".join(min(missing))
        super().__init__(
            f"The database was made by an older version and lacks {len(missing)} of its migrations, first {first}. "
            "Run `quoin migrate` with the last version that has them, then with this one."
        )


def carry_on(connection: BaseDatabaseWrapper) -> MigrationExecutor:
    """Marks what replaces the applied migrations as applied; returns who applies the rest.

    Raises UnfinishedDatabase if only a part of what is replaced was applied.
    """
    missing = tuple(_unfinished(set(MigrationRecorder(connection).applied_migrations())))
    if missing:
        raise UnfinishedDatabase(missing)
    executor = MigrationExecutor(connection)
    executor.check_replacements()
    return executor


def _unfinished(applied: Collection[Name]) -> Iterator[Name]:
    """Replaced migrations that were not applied although others of the same file were."""
    for replaced in _replaced():
        missing = replaced.difference(applied)
        if missing != replaced:
            yield from missing


@cache
def _replaced() -> tuple[frozenset[Name], ...]:
    return tuple(frozenset(one.replaces) for one in MigrationLoader(None).replacements.values())
