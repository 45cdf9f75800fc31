"""Approving, returning and reopening, one statement for a cell or for a hundred thousand entries.

Eligible is what is handed in, within reach, and not the decider's own. Each person's week gets one decision
row with the hash of exactly what was decided (I-40).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from quoin.base.actions import running_action_id
from quoin.base.actor import Actor, Scope
from quoin.base.events import emit
from quoin.kernel.words import Sentence, say
from quoin.timesheets.types import OwnApproval, Status, WrongState

TIME_APPROVED = "timesheets.time.approved"
TIME_REOPENED = "timesheets.time.reopened"
TIME_RETURNED = "timesheets.time.returned"

# How an entry's content is written for its hash; `quoin check` writes it the same way.
CONTENT = (
    "concat_ws('|', e.id, e.version, e.person_id, e.project_id, e.task_id, e.work_on, e.minutes, e.is_billable, e.note)"
)

_CHOOSE = f"""
CREATE TEMPORARY TABLE timesheets_decided ON COMMIT DROP AS
SELECT e.id, e.person_id, date_trunc('week', e.work_on)::date AS week_on, e.status, e.minutes,
  sha256(convert_to({CONTENT}, 'UTF8')) AS digest,
  -- A comparison with nobody is unknown, and unknown must not pass for within reach.
  %(scope)s = 3 OR coalesce(e.person_id = %(me)s, false) OR (%(scope)s = 2 AND (coalesce(p.team_id = %(team)s, false)
    OR coalesce(p.manager_id = %(me)s, false) OR coalesce(j.manager_id = %(me)s, false))) AS is_within_reach
FROM {{chosen}}
JOIN people_person p ON p.tenant_id = e.tenant_id AND p.id = e.person_id
JOIN projects_project j ON j.tenant_id = e.tenant_id AND j.id = e.project_id
FOR UPDATE OF e
"""
_IN_WEEKS = """
  SELECT DISTINCT w.person_id, w.week_on + d.n AS day_on
  FROM unnest(%(people)s::uuid[], %(weeks)s::date[]) AS w (person_id, week_on) CROSS JOIN generate_series(0, 6) AS d (n)
"""
# Each day of a person is looked up by itself: all that waits, compared with all the weeks, is the square of a month.
# A status that is only known as it runs keeps the planner from the index of what waits, in which all that was decided
# a moment ago still stands.
_BY_WEEK = f"""({_IN_WEEKS}) w CROSS JOIN LATERAL (
  SELECT t.* FROM timesheets_timeentry t
  WHERE t.tenant_id = %(tenant)s AND t.person_id = w.person_id AND t.work_on = w.day_on
    AND t.status = concat(%(status)s::text)
  OFFSET 0) e"""
_BY_ID = """(SELECT t.* FROM timesheets_timeentry t WHERE t.tenant_id = %(tenant)s AND t.id = ANY(%(ids)s::uuid[])) e"""
_BY_BOTH = f"""(SELECT t.* FROM timesheets_timeentry t
  WHERE t.tenant_id = %(tenant)s AND (t.id = ANY(%(ids)s::uuid[])
    OR (t.status = %(status)s AND (t.person_id, t.work_on) IN ({_IN_WEEKS})))) e"""

_RECORD = """
INSERT INTO timesheets_approval (tenant_id, id, kind, decision, person_id, week_on, decided_by_id, decided_at, items,
  content_sha256, note)
SELECT %s, gen_random_uuid(), 'time', %s, d.person_id, d.week_on, %s, %s, count(*),
  encode(sha256(string_agg(d.digest, ''::bytea ORDER BY d.id)), 'hex'), %s
FROM timesheets_decided d GROUP BY d.person_id, d.week_on
RETURNING id, person_id, week_on
"""
_APPROVE = """
UPDATE timesheets_timeentry e SET status = 'approved', approved_by_id = %(by)s, approved_at = %(now)s,
  approval_id = a.id, return_note = '', previous_minutes = NULL
FROM timesheets_decided d
JOIN unnest(%(ids)s::uuid[], %(people)s::uuid[], %(weeks)s::date[]) AS a (id, person_id, week_on)
  ON a.person_id = d.person_id AND a.week_on = d.week_on
WHERE e.tenant_id = %(tenant)s AND e.id = d.id
"""
_RETURN = """
UPDATE timesheets_timeentry e SET status = 'returned', return_note = coalesce(n.note, %(note)s), submitted_at = NULL
FROM timesheets_decided d
LEFT JOIN unnest(%(ids)s::uuid[], %(notes)s::text[]) AS n (id, note) ON n.id = d.id
WHERE e.tenant_id = %(tenant)s AND e.id = d.id
"""
_REOPEN = """
UPDATE timesheets_timeentry e SET status = 'open', approved_by_id = NULL, approved_at = NULL, approval_id = NULL,
  submitted_at = NULL, previous_minutes = e.minutes, version = e.version + 1, return_note = %(note)s
FROM timesheets_decided d WHERE e.tenant_id = %(tenant)s AND e.id = d.id
"""
_OPEN_SHEETS = """
UPDATE timesheets_timesheet s SET submitted_at = NULL
FROM (SELECT DISTINCT person_id, week_on FROM timesheets_decided) d
WHERE s.tenant_id = %s AND s.person_id = d.person_id AND s.week_on = d.week_on AND s.submitted_at IS NOT NULL
"""


def approve(
    actor: Actor,
    *,
    scope: Scope,
    entry_ids: Iterable[UUID] = (),
    weeks: Iterable[tuple[UUID, date]] = (),
    unpriced: str = "refuse",
) -> list[UUID]:
    """Approve handed-in entries and tell billing, in this transaction; returns their ids.

    An import or the demo approves as an actor without a person; with `unpriced="hold"` work without a rate
    waits for one instead of refusing the whole.
    """
    ids = _choose(actor, scope=scope, status=Status.SUBMITTED, entry_ids=entry_ids, weeks=weeks, verb="approved")
    decisions = _record(actor, "approve", "")
    with connection.cursor() as cursor:
        cursor.execute(
            _APPROVE,
            {
                "by": actor.person_id,
                "now": actor.now,
                "tenant": actor.tenant_id,
                "ids": [row[0] for row in decisions],
                "people": [row[1] for row in decisions],
                "weeks": [row[2] for row in decisions],
            },
        )
    return _finish(actor, TIME_APPROVED, ids, unpriced=unpriced)


def give_back(
    actor: Actor, *, scope: Scope, notes: Mapping[UUID, str], weeks: Iterable[tuple[UUID, date]], note: str
) -> list[UUID]:
    """Return handed-in entries to their owner, each with its comment or the common one."""
    ids = _choose(actor, scope=scope, status=Status.SUBMITTED, entry_ids=notes, weeks=weeks, verb="returned")
    _record(actor, "return", note)
    with connection.cursor() as cursor:
        cursor.execute(
            _RETURN,
            {
                "note": note,
                "ids": list(notes),
                "notes": [text or None for text in notes.values()],
                "tenant": actor.tenant_id,
            },
        )
    _open_sheets(actor)
    return _finish(actor, TIME_RETURNED, ids)


def reopen(actor: Actor, *, scope: Scope, entry_ids: Iterable[UUID], note: str) -> list[UUID]:
    """Open approved entries again. Billing takes its charges back within, and refuses what is billed."""
    ids = _choose(actor, scope=scope, status=Status.APPROVED, entry_ids=entry_ids, verb="reopened")
    _record(actor, "reopen", note)
    with connection.cursor() as cursor:
        cursor.execute(_REOPEN, {"note": note, "tenant": actor.tenant_id})
    _open_sheets(actor)
    return _finish(actor, TIME_REOPENED, ids)


def _choose(
    actor: Actor,
    *,
    scope: Scope,
    status: Status,
    entry_ids: Iterable[UUID],
    weeks: Iterable[tuple[UUID, date]] = (),
    verb: str,
) -> list[UUID]:
    """Put the chosen entries into a temporary table, locked; refuse all if one may not be decided."""
    ids, pairs = list(entry_ids), list(weeks)
    values: dict[str, Any] = {
        "tenant": actor.tenant_id, "me": actor.person_id, "team": actor.team_id, "scope": int(scope), "ids": ids,
        "status": status.value, "people": [pair[0] for pair in pairs], "weeks": [pair[1] for pair in pairs],
    }  # fmt: skip
    if not ids and not pairs:
        raise WrongState("Choose the time to decide on.")
    chosen = (_BY_BOTH if ids else _BY_WEEK) if pairs else _BY_ID
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS timesheets_decided")
        cursor.execute(_CHOOSE.format(chosen=chosen), values)
        # By id everything must be decidable; by week the rest of the week belongs to other approvers.
        if pairs and not ids:
            cursor.execute("DELETE FROM timesheets_decided WHERE NOT is_within_reach")
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE person_id = %s), count(*) FILTER (WHERE status <> %s),"
            " count(*) FILTER (WHERE NOT is_within_reach) FROM timesheets_decided",
            [actor.person_id, status.value],
        )
        counts: Sequence[int] = cursor.fetchone()
        _require(counts, asked=0 if pairs else len(set(ids)), status=status, verb=verb)
        cursor.execute("SELECT id FROM timesheets_decided ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def _require(counts: Sequence[int], *, asked: int, status: Status, verb: str) -> None:
    found, own, elsewhere, unreachable = counts
    if unreachable or found < asked:
        raise WrongState("Some of this time is gone, or is not yours to decide on. Load the page again.")
    if own:
        raise OwnApproval(say("Your own time is %(verb)s by somebody else.", verb=Sentence(verb)))
    if elsewhere or not found:
        raise WrongState(
            say(
                "Only %(status)s time can be %(verb)s. Load the page again to see where it stands.",
                status=Sentence(status.value),
                verb=Sentence(verb),
            )
        )


def _record(actor: Actor, decision: str, note: str) -> list[tuple[UUID, UUID, date]]:
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [actor.tenant_id, decision, actor.person_id, actor.now, note])
        return list(cursor.fetchall())


def _open_sheets(actor: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_SHEETS, [actor.tenant_id])


def _finish(actor: Actor, event: str, ids: list[UUID], **payload: str) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE timesheets_decided")
    emit(actor, event, running_action_id(), entry_ids=ids, **payload)
    return ids
