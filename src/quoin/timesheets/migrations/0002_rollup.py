"""Exact monthly sums of time, kept by the database in the transaction that changes an entry."""

from django.db import migrations

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
CREATE TRIGGER timesheets_timeentry_roll_insert AFTER INSERT ON timesheets_timeentry
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION timesheets_roll_up();
CREATE TRIGGER timesheets_timeentry_roll_update AFTER UPDATE ON timesheets_timeentry
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION timesheets_roll_up();
CREATE TRIGGER timesheets_timeentry_roll_delete AFTER DELETE ON timesheets_timeentry
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION timesheets_roll_up();
"""

DROP = """
DROP TRIGGER timesheets_timeentry_roll_delete ON timesheets_timeentry;
DROP TRIGGER timesheets_timeentry_roll_update ON timesheets_timeentry;
DROP TRIGGER timesheets_timeentry_roll_insert ON timesheets_timeentry;
DROP FUNCTION timesheets_roll_up;
"""


class Migration(migrations.Migration):
    dependencies = [("timesheets", "0001_initial")]
    operations = [migrations.RunSQL(SQL, DROP)]
