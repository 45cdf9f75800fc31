"""A prepaid pack has an asset or a liability of its own, apart from that of its contract."""

from django.db import migrations

from quoin.base.audit.checks import invariant

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


class Migration(migrations.Migration):
    dependencies = [("revenue", "0002_invariants"), ("ledger", "0005_obligations")]
    operations = [
        invariant("03", "Open charges are what stands on the books as unbilled work", UNBILLED),
        invariant("10", "A contract or pack shows an asset or a liability, not both", ONE_SIDE),
    ]
