"""I-31 asks for the capacity of all booked days at once, not day by day."""

from django.db import migrations

from quoin.base.audit.checks import invariant

OVER = """
SELECT l.tenant_id, 'person ' || l.person_id || ' on ' || l.day_on AS subject,
  l.firm_minutes || ' firm minutes, ' || c.minutes || ' of capacity, ' || l.override_minutes || ' approved, '
    || l.conflict_minutes || ' in conflict' AS detail
FROM (SELECT tenant_id, array_agg(person_id) AS people, array_agg(day_on) AS days FROM resourcing_dayload
      WHERE firm_minutes > 0 GROUP BY tenant_id) asked
CROSS JOIN LATERAL people_day_capacities(asked.tenant_id, asked.people, asked.days) c
JOIN resourcing_dayload l ON l.tenant_id = asked.tenant_id AND l.person_id = c.person_id AND l.day_on = c.day_on
LEFT JOIN (SELECT tenant_id, person_id, day_on, sum(minutes) AS minutes FROM resourcing_override GROUP BY 1, 2, 3) o
  ON o.tenant_id = l.tenant_id AND o.person_id = l.person_id AND o.day_on = l.day_on
WHERE l.firm_minutes > c.minutes + coalesce(o.minutes, 0) + l.conflict_minutes
  OR c.minutes <> l.capacity_minutes OR coalesce(o.minutes, 0) <> l.override_minutes
"""


class Migration(migrations.Migration):
    dependencies = [("resourcing", "0004_staffing"), ("people", "0004_capacities")]
    operations = [invariant("31", "Nobody is firmly booked over capacity without a reason and an approver", OVER)]
