"""Statistics for the planner after many rows were written at once, before autovacuum gets to it."""

from django.db import connection

MANY = 2_000
"""From so many rows on in one statement it is worth it."""


def refresh_statistics(*tables: str) -> None:
    """ANALYZE the tables, within the running transaction and with its own rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT refresh_statistics(%s::regclass[])", [list(tables)])
