"""From an opened upload to a plan, and the plan as the report that a batch keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from quoin.accounts.services.entities import firm_zone
from quoin.base.actor import Actor
from quoin.imports.queries.inventory import inventory_for
from quoin.imports.rules.loading import Answers, fingerprint
from quoin.imports.rules.plan import plan
from quoin.imports.rules.planned import Diff, Outcome, Plan, PlannedEntry, PlannedExpense, PlannedRecord
from quoin.imports.rules.read import read_export
from quoin.imports.types import Export, Finding, Totals, Upload
from quoin.kernel.words import listed, packed, say

_SHOWN = 200
_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Planned:
    """A file as read, what it would do, and the hash of both with the answers."""

    export: Export
    plan: Plan
    sha256: str
    names: Mapping[str, str]
    """Of what exists, by id, for differences that are shown."""


def read_upload(actor: Actor, upload: Upload, profile: str, answers: Answers) -> Export:
    """The records of the file. Clock times without a zone are the firm's, unless said otherwise."""
    options = answers.read
    if options.zone == "UTC":
        options = replace(options, zone=firm_zone(actor))
    return read_export(upload, profile or None, options)


def plan_upload(actor: Actor, upload: Upload, profile: str, answers: Answers) -> Planned:
    """The plan of an upload against what is there now."""
    export = read_upload(actor, upload, profile, answers)
    inventory = inventory_for(export, answers.mapping)
    made = plan(export, inventory, answers.mapping, answers.plan)
    known = (*inventory.people, *inventory.projects, *inventory.tasks, *inventory.categories, *inventory.clients)
    return Planned(export, made, fingerprint(made.sha256, answers.load), {row.id: row.name for row in known})


def report_of(found: Planned) -> dict[str, Any]:
    """What the wizard, the API and the command line show of a plan; its sentences are packed (queries.told)."""
    made, names = found.plan, found.names
    errors = [record for record in made.records if record.outcome is Outcome.ERROR]
    changes = [record for record in made.records if record.outcome is Outcome.CHANGE]
    wrong = [item for item in made.entries if item.outcome is Outcome.ERROR]
    moved = [item for item in made.entries if item.outcome is Outcome.CHANGE]
    unspent = [item for item in made.expenses if item.outcome is Outcome.ERROR]
    respent = [item for item in made.expenses if item.outcome is Outcome.CHANGE]
    return {
        "profile": found.export.profile,
        "source": found.export.source,
        "notes": [packed(note) for note in found.export.notes],
        "detected": [
            {"profile": row.profile, "score": row.score, "reason": packed(row.reason)} for row in found.export.detected
        ],
        "summary": [
            {"kind": row.kind.value, **{outcome.value: getattr(row, outcome.value) for outcome in Outcome}}
            for row in made.summary
        ],
        "check": {
            "file": _totals(made.check.file),
            "columns": {outcome.value: _totals(totals) for outcome, totals in made.check.columns},
            "is_tied": made.check.is_tied,
        },
        "changes": [_record(record, names) for record in changes[:_SHOWN]]
        + [_entry(item, names) for item in moved[:_SHOWN]]
        + [_expense(item, names) for item in respent[:_SHOWN]],
        "errors": [_record(record, names) for record in errors[:_KEPT]]
        + [_entry(item, names) for item in wrong[:_KEPT]]
        + [_expense(item, names) for item in unspent[:_KEPT]]
        + [_finding(finding) for finding in found.export.errors[:_KEPT]],
        "warnings": [_finding(finding) for finding in made.findings if finding.level == "warning"][:_KEPT],
        "skips": _reasons(made),
        "gone": len(made.gone),
        "refusal": "",
    }


def has_errors(report: dict[str, Any]) -> bool:
    """Whether something of the file cannot be imported as it stands."""
    return bool(report["errors"]) or any(row["error"] for row in report["summary"])


def _totals(totals: Totals) -> dict[str, Any]:
    return {
        "rows": totals.rows,
        "minutes": totals.minutes,
        "seconds": f"{totals.seconds:f}",
        "receipts": totals.receipts,
        "money": [{"amount": f"{amount:f}", "currency": currency} for currency, amount in totals.money],
    }


def _diffs(diffs: Iterable[Diff], names: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {"field": diff.field, "old": names.get(diff.old, diff.old), "new": names.get(diff.new, diff.new)}
        for diff in diffs
    ]


def _record(record: PlannedRecord, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "kind": record.kind.value, "key": record.key, "name": record.record.name, "matched_by": record.matched_by,
        "message": packed(record.reason), "file": record.record.file, "line": record.record.line,
        "diffs": _diffs(record.diffs, names),
        "candidates": [{"id": candidate.id, "label": packed(candidate.label)} for candidate in record.candidates],
    }  # fmt: skip


def _entry(item: PlannedEntry, names: Mapping[str, str]) -> dict[str, Any]:
    entry = item.entry
    name = listed(filter(None, (say("%(day)s", day=entry.work_on), entry.note[:110])), " ")
    return {
        "kind": "entry", "key": entry.external_id, "name": packed(name), "message": packed(item.reason),
        "file": entry.file, "line": entry.line, "diffs": _diffs(item.diffs, names), "candidates": [],
    }  # fmt: skip


def _expense(item: PlannedExpense, names: Mapping[str, str]) -> dict[str, Any]:
    expense = item.expense
    name = say(
        "%(day)s %(amount)s %(currency)s %(note)s",
        day=expense.spent_on, amount=expense.amount, currency=expense.currency,
        note=(expense.supplier or expense.note)[:90],
    )  # fmt: skip
    return {
        "kind": "expense", "key": expense.external_id, "name": packed(name), "message": packed(item.reason),
        "file": expense.file, "line": expense.line, "diffs": _diffs(item.diffs, names), "candidates": [],
    }  # fmt: skip


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "kind": "row", "key": "", "name": "", "code": finding.code, "message": packed(finding.message),
        "remedy": packed(finding.remedy), "file": finding.file, "line": finding.line, "column": finding.column,
        "value": finding.value, "diffs": [], "candidates": [],
    }  # fmt: skip


def _reasons(made: Plan) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    told = chain(
        ((row.outcome, row.reason) for row in made.entries), ((row.outcome, row.reason) for row in made.expenses)
    )
    for outcome, reason in told:
        if outcome in {Outcome.SKIP, Outcome.SAME}:
            counts[reason] = counts.get(reason, 0) + 1
    return [{"reason": packed(reason), "rows": rows} for reason, rows in sorted(counts.items())]
