"""Revenue per month, kept by the database in the transaction that posts a journal line; `quoin check` counts it again."""

from django.db import migrations

from quoin.base.audit.checks import invariant
from quoin.base.db import migrating

NIL = "'00000000-0000-0000-0000-000000000000'"
KEY = "tenant_id, month_on, project_id, person_id, contract_id, client_id, entity_id, currency"
SQL = f"""
CREATE FUNCTION insights_roll_up_earned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO insights_earnedmonth AS t ({KEY}, amount, lines)
  SELECT n.tenant_id, date_trunc('month', j.posting_on)::date, coalesce(n.project_id, {NIL}), coalesce(n.person_id, {NIL}),
    coalesce(n.contract_id, {NIL}), coalesce(n.client_id, {NIL}), j.entity_id, e.currency, -sum(n.base_amount), count(*)
  FROM new_rows n
  JOIN ledger_account a ON a.tenant_id = n.tenant_id AND a.id = n.account_id
    AND a.kind = 'revenue' AND a.role LIKE '4%'
  JOIN ledger_journal j ON j.tenant_id = n.tenant_id AND j.id = n.journal_id
  JOIN accounts_legalentity e ON e.tenant_id = j.tenant_id AND e.id = j.entity_id
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
  ON CONFLICT ({KEY}) DO UPDATE SET amount = t.amount + excluded.amount, lines = t.lines + excluded.lines;
  RETURN NULL;
END $$;
-- Journal lines are only ever inserted: the ledger refuses to change or delete them.
CREATE TRIGGER insights_journalline_roll AFTER INSERT ON ledger_journalline
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION insights_roll_up_earned();
"""
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


class Migration(migrating.Migration):
    replaces = [("insights", "0002_earned_check")]
    dependencies = [("base", "0003_checks"), ("ledger", "0001_tables"), ("insights", "0001_tables")]
    operations = [
        migrations.RunSQL(SQL, "DROP FUNCTION insights_roll_up_earned CASCADE;"),
        invariant("05e", "Monthly sums of earned revenue are what the journal lines add up to", EARNED),
    ]
