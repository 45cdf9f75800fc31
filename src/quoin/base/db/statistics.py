"""Statistics for the planner after many rows were written at once, before autovacuum gets to it."""

from django.db import connection

MANY = 2_000
"""From so many rows on in one statement it is worth it."""
_SHARE = 10
"""Less than one row in so many does not change a plan."""


def refresh_statistics(*tables: str) -> None:
    """ANALYZE the tables, within the running transaction and with its own rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT refresh_statistics(%s::regclass[])", [list(tables)])


def refresh_grown(table: str, written: int) -> bool:
    """ANALYZE the table if so many new rows are much of it, and say so: what is known holds for a few rows more."""
    if written < MANY:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
        (known,) = cursor.fetchone()
    if known >= written * _SHARE:
        return False
    refresh_statistics(table)
    return True
