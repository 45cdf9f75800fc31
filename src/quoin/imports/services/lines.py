"""The rows of a file, kept with what became of them; copied in, because there may be a million."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from quoin.base.actor import Actor
from quoin.imports.queries.told import as_text
from quoin.imports.rules.planned import Outcome, Plan
from quoin.imports.types import Export, Level
from quoin.kernel.words import say

_STAGE = """
CREATE TEMPORARY TABLE imports_staging (position int, outcome text, file text, line int, external_key text, client text,
  project text, person text, work_on date, minutes int, seconds numeric, amount numeric, currency text, reason text,
  kind text, vat_amount numeric, receipt_sha256 text)
ON COMMIT DROP"""
_COLUMNS = (
    "position, outcome, file, line, external_key, client, project, person, work_on, minutes, seconds, amount, currency,"
    " reason, kind, vat_amount, receipt_sha256"
)
_KEEP = f"""
INSERT INTO imports_importline (tenant_id, id, batch_id, {_COLUMNS}, before)
SELECT %s, gen_random_uuid(), %s, {_COLUMNS}, NULL FROM imports_staging ORDER BY position"""
_TYPES = (
    "int4", "text", "text", "int4", "text", "text", "text", "text", "date", "int4", "numeric", "numeric",
    "text", "text", "text", "numeric", "text",
)  # fmt: skip


def write_lines(actor: Actor, batch_id: UUID, export: Export, plan: Plan) -> int:
    """Keep each row of the file; returns how many there are."""
    count = 0
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS imports_staging")
        cursor.execute(_STAGE)
        with _copy(cursor) as copy:
            copy.set_types(_TYPES)
            for row in _rows(export, plan):
                copy.write_row(row)
                count += 1
        cursor.execute(_KEEP, [actor.tenant_id, batch_id])
        cursor.execute("DROP TABLE imports_staging")
    return count


def _copy(cursor: CursorWrapper) -> Any:
    return cursor.cursor.copy(f"COPY imports_staging ({_COLUMNS}) FROM STDIN (FORMAT BINARY)")


def _rows(export: Export, plan: Plan) -> Iterator[tuple[Any, ...]]:
    people = {person.key: person.name for person in export.records.people}
    clients = {client.key: client.name for client in export.records.clients}
    projects = {project.key: (clients.get(project.client_key, ""), project.name) for project in export.records.projects}
    position = 0
    for position, item in enumerate(plan.entries, start=1):
        entry = item.entry
        client, project = projects.get(entry.project_key, ("", ""))
        reason = "" if item.outcome in {Outcome.NEW, Outcome.SAME} else as_text(item.reason)
        yield (
            position, item.outcome.value, entry.file, entry.line, entry.external_id, client, project,
            people.get(entry.person_key, ""), entry.work_on, entry.minutes, entry.seconds, entry.amount,
            entry.currency, reason, "entry", None, "",
        )  # fmt: skip
    for position, spent in enumerate(plan.expenses, start=position + 1):  # noqa: B020  goes on counting
        expense = spent.expense
        client, project = projects.get(expense.project_key, ("", ""))
        reason = "" if spent.outcome in {Outcome.NEW, Outcome.SAME} else as_text(spent.reason)
        yield (
            position, spent.outcome.value, expense.file, expense.line, expense.external_id, client, project,
            people.get(expense.person_key, ""), expense.spent_on, 0, expense.seconds, expense.amount,
            expense.currency, reason, "expense", expense.vat, expense.receipt_sha256,
        )  # fmt: skip
    said = {
        (finding.file, finding.line): finding.message for finding in export.findings if finding.level is Level.ERROR
    }
    for number, row in enumerate(export.rejected, start=position + 1):
        reason = as_text(said.get((row.file, row.line), say("The row cannot be read.")))
        yield (
            number, Outcome.ERROR.value, row.file, row.line, "", "", "", "", None, row.minutes, row.seconds, row.amount,
            row.currency, reason, "expense" if row.is_expense else "entry", row.vat, row.receipt_sha256,
        )  # fmt: skip


def keep_before(actor: Actor, batch_id: UUID, befores: Iterable[tuple[str, str]]) -> None:
    """How changed entries and expenses were, as JSON text by external key."""
    rows = list(befores)
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE imports_importline l SET before = u.before::jsonb"
            " FROM unnest(%s::text[], %s::text[]) AS u (key, before)"
            " WHERE l.tenant_id = %s AND l.batch_id = %s AND l.external_key = u.key",
            [[row[0] for row in rows], [row[1] for row in rows], actor.tenant_id, batch_id],
        )
