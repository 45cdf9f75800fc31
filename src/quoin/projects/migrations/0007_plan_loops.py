"""I-70 again, quick on plans of ten thousand tasks: only where a link runs against the dates can a circle close.

On the latest task of a circle (by start, then finish) the link to the next one leads to no later dates, and so do all
tasks on the way round. Links that lead to later dates, which nearly all do, need not be followed from.
"""

from django.db import migrations

from quoin.base.audit.checks import invariant

LINKS = """
WITH RECURSIVE dated AS MATERIALIZED (
  SELECT d.tenant_id, d.before_id, d.after_id,
    ARRAY[coalesce(b.start_at, 'infinity'), coalesce(b.finish_at, 'infinity')] AS before_at,
    ARRAY[coalesce(a.start_at, 'infinity'), coalesce(a.finish_at, 'infinity')] AS after_at
  FROM projects_dependency d
  JOIN projects_task b ON b.tenant_id = d.tenant_id AND b.id = d.before_id
  JOIN projects_task a ON a.tenant_id = d.tenant_id AND a.id = d.after_id
), reach(tenant_id, origin, latest, node) AS (
  SELECT tenant_id, before_id, before_at, after_id FROM dated WHERE after_at <= before_at
  UNION
  SELECT r.tenant_id, r.origin, r.latest, d.after_id
  FROM reach r JOIN dated d ON d.tenant_id = r.tenant_id AND d.before_id = r.node AND d.after_at <= r.latest
  WHERE r.node <> r.origin
)
SELECT r.tenant_id, 'task ' || t.name AS subject, 'waits for itself' AS detail
FROM reach r JOIN projects_task t ON t.tenant_id = r.tenant_id AND t.id = r.origin WHERE r.origin = r.node
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0006_gates_judge")]
    operations = [invariant("70", "No task waits for itself", LINKS)]
