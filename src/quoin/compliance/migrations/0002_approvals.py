"""What was approved is what stands there: the hash that an approval took is computed again."""

from django.db import migrations

from quoin.base.audit.checks import invariant

# Entries that were reopened since have left their approval: what is left of it cannot be computed again.
CONTENT = (
    "concat_ws('|', e.id, e.version, e.person_id, e.project_id, e.task_id, e.work_on, e.minutes, e.is_billable, e.note)"
)
APPROVED = f"""
SELECT a.tenant_id, 'approval ' || a.id AS subject,
  a.items || ' entries approved for the week of ' || a.week_on || ' are not what was approved' AS detail
FROM timesheets_approval a
JOIN timesheets_timeentry e ON e.tenant_id = a.tenant_id AND e.approval_id = a.id
WHERE a.kind = 'time' AND a.decision = 'approve'
GROUP BY a.tenant_id, a.id, a.items, a.week_on, a.content_sha256
HAVING count(*) > a.items OR (count(*) = a.items AND a.content_sha256 <> encode(
  sha256(string_agg(sha256(convert_to({CONTENT}, 'UTF8')), ''::bytea ORDER BY e.id)), 'hex'))
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0001_checks"), ("timesheets", "0005_references")]
    operations = [invariant("40", "What was approved is what stands there", APPROVED)]
