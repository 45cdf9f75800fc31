"""What `quoin check` asks of projects: no circle of links or phases, nothing past a gate, budgets that add up.

On the latest task of a circle (by start, then finish) the link to the next one leads to no later dates, and so do all
tasks on the way round. Links that lead to later dates, which nearly all do, need not be followed from: that makes I-70
quick on plans of ten thousand tasks.
"""

from quoin.base.audit.checks import invariant
from quoin.base.db import migrating

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
HELD = """
WITH RECURSIVE held(tenant_id, gate, id) AS (
  SELECT tenant_id, name, task_id FROM projects_gate WHERE status = 'waiting'
  UNION
  SELECT h.tenant_id, h.gate, t.id FROM held h JOIN projects_task t ON t.tenant_id = h.tenant_id AND t.parent_id = h.id
)
SELECT t.tenant_id, 'task ' || t.name AS subject, 'has begun behind gate ' || h.gate AS detail
FROM held h JOIN projects_task t ON t.tenant_id = h.tenant_id AND t.id = h.id
WHERE t.status IN ('in_progress', 'done') OR t.percent > 0 OR t.actual_start_at IS NOT NULL
"""
PASSED = """
SELECT g.tenant_id, 'gate ' || g.name AS subject, 'passed without: ' || coalesce(nullif(i.text, ''), i.kind) AS detail
FROM projects_gate g JOIN projects_gateitem i ON i.tenant_id = g.tenant_id AND i.gate_id = g.id
WHERE g.status = 'passed' AND i.met_at IS NULL
"""
BEGUN = """
SELECT o.tenant_id, 'project ' || p.number AS subject, 'began from a draft of a template' AS detail
FROM projects_projectorigin o
JOIN projects_project p ON p.tenant_id = o.tenant_id AND p.id = o.project_id
JOIN projects_templateversion v ON v.tenant_id = o.tenant_id AND v.id = o.version_id
WHERE v.status <> 'published'
"""
TOTALS = """
SELECT p.tenant_id, 'project ' || p.number AS subject,
  p.budget_minutes || ' minutes, its budget ' || l.minutes AS detail
FROM (
  SELECT DISTINCT ON (tenant_id, project_id) tenant_id, project_id, id FROM projects_budgetversion
  WHERE status = 'kept' ORDER BY tenant_id, project_id, number DESC
) v
JOIN projects_project p ON p.tenant_id = v.tenant_id AND p.id = v.project_id
CROSS JOIN LATERAL (
  SELECT coalesce(sum(minutes), 0) AS minutes, coalesce(sum(amount), 0) AS amount FROM projects_budgetline l
  WHERE l.tenant_id = v.tenant_id AND l.version_id = v.id
) l
WHERE p.budget_minutes <> l.minutes OR coalesce(p.budget_amount, 0) <> l.amount
"""


class Migration(migrating.Migration):
    replaces = [("projects", "0003_plan_invariants"), ("projects", "0007_plan_loops")]
    dependencies = [("base", "0003_checks"), ("projects", "0003_budgets")]
    operations = [
        invariant("70", "No task waits for itself", LINKS),
        invariant("71", "No task stands under itself", PHASES),
        invariant("72", "No work has begun behind a waiting gate", HELD),
        invariant("73", "No gate is passed with an unmet item", PASSED),
        invariant("74", "Projects begin from published templates", BEGUN),
        invariant("75", "The totals on a project are those of its budget", TOTALS),
    ]
