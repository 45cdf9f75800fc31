"""What `quoin check` asks of plans: no circle of links, no circle of phases."""

from django.db import migrations

from quoin.base.audit.checks import invariant

LINKS = """
WITH RECURSIVE reach(tenant_id, origin, node) AS (
  SELECT tenant_id, before_id, after_id FROM projects_dependency
  UNION
  SELECT r.tenant_id, r.origin, d.after_id
  FROM reach r JOIN projects_dependency d ON d.tenant_id = r.tenant_id AND d.before_id = r.node
)
SELECT r.tenant_id, 'task ' || t.name AS subject, 'waits for itself' AS detail
FROM reach r JOIN projects_task t ON t.tenant_id = r.tenant_id AND t.id = r.origin WHERE r.origin = r.node
"""
PHASES = """
WITH RECURSIVE above(tenant_id, origin, node) AS (
  SELECT tenant_id, id, parent_id FROM projects_task WHERE parent_id IS NOT NULL
  UNION
  SELECT a.tenant_id, a.origin, t.parent_id
  FROM above a JOIN projects_task t ON t.tenant_id = a.tenant_id AND t.id = a.node WHERE t.parent_id IS NOT NULL
)
SELECT a.tenant_id, 'task ' || t.name AS subject, 'stands under itself' AS detail
FROM above a JOIN projects_task t ON t.tenant_id = a.tenant_id AND t.id = a.origin WHERE a.origin = a.node
"""


class Migration(migrations.Migration):
    dependencies = [("base", "0005_checks"), ("projects", "0002_plan")]
    operations = [
        invariant("70", "No task waits for itself", LINKS),
        invariant("71", "No task stands under itself", PHASES),
    ]
