"""What `quoin check` asks of governance: prices are the sums of their lines, and history tells the present."""

from quoin.base.audit.checks import invariant
from quoin.base.db import migrating

SUMS = """
SELECT c.tenant_id, 'change order ' || c.number AS subject, 'price is not the sum of its lines' AS detail
FROM governance_changeorder c
LEFT JOIN (
  SELECT tenant_id, change_id, sum(amount) AS amount FROM governance_changeline WHERE kind = 'price' GROUP BY 1, 2
) l ON l.tenant_id = c.tenant_id AND l.change_id = c.id
WHERE c.price_amount <> coalesce(l.amount, 0)
"""
GAPS = """
SELECT s.tenant_id, 'change orders' AS subject, 'numbers have a gap: ' || s.last || ' given, ' || count(c.id) || ' kept' AS detail
FROM base_numberseries s
LEFT JOIN governance_changeorder c ON c.tenant_id = s.tenant_id
WHERE s.series = 'change_order'
GROUP BY s.tenant_id, s.last HAVING s.last <> count(c.id)
"""
STATES = """
SELECT r.tenant_id, 'risk ' || r.title AS subject, 'stands differently from its last state' AS detail
FROM governance_raiditem r
JOIN LATERAL (
  SELECT status, probability, impact, impact_amount, impact_days FROM governance_raidstate s
  WHERE s.tenant_id = r.tenant_id AND s.item_id = r.id ORDER BY at DESC, id DESC LIMIT 1
) s ON true
WHERE (s.status, s.probability, s.impact, s.impact_amount, s.impact_days)
  IS DISTINCT FROM (r.status, r.probability, r.impact, r.impact_amount, r.impact_days)
"""


class Migration(migrating.Migration):
    replaces = [("governance", "0003_governance_invariants")]
    dependencies = [("base", "0003_checks"), ("governance", "0002_judges")]
    operations = [
        invariant("90", "The price of a change order is the sum of its lines", SUMS),
        invariant("91", "Numbers of change orders have no gap", GAPS),
        invariant("92", "A risk stands as its history says", STATES),
    ]
