"""Invariants of the books and the documents, as far as they span apps."""

from django.db import migrations

from quoin.base.audit.checks import invariant

BALANCE = """
SELECT l.tenant_id, 'journal ' || l.journal_id AS subject, 'off by ' || sum(l.amount) || ' ' || l.currency AS detail
FROM ledger_journalline l GROUP BY l.tenant_id, l.journal_id, l.currency HAVING sum(l.amount) <> 0
UNION ALL
SELECT j.tenant_id, 'journal ' || j.id, count(l.id) || ' lines, off by ' || coalesce(sum(l.base_amount), 0) || ' in base'
FROM ledger_journal j LEFT JOIN ledger_journalline l ON l.tenant_id = j.tenant_id AND l.journal_id = j.id
GROUP BY j.tenant_id, j.id HAVING count(l.id) < 2 OR sum(l.base_amount) <> 0
"""
SOURCES = """
SELECT i.tenant_id, 'invoice ' || i.number AS subject, 'issued without a journal' AS detail
FROM billing_invoice i
WHERE i.status = 'issued' AND i.gross_amount <> 0 AND NOT EXISTS (
  SELECT FROM ledger_journal j WHERE j.tenant_id = i.tenant_id AND j.source_id = i.id)
UNION ALL
SELECT p.tenant_id, 'payment ' || p.id, 'recorded without a journal'
FROM billing_payment p
WHERE p.amount <> 0 AND NOT EXISTS (
  SELECT FROM ledger_journal j WHERE j.tenant_id = p.tenant_id AND j.source_id IN (p.id, p.reverses_id))
"""
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
UNION ALL
SELECT coalesce(s.tenant_id, m.tenant_id),
  'charges ' || coalesce(s.month_on, m.month_on) || ' project ' || coalesce(s.project_id, m.project_id),
  coalesce(m.amount, 0) || ' kept, ' || coalesce(s.amount, 0) || ' charged'
FROM (SELECT tenant_id, date_trunc('month', work_on)::date AS month_on,
        coalesce(project_id, '00000000-0000-0000-0000-000000000000') AS project_id,
        coalesce(person_id, '00000000-0000-0000-0000-000000000000') AS person_id, kind, status, currency,
        sum(minutes) AS minutes, sum(amount) AS amount, sum(cost_amount) AS cost_amount, count(*) AS charges
      FROM billing_charge GROUP BY 1, 2, 3, 4, 5, 6, 7) s
FULL JOIN (SELECT * FROM billing_chargemonth WHERE charges <> 0 OR amount <> 0 OR minutes <> 0) m
  USING (tenant_id, month_on, project_id, person_id, kind, status, currency)
WHERE (m.minutes, m.amount, m.cost_amount, m.charges)
  IS DISTINCT FROM (s.minutes, s.amount, s.cost_amount, s.charges)
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


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0005_checks"),
        ("ledger", "0002_judge"),
        ("billing", "0002_rollup"),
        ("timesheets", "0002_rollup"),
    ]
    operations = [
        invariant("01", "Journals balance in every currency and in base", BALANCE),
        invariant("04", "Every issued document and payment has its journal", SOURCES),
        invariant("05", "Kept sums equal the rows they are sums of", ROLLUPS),
        invariant("06", "Clearing accounts return to zero", CLEARING),
        invariant("23", "Document numbers have no gap", NUMBERS),
        invariant("24", "Number and date run together", DATES),
    ]
