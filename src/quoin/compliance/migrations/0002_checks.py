"""Invariants of time, approvals, numbers and clearing; those of the money core stand in revenue."""

from quoin.base.audit.checks import invariant
from quoin.base.db import migrating

ROLLUPS = """
SELECT coalesce(s.tenant_id, m.tenant_id) AS tenant_id,
  'time ' || coalesce(s.month_on, m.month_on) || ' project ' || coalesce(s.project_id, m.project_id) AS subject,
  coalesce(m.minutes, 0) || ' minutes kept, ' || coalesce(s.minutes, 0) || ' recorded' AS detail
FROM (SELECT tenant_id, date_trunc('month', work_on)::date AS month_on, project_id, person_id, status, is_billable,
        sum(minutes) AS minutes, count(*) AS entries
      FROM timesheets_timeentry GROUP BY 1, 2, 3, 4, 5, 6) s
FULL JOIN (SELECT * FROM timesheets_timemonth WHERE entries <> 0 OR minutes <> 0) m
  USING (tenant_id, month_on, project_id, person_id, status, is_billable)
WHERE (m.minutes, m.entries) IS DISTINCT FROM (s.minutes, s.entries)
"""
CLEARING = """
SELECT l.tenant_id, 'journal ' || l.journal_id AS subject, 'currency clearing left at ' || sum(l.base_amount) AS detail
FROM ledger_journalline l JOIN ledger_account a ON a.tenant_id = l.tenant_id AND a.id = l.account_id
WHERE a.role = '1990' GROUP BY l.tenant_id, l.journal_id HAVING sum(l.base_amount) <> 0
"""
NUMBERS = """
SELECT tenant_id, 'series ' || series AS subject,
  count(*) || ' documents, numbers ' || min(sequence) || ' to ' || max(sequence) AS detail
FROM billing_invoice WHERE sequence IS NOT NULL
GROUP BY tenant_id, series HAVING min(sequence) <> 1 OR max(sequence) <> count(*)
UNION ALL
SELECT i.tenant_id, 'series ' || i.series, 'counter at ' || n.last || ', last number ' || max(i.sequence)
FROM billing_invoice i JOIN base_numberseries n ON n.tenant_id = i.tenant_id AND n.series = i.series
WHERE i.sequence IS NOT NULL GROUP BY i.tenant_id, i.series, n.last HAVING max(i.sequence) <> n.last
"""
DATES = """
SELECT tenant_id, 'invoice ' || number AS subject, 'issued on ' || issue_on || ', before number ' || earlier AS detail
FROM (SELECT tenant_id, number, issue_on, lag(issue_on) OVER w AS previous_on, lag(number) OVER w AS earlier
      FROM billing_invoice WHERE sequence IS NOT NULL WINDOW w AS (PARTITION BY tenant_id, series ORDER BY sequence)) i
WHERE issue_on < previous_on
"""
# Entries that were reopened since have left their approval: what is left of it cannot be computed again.
CONTENT = (
    "concat_ws('|', e.id, e.version, e.person_id, e.project_id, e.task_id, e.work_on, e.minutes, e.is_billable, e.note)"
)
APPROVED = f"""
SELECT a.tenant_id, 'approval ' || a.id AS subject,
  a.items || ' entries approved for the week of ' || a.week_on || ' are not what was approved' AS detail
FROM timesheets_approval a JOIN (
  SELECT tenant_id, approval_id, count(*) AS items,
    encode(sha256(string_agg(digest, ''::bytea ORDER BY id)), 'hex') AS content_sha256
  FROM (
    SELECT e.tenant_id, e.approval_id, e.id, sha256(convert_to({CONTENT}, 'UTF8')) AS digest
    FROM timesheets_timeentry e WHERE e.approval_id IS NOT NULL OFFSET 0
  ) hashed GROUP BY tenant_id, approval_id
) e ON e.tenant_id = a.tenant_id AND e.approval_id = a.id
WHERE a.kind = 'time' AND a.decision = 'approve'
  AND (e.items > a.items OR (e.items = a.items AND e.content_sha256 <> a.content_sha256))
"""


class Migration(migrating.Migration):
    replaces = [("compliance", "0001_checks"), ("compliance", "0002_approvals"), ("compliance", "0004_sooner")]
    dependencies = [
        ("base", "0003_checks"),
        ("billing", "0001_tables"),
        ("ledger", "0001_tables"),
        ("timesheets", "0001_tables"),
        ("compliance", "0001_tables"),
    ]
    operations = [
        invariant("05t", "Monthly sums of time are what the entries add up to", ROLLUPS),
        invariant("06", "Clearing accounts return to zero", CLEARING),
        invariant("23", "Document numbers have no gap", NUMBERS),
        invariant("24", "Number and date run together", DATES),
        invariant("40", "What was approved is what stands there", APPROVED),
    ]
