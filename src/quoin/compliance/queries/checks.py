"""Running the invariants: every view of the schema audit_check, for the tenant of the transaction."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from quoin.base.actions import permission
from quoin.base.actor import Actor
from quoin.base.audit.checks import SCHEMA
from quoin.kernel.errors import NotFound
from quoin.kernel.words import say

SEE_CHECKS = permission("compliance.check.view", _("Run the checks of the books"))
_VIEWS = """
SELECT c.relname, coalesce(obj_description(c.oid), '') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind = 'v' AND c.relname LIKE 'inv\\_%%' ORDER BY c.relname
"""


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that breaks a rule."""

    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Check:
    """A rule and what breaks it: nothing is a pass. `count` counts all, `rows` holds the first."""

    number: str
    title: str
    count: int
    rows: tuple[Broken, ...]

    @property
    def holds(self) -> bool:
        return self.count == 0


def rules(actor: Actor) -> list[tuple[str, str]]:
    """Number and title of every rule, without asking whether it holds."""
    actor.require(SEE_CHECKS)
    with connection.cursor() as cursor:
        cursor.execute(_VIEWS, [SCHEMA])
        return [(str(name).removeprefix("inv_"), str(title)) for name, title in cursor.fetchall()]


def run_checks(actor: Actor, *, only: str = "", limit: int = 50) -> list[Check]:
    """Every invariant, or the one named `01`; NotFound if there is none of that name."""
    wanted = [rule for rule in rules(actor) if only in {"", rule[0]}]
    if not wanted:
        raise NotFound(say("There is no check %(only)s.", only=only))
    return [_run(number, title, limit) for number, title in wanted]


def _run(number: str, title: str, limit: int) -> Check:
    view = sql.Identifier(SCHEMA, f"inv_{number}")
    query = sql.SQL("SELECT subject, detail, count(*) OVER () FROM {} LIMIT %s").format(view)
    with connection.cursor() as cursor:
        cursor.execute(query, [limit])
        rows = cursor.fetchall()
    return Check(number, title, rows[0][2] if rows else 0, tuple(Broken(str(row[0]), str(row[1])) for row in rows))
