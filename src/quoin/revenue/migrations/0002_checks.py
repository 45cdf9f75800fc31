"""Rules of the money core as views: an empty view is a pass.

A prepaid pack has an asset or a liability of its own, apart from that of its contract.
"""

from quoin.base.audit.checks import invariant
from quoin.base.db import migrating

BALANCED = """
SELECT j.tenant_id, 'journal ' || j.id AS subject,
  format('%s lines, %s off in the books'' currency', count(l.id), coalesce(sum(l.base_amount), 0)) AS detail
FROM ledger_journal j LEFT JOIN ledger_journalline l ON l.tenant_id = j.tenant_id AND l.journal_id = j.id
GROUP BY j.tenant_id, j.id HAVING count(l.id) < 2 OR sum(l.base_amount) <> 0
UNION ALL
SELECT tenant_id, 'journal ' || journal_id, format('%s off in %s', sum(amount), currency)
FROM ledger_journalline GROUP BY tenant_id, journal_id, currency HAVING sum(amount) <> 0
"""
# Time and materials: what the charges say is open stands on 1150, less what was billed ahead on 2200.
UNBILLED = """
SELECT tenant_id, 'contract ' || contract_id AS subject,
  format('%s %s on the books, %s open in charges', coalesce(b.amount, 0), currency, coalesce(o.amount, 0)) AS detail
FROM (
  SELECT l.tenant_id, l.contract_id, l.currency, sum(l.amount) AS amount
  FROM ledger_journalline l JOIN ledger_account a ON a.tenant_id = l.tenant_id AND a.id = l.account_id
  JOIN sales_contract c ON c.tenant_id = l.tenant_id AND c.id = l.contract_id
  WHERE a.role IN ('1150', '2200') AND c.kind = 'time_and_materials' AND l.obligation_id IS NULL
  GROUP BY l.tenant_id, l.contract_id, l.currency
) b FULL JOIN (
  SELECT h.tenant_id, h.contract_id, h.currency, sum(h.amount - coalesce(w.amount, 0)) AS amount
  FROM billing_charge h JOIN sales_contract c ON c.tenant_id = h.tenant_id AND c.id = h.contract_id
  LEFT JOIN (SELECT tenant_id, charge_id, sum(amount) AS amount FROM billing_writedown GROUP BY 1, 2) w
    ON w.tenant_id = h.tenant_id AND w.charge_id = h.id
  WHERE h.kind IN ('time', 'expense', 'overage') AND h.status IN ('unbilled', 'drafted')
    AND c.kind = 'time_and_materials'
  GROUP BY h.tenant_id, h.contract_id, h.currency
) o USING (tenant_id, contract_id, currency)
WHERE coalesce(b.amount, 0) <> coalesce(o.amount, 0)
"""
SOURCES = """
SELECT j.tenant_id, 'journal ' || j.id AS subject, 'posted by an action that is not in the trail' AS detail
FROM ledger_journal j
WHERE j.source_kind IN ('approval', 'reopening', 'expense', 'expense_approval', 'expense_reopening', 'reprice', 'write_down')
  AND NOT EXISTS (SELECT FROM base_auditaction a WHERE a.tenant_id = j.tenant_id AND a.id = j.source_id)
UNION ALL
SELECT j.tenant_id, 'journal ' || j.id, 'its ' || j.source_kind || ' does not exist'
FROM ledger_journal j
WHERE (j.source_kind = 'recognition' AND NOT EXISTS (
    SELECT FROM revenue_recognition r WHERE r.tenant_id = j.tenant_id AND r.id = j.source_id))
  OR (j.source_kind = 'retainer' AND NOT EXISTS (
    SELECT FROM billing_retainerperiod p WHERE p.tenant_id = j.tenant_id AND p.id = j.source_id))
UNION ALL
SELECT r.tenant_id, 'recognition ' || r.id, 'was not posted'
FROM revenue_recognition r
WHERE r.step_amount <> 0 AND NOT EXISTS (
  SELECT FROM ledger_journal j
  WHERE j.tenant_id = r.tenant_id AND j.source_kind = 'recognition' AND j.source_id = r.id)
UNION ALL
SELECT b.tenant_id, 'charging ' || b.batch_id, 'was not posted'
FROM (
  SELECT DISTINCT tenant_id, batch_id FROM billing_charge
  WHERE kind = 'time' AND (cost_amount <> 0 OR (amount <> 0 AND rate_id IS NOT NULL AND hold_reason = ''))
) b
WHERE NOT EXISTS (
  SELECT FROM ledger_journal j WHERE j.tenant_id = b.tenant_id AND j.source_id = b.batch_id
    AND j.source_kind = 'approval')
  AND NOT EXISTS (SELECT FROM ledger_journal j WHERE j.tenant_id = b.tenant_id AND j.source_kind = 'reprice')
"""
ROLLUP = """
SELECT tenant_id, format('%s %s %s', month_on, project_id, status) AS subject,
  format('%s charges and %s kept, %s charges and %s counted', r.charges, r.amount, c.charges, c.amount) AS detail
FROM (SELECT * FROM billing_chargemonth WHERE charges <> 0 OR minutes <> 0 OR amount <> 0 OR cost_amount <> 0) r
FULL JOIN (
  SELECT tenant_id, date_trunc('month', work_on)::date AS month_on,
    coalesce(project_id, '00000000-0000-0000-0000-000000000000') AS project_id,
    coalesce(person_id, '00000000-0000-0000-0000-000000000000') AS person_id, kind, status, currency,
    sum(minutes) AS minutes, sum(billable_minutes) AS billable_minutes, sum(amount) AS amount,
    sum(cost_amount) AS cost_amount, count(*) AS charges
  FROM billing_charge GROUP BY 1, 2, 3, 4, 5, 6, 7
) c USING (tenant_id, month_on, project_id, person_id, kind, status, currency)
WHERE (r.minutes, r.billable_minutes, r.amount, r.cost_amount, r.charges)
  IS DISTINCT FROM (c.minutes, c.billable_minutes, c.amount, c.cost_amount, c.charges)
"""
ONE_SIDE = """
SELECT tenant_id, CASE WHEN obligation_id IS NULL THEN 'contract ' || contract_id ELSE 'pack ' || obligation_id END AS subject,
  format('asset %s and liability %s in %s', asset, -liability, currency) AS detail
FROM (
  SELECT l.tenant_id, l.contract_id, l.obligation_id, l.currency, coalesce(sum(l.amount) FILTER (WHERE a.role = '1150'), 0) AS asset,
    coalesce(sum(l.amount) FILTER (WHERE a.role = '2200'), 0) AS liability
  FROM ledger_journalline l JOIN ledger_account a ON a.tenant_id = l.tenant_id AND a.id = l.account_id
  WHERE a.role IN ('1150', '2200') AND l.contract_id IS NOT NULL
  GROUP BY l.tenant_id, l.contract_id, l.obligation_id, l.currency
) p WHERE asset < 0 OR liability > 0 OR (asset <> 0 AND liability <> 0)
"""
ONE_FATE = """
SELECT coalesce(t.tenant_id, c.tenant_id) AS tenant_id, 'entry ' || coalesce(t.id, c.source_id) AS subject,
  CASE WHEN c.tenant_id IS NULL THEN 'approved, but not charged'
    ELSE format('%s minutes charged, %s worked', c.minutes, t.minutes) END AS detail
FROM (SELECT tenant_id, id, minutes FROM timesheets_timeentry WHERE status = 'approved') t
FULL JOIN (
  SELECT tenant_id, source_id, sum(minutes) AS minutes FROM billing_charge
  WHERE kind = 'time' AND status <> 'void' GROUP BY tenant_id, source_id) c
  ON c.tenant_id = t.tenant_id AND c.source_id = t.id
WHERE c.minutes IS DISTINCT FROM t.minutes
UNION ALL
SELECT c.tenant_id, 'charge ' || c.id, format('%s of %s minutes written off', w.minutes, c.billable_minutes)
FROM billing_charge c JOIN (
  SELECT tenant_id, charge_id, sum(minutes) AS minutes FROM billing_writedown GROUP BY 1, 2) w
  ON w.tenant_id = c.tenant_id AND w.charge_id = c.id
WHERE w.minutes < 0 OR w.minutes > c.billable_minutes
UNION ALL
SELECT coalesce(c.tenant_id, i.tenant_id), 'charge ' || coalesce(c.id, i.charge_id),
  'its status and its invoice line disagree'
FROM (SELECT tenant_id, id, status FROM billing_charge WHERE status IN ('drafted', 'billed')) c
FULL JOIN (SELECT tenant_id, charge_id FROM billing_invoiceitem WHERE is_live) i
  ON i.tenant_id = c.tenant_id AND i.charge_id = c.id
WHERE c.id IS NULL OR i.charge_id IS NULL
"""
CAPS = """
SELECT tenant_id, 'contract ' || contract_id AS subject,
  format('%s billed, %s allowed', billed_amount, least(cap_amount, order_limit_amount)) AS detail
FROM billing_contractuse WHERE billed_amount > cap_amount OR ordered_amount > order_limit_amount
"""


class Migration(migrating.Migration):
    replaces = [("revenue", "0002_invariants"), ("revenue", "0003_packs_apart")]
    dependencies = [
        ("base", "0003_checks"),
        ("billing", "0001_tables"),
        ("ledger", "0001_tables"),
        ("timesheets", "0001_tables"),
        ("revenue", "0001_tables"),
    ]
    operations = [
        invariant("01", "Journals balance in each currency and in the books", BALANCED),
        invariant("03", "Open charges are what stands on the books as unbilled work", UNBILLED),
        invariant("04", "Every posting has a source and every source has its postings", SOURCES),
        invariant("05", "Monthly sums of charges are what the charges add up to", ROLLUP),
        invariant("10", "A contract or pack shows an asset or a liability, not both", ONE_SIDE),
        invariant("13", "Each approved minute has exactly one fate", ONE_FATE),
        invariant("16", "Caps and purchase orders hold", CAPS),
    ]
