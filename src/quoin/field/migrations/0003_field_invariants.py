"""What `quoin check` asks of field work: who is promised where, and goods whose days fit their status."""

from django.db import migrations

from quoin.base.audit.checks import invariant

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


class Migration(migrations.Migration):
    dependencies = [("base", "0005_checks"), ("field", "0002_visit_hours")]
    operations = [
        invariant("80", "Crews and equipment are held for the hours of their visits", HOLDS),
        invariant("81", "The expected day of goods is the last one that was said", DAYS),
    ]
