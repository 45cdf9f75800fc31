"""Small firms that are alike but for their ids, for comparing what happened in one with what should have happened."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from quoin.accounts.actions import create_token
from quoin.accounts.models import Tenant
from quoin.accounts.queries.standing import actor_of_user
from quoin.compliance.queries.checks import run_checks
from quoin.kernel.ids import public_id, uuid7
from quoin.timesheets.models import TimeEntry
from tests.make import billing, money
from tests.make.web import member
from tests.make.world import NOON, World, new_world

MARCH = date(2026, 3, 31)
# Sign-in and throttling live beside the business: a call that is cut may have been counted.
BESIDE = ("accounts_", "base_ratebucket", "procrastinate_", "django_")
_MASKS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uuid>"),
        (r"[a-z]{2,4}_[0-9A-HJKMNP-TV-Z]{26}", "<id>"),
        (r"\b[0-9a-f]{64}\b", "<hash>"),
        (r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[0-9.:+Z-]*", "<time>"),
        (r"\b([CKP])-T\d+", r"\1"),
        (r"\bCard \d+", "Card"),
        (r"\bp\d+@", "p@"),
        (r"\bt[0-9a-f]{12}\b", "<slug>"),
        (r'"(id|last_change_id)": ?\d+', r'"\1":0'),
        (r'"posted_in": "\d+"', '"posted_in": 0'),
        (r"<function .*? at 0x[0-9a-f]+>", "<function>"),
    )
)
_TENANT_TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE t.typname <> 'bytea')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped JOIN pg_type t ON t.oid = a.atttypid
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
GROUP BY c.relname HAVING bool_or(a.attname = 'tenant_id') ORDER BY c.relname
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """A firm at noon of 6 May 2026 with a token of a member who may do everything."""

    world: World
    token: str


def new_ground() -> Ground:
    world = new_world()
    world.do(lambda: Tenant.objects.filter(id=world.tenant_id).update(clock_at=NOON))
    user = member(world)
    actor = actor_of_user(user.id, tenant_id=world.tenant_id)
    assert actor is not None
    return Ground(world, create_token(actor, name="proof", scopes=(), days=365).secret)


def handed_in(ground: Ground, *, minutes: tuple[int, ...] = (440, 61, 90), cost: str = "60") -> list[UUID]:
    """Time of one person on a billable project, handed in."""
    world = ground.world
    job = billing.job(world, rate="95")
    person = world.person(cost=cost)

    def build() -> list[UUID]:
        rows = [
            TimeEntry(
                id=uuid7(), person=person, project=job, work_on=MARCH - timedelta(days=index), minutes=length, note="Work",
                status="submitted", submitted_at=NOON, entered_at=NOON,
            )
            for index, length in enumerate(minutes)
        ]  # fmt: skip
        return [row.id for row in TimeEntry.objects.bulk_create(rows)]

    return world.do(build)


def approved(ground: Ground) -> None:
    money.approved_time(
        ground.world,
        on=billing.job(ground.world, rate="95"),
        by=ground.world.person(),
        minutes=[440, 61, 90],
        day=MARCH,
    )


def broken(ground: Ground) -> dict[str, object]:
    """Invariants that do not hold in the firm, with what breaks them."""
    with ground.world.inside(read_only=True):
        return {check.number: check.rows for check in run_checks(ground.world.actor) if not check.holds}


def exact(ground: Ground) -> Mapping[str, tuple[str, ...]]:
    """Every row of the firm as it is, by table."""
    return _rows(ground, is_masked=False)


def meaning(ground: Ground) -> Mapping[str, tuple[str, ...]]:
    """Every row without ids, times and hashes: equal in two firms where the same happened."""
    return _rows(ground, is_masked=True)


def difference(one: Mapping[str, tuple[str, ...]], other: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """By table: rows that only one of the two has. Empty if the same happened in both."""
    found = {}
    for table in sorted(set(one) | set(other)):
        ours, theirs = Counter(one.get(table, ())), Counter(other.get(table, ()))
        if ours != theirs:
            found[table] = [f"- {row}" for row in (ours - theirs)] + [f"+ {row}" for row in (theirs - ours)]
    return found


def _rows(ground: Ground, *, is_masked: bool) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    with ground.world.inside(read_only=True), connection.cursor() as cursor:
        cursor.execute(_TENANT_TABLES)
        for table, columns in cursor.fetchall():
            if table.startswith(BESIDE):
                continue
            names = ", ".join(f'"{column}"' for column in columns)
            cursor.execute(
                f'SELECT to_jsonb(r)::text FROM (SELECT {names} FROM "{table}" WHERE tenant_id = %s) r',
                [ground.world.tenant_id],
            )
            texts = [row[0] for row in cursor.fetchall()]
            found[table] = tuple(sorted(masked(text) for text in texts) if is_masked else sorted(texts))
    return found


def masked(text: str) -> str:
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return json.dumps(_ordered(json.loads(text)), sort_keys=True)


def _ordered(value: Any) -> Any:
    """Lists in an order that ids have no part in."""
    if isinstance(value, dict):
        return {name: _ordered(each) for name, each in value.items()}
    if isinstance(value, list):
        return sorted((_ordered(each) for each in value), key=json.dumps)
    return value


def shown(prefix: str, value: UUID) -> str:
    return public_id(prefix, value)
