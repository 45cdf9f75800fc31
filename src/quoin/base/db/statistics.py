"""Statistics for the planner after many rows were written at once, before autovacuum gets to it."""

from django.db import connection

MANY = 2_000
"""From so many rows on in one statement it is worth it."""
_SHARE = 10
"""Less than one row in so many does not change a plan."""
_FOLD = 2
"""What this transaction has looked at already is looked at again when it is so many times as long."""
# The transaction itself remembers how long a table was: it forgets it with the statistics, if it is rolled back.
_REMEMBER = (
    "SELECT set_config('quoin.seen_' || relname, relpages::text, true) FROM pg_class WHERE oid = ANY(%s::regclass[])"
)
_LENGTH = (
    "SELECT reltuples, pg_relation_size(oid) / current_setting('block_size')::int,"
    " nullif(current_setting('quoin.seen_' || relname, true), '')::int FROM pg_class WHERE oid = %s::regclass"
)


def refresh_statistics(*tables: str) -> None:
    """ANALYZE the tables, within the running transaction and with its own rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT refresh_statistics(%s::regclass[])", [list(tables)])
        cursor.execute(_REMEMBER, [list(tables)])


def refresh_grown(table: str, written: int) -> bool:
    """ANALYZE the table if so many new rows are much of it, and say so: what is known holds for a few rows more.

    Once the statistics know of the tenant, the planner itself reckons with a table that grows.
    """
    if written < MANY:
        return False
    with connection.cursor() as cursor:
        cursor.execute(_LENGTH, [table])
        known, pages, seen = cursor.fetchone()
    if known >= written * _SHARE if seen is None else pages < seen * _FOLD:
        return False
    refresh_statistics(table)
    return True
