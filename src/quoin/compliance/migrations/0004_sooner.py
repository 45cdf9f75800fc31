"""I-13, I-14 and I-40 as before, each over its rows once: joined whole instead of row by row, hashed before sorted."""

from django.db import migrations

from quoin.base.audit.checks import invariant

STANDS = """
FROM (SELECT tenant_id, id, status FROM billing_charge WHERE status IN ('drafted', 'billed')) c
FULL JOIN (SELECT tenant_id, charge_id FROM billing_invoiceitem WHERE is_live) i
  ON i.tenant_id = c.tenant_id AND i.charge_id = c.id
WHERE c.id IS NULL OR i.charge_id IS NULL
"""
ONE_FATE = f"""
SELECT coalesce(t.tenant_id, c.tenant_id) AS tenant_id, 'entry ' || coalesce(t.id, c.source_id) AS subject,
  CASE WHEN c.tenant_id IS NULL THEN 'approved, but not charged'
    ELSE format('%s minutes charged, %s worked', c.minutes, t.minutes) END AS detail
FROM (SELECT tenant_id, id, minutes FROM timesheets_timeentry WHERE status = 'approved') t
FULL JOIN (
  SELECT tenant_id, source_id, sum(minutes) AS minutes FROM billing_charge
  WHERE kind = 'time' AND status <> 'void' GROUP BY tenant_id, source_id) c
  ON c.tenant_id = t.tenant_id AND c.source_id = t.id
WHERE c.minutes IS DISTINCT FROM t.minutes
UNION ALL
SELECT c.tenant_id, 'charge ' || c.id, format('%s of %s minutes written off', w.minutes, c.billable_minutes)
FROM billing_charge c JOIN (
  SELECT tenant_id, charge_id, sum(minutes) AS minutes FROM billing_writedown GROUP BY 1, 2) w
  ON w.tenant_id = c.tenant_id AND w.charge_id = c.id
WHERE w.minutes < 0 OR w.minutes > c.billable_minutes
UNION ALL
SELECT coalesce(c.tenant_id, i.tenant_id), 'charge ' || coalesce(c.id, i.charge_id),
  'its status and its invoice line disagree'
{STANDS}"""
ONE_LINE = f"""
SELECT m.tenant_id, 'charge ' || m.charge_id AS subject, 'on ' || count(*) || ' live lines' AS detail
FROM billing_invoiceitem m WHERE m.is_live GROUP BY m.tenant_id, m.charge_id HAVING count(*) > 1
UNION ALL
SELECT coalesce(c.tenant_id, i.tenant_id), 'charge ' || coalesce(c.id, i.charge_id),
  coalesce(c.status || ', but on no live line', 'on a live line, but neither drafted nor billed')
{STANDS}"""
# Entries that were reopened since have left their approval: what is left of it cannot be computed again.
CONTENT = (
    "concat_ws('|', e.id, e.version, e.person_id, e.project_id, e.task_id, e.work_on, e.minutes, e.is_billable, e.note)"
)
APPROVED = f"""
SELECT a.tenant_id, 'approval ' || a.id AS subject,
  a.items || ' entries approved for the week of ' || a.week_on || ' are not what was approved' AS detail
FROM timesheets_approval a JOIN (
  SELECT tenant_id, approval_id, count(*) AS items,
    encode(sha256(string_agg(digest, ''::bytea ORDER BY id)), 'hex') AS content_sha256
  FROM (
    SELECT e.tenant_id, e.approval_id, e.id, sha256(convert_to({CONTENT}, 'UTF8')) AS digest
    FROM timesheets_timeentry e WHERE e.approval_id IS NOT NULL OFFSET 0
  ) hashed GROUP BY tenant_id, approval_id
) e ON e.tenant_id = a.tenant_id AND e.approval_id = a.id
WHERE a.kind = 'time' AND a.decision = 'approve'
  AND (e.items > a.items OR (e.items = a.items AND e.content_sha256 <> a.content_sha256))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0003_exports"),
        ("billing", "0018_payments_as_banked"),
        ("revenue", "0003_packs_apart"),
        ("timesheets", "0007_kept_clocks"),
    ]
    operations = [
        invariant("13", "Each approved minute has exactly one fate", ONE_FATE),
        invariant("14", "A charge stands on at most one live invoice line", ONE_LINE),
        invariant("40", "What was approved is what stands there", APPROVED),
    ]
