"""Exact monthly sums of time, kept by the database in the transaction that changes an entry."""

from django.db import migrations

from quoin.base.db import migrating

SQL = """
CREATE FUNCTION timesheets_roll_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO timesheets_timemonth AS t
      (tenant_id, month_on, project_id, person_id, status, is_billable, minutes, entries)
    SELECT tenant_id, date_trunc('month', work_on)::date, project_id, person_id, status, is_billable,
      sum(minutes), count(*)
    FROM new_rows GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (tenant_id, month_on, project_id, person_id, status, is_billable)
    DO UPDATE SET minutes = t.minutes + excluded.minutes, entries = t.entries + excluded.entries;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO timesheets_timemonth AS t
      (tenant_id, month_on, project_id, person_id, status, is_billable, minutes, entries)
    SELECT tenant_id, date_trunc('month', work_on)::date, project_id, person_id, status, is_billable,
      -sum(minutes), -count(*)
    FROM old_rows GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (tenant_id, month_on, project_id, person_id, status, is_billable)
    DO UPDATE SET minutes = t.minutes + excluded.minutes, entries = t.entries + excluded.entries;
  ELSE
    INSERT INTO timesheets_timemonth AS t
      (tenant_id, month_on, project_id, person_id, status, is_billable, minutes, entries)
    SELECT tenant_id, date_trunc('month', work_on)::date, project_id, person_id, status, is_billable,
      sum(minutes * sign), sum(sign)
    FROM (
      SELECT tenant_id, work_on, project_id, person_id, status, is_billable, minutes, 1 AS sign FROM new_rows
      UNION ALL
      SELECT tenant_id, work_on, project_id, person_id, status, is_billable, minutes, -1 FROM old_rows
    ) both_rows
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(minutes * sign) <> 0 OR sum(sign) <> 0 ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (tenant_id, month_on, project_id, person_id, status, is_billable)
    DO UPDATE SET minutes = t.minutes + excluded.minutes, entries = t.entries + excluded.entries;
  END IF;
  RETURN NULL;
END $$;
"""


class Migration(migrating.Migration):
    replaces = [("timesheets", "0002_rollup")]
    dependencies = [("timesheets", "0001_tables")]
    operations = [
        migrations.RunSQL(
            SQL + migrating.per_statement("timesheets_timeentry", "timesheets_timeentry_roll", "timesheets_roll_up"),
            "DROP FUNCTION timesheets_roll_up CASCADE;",
        ),
    ]
