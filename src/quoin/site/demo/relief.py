"""Keeping one long transaction fast: checks that have fired are forgotten by the server."""

from __future__ import annotations

from django.db import connection

# Two temporary tables with a deferred key between them: a row in the second is a check that waits.
_TABLES = """
CREATE TEMPORARY TABLE IF NOT EXISTS demo_relief (id int PRIMARY KEY) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS demo_relief_row (
  id int REFERENCES demo_relief (id) DEFERRABLE INITIALLY DEFERRED
) ON COMMIT DROP;
INSERT INTO demo_relief VALUES (1) ON CONFLICT DO NOTHING
"""


def forget_fired_checks() -> None:
    """Let the server drop its list of deferred checks that have run. Outside of any savepoint only.

    Each action runs its deferred checks inside its savepoint. PostgreSQL keeps fired checks of a savepoint in its
    list, because it may be rolled back, and reads the whole list at the end of each action: a load of a thousand
    actions would pay for the square of its rows. On the level of the transaction a run of at least one check
    drops all that have fired (trigger.c, afterTriggerInvokeEvents with delete_ok).
    """
    if any(connection.savepoint_ids):
        raise RuntimeError("fired checks are dropped outside of savepoints only")
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        cursor.execute("INSERT INTO demo_relief_row VALUES (1)")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
