"""The rollup of earned revenue is counted again by `quoin check`."""

from django.db import migrations

from quoin.base.audit.checks import invariant

NIL = "'00000000-0000-0000-0000-000000000000'"
EARNED = f"""
SELECT tenant_id, format('%s %s', month_on, project_id) AS subject,
  format('%s lines and %s kept, %s lines and %s counted', r.lines, r.amount, c.lines, c.amount) AS detail
FROM (SELECT * FROM insights_earnedmonth WHERE lines <> 0 OR amount <> 0) r
FULL JOIN (
  SELECT n.tenant_id, date_trunc('month', j.posting_on)::date AS month_on,
    coalesce(n.project_id, {NIL}) AS project_id, coalesce(n.person_id, {NIL}) AS person_id,
    coalesce(n.contract_id, {NIL}) AS contract_id, coalesce(n.client_id, {NIL}) AS client_id, j.entity_id, e.currency,
    -sum(n.base_amount) AS amount, count(*) AS lines
  FROM ledger_journalline n
  JOIN ledger_account a ON a.tenant_id = n.tenant_id AND a.id = n.account_id
    AND a.kind = 'revenue' AND a.role LIKE '4%'
  JOIN ledger_journal j ON j.tenant_id = n.tenant_id AND j.id = n.journal_id
  JOIN accounts_legalentity e ON e.tenant_id = j.tenant_id AND e.id = j.entity_id
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
) c USING (tenant_id, month_on, project_id, person_id, contract_id, client_id, entity_id, currency)
WHERE (r.amount, r.lines) IS DISTINCT FROM (c.amount, c.lines)
"""


class Migration(migrations.Migration):
    dependencies = [("insights", "0001_rollup"), ("base", "0005_checks")]
    operations = [
        invariant("05e", "Monthly sums of earned revenue are what the journal lines add up to", EARNED),
    ]
