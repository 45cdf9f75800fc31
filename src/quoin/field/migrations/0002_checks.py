"""What `quoin check` asks of field work: who is promised where, goods whose days fit, certificates that count."""

from quoin.base.audit.checks import invariant
from quoin.base.db import migrating

HOLDS = """
SELECT v.tenant_id, 'visit ' || v.number AS subject, 'holds its crew or equipment for other hours than its own' AS detail
FROM field_visit v
JOIN (
  SELECT tenant_id, visit_id, begins_at, ends_at, is_firm FROM field_visitmember
  UNION ALL
  SELECT tenant_id, visit_id, begins_at, ends_at, is_firm FROM field_visitequipment
) h ON h.tenant_id = v.tenant_id AND h.visit_id = v.id
WHERE v.starts_at IS NULL OR h.begins_at <> v.starts_at OR h.ends_at <> v.ends_at
  OR h.is_firm <> (v.status IN ('published', 'travelling', 'on_site', 'done'))
"""
DAYS = """
SELECT d.tenant_id, 'delivery ' || d.item AS subject, 'has an expected day that nobody said' AS detail
FROM field_delivery d
JOIN LATERAL (
  SELECT expected_on FROM field_deliverydate s
  WHERE s.tenant_id = d.tenant_id AND s.delivery_id = d.id ORDER BY said_at DESC, id DESC LIMIT 1
) s ON true
WHERE s.expected_on IS DISTINCT FROM d.expected_on
"""
UNITS = """
SELECT u.tenant_id, 'unit ' || d.serial_number AS subject, 'is accepted by a certificate that was withdrawn' AS detail
FROM field_acceptedunit u
JOIN field_deliveredunit d ON d.tenant_id = u.tenant_id AND d.id = u.unit_id
JOIN field_acceptancewithdrawal w ON w.tenant_id = u.tenant_id AND w.acceptance_id = u.acceptance_id
"""
MILESTONES = """
SELECT m.tenant_id, 'milestone ' || m.name AS subject, 'is open although all goods tied to it are accepted' AS detail
FROM sales_milestone m
WHERE m.reached_on IS NULL
  AND EXISTS (SELECT FROM field_delivery d
              WHERE d.tenant_id = m.tenant_id AND d.milestone_id = m.id AND d.status = 'accepted')
  AND NOT EXISTS (SELECT FROM field_delivery d
                  WHERE d.tenant_id = m.tenant_id AND d.milestone_id = m.id
                    AND d.status NOT IN ('accepted', 'cancelled'))
"""


class Migration(migrating.Migration):
    replaces = [("field", "0003_field_invariants"), ("field", "0005_acceptance_invariants")]
    dependencies = [("base", "0003_checks"), ("sales", "0001_tables"), ("field", "0001_tables")]
    operations = [
        invariant("80", "Crews and equipment are held for the hours of their visits", HOLDS),
        invariant("81", "The expected day of goods is the last one that was said", DAYS),
        invariant("82", "Accepted units stand on a certificate that counts", UNITS),
        invariant("83", "What hangs on accepted goods is due", MILESTONES),
    ]
