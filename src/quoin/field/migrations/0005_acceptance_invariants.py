"""What `quoin check` asks of acceptance: certificates that count, and parts of the price that fell due with goods."""

from django.db import migrations

from quoin.base.audit.checks import invariant

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


class Migration(migrations.Migration):
    dependencies = [("base", "0005_checks"), ("field", "0004_acceptance")]
    operations = [
        invariant("82", "Accepted units stand on a certificate that counts", UNITS),
        invariant("83", "What hangs on accepted goods is due", MILESTONES),
    ]
