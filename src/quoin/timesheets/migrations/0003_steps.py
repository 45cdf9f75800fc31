"""The judge of steps: only listed transitions, approved content stays as it was approved."""

from django.db import migrations

_LISTED = """(
  ('open', 'submitted'), ('returned', 'submitted'), ('returned', 'open'), ('submitted', 'open'),
  ('submitted', 'approved'), ('submitted', 'returned'), ('approved', 'open'))"""

SQL = f"""
CREATE FUNCTION timesheets_check_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT o.status AS before, n.status AS after INTO bad
  FROM new_rows n JOIN old_rows o ON o.tenant_id = n.tenant_id AND o.id = n.id
  WHERE (n.status <> o.status AND (o.status, n.status) NOT IN {_LISTED})
    OR (o.status = 'approved' AND n.status = 'approved'
      AND (n.minutes, n.work_on, n.project_id, n.task_id, n.person_id, n.is_billable, n.version, n.note)
        IS DISTINCT FROM (o.minutes, o.work_on, o.project_id, o.task_id, o.person_id, o.is_billable, o.version, o.note))
  LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  ELSIF bad.before = bad.after THEN
    RAISE EXCEPTION 'approved time does not change; reopen it first' USING ERRCODE = 'QN020';
  END IF;
  RAISE EXCEPTION 'time cannot go from % to %', bad.before, bad.after USING ERRCODE = 'QN021';
END $$;

CREATE FUNCTION timesheets_check_expense() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT o.status AS before, n.status AS after INTO bad
  FROM new_rows n JOIN old_rows o ON o.tenant_id = n.tenant_id AND o.id = n.id
  WHERE (n.status <> o.status AND (o.status, n.status) NOT IN {_LISTED})
    OR (o.status = 'approved' AND n.status = 'approved'
      AND (n.gross_amount, n.vat_amount, n.currency, n.base_net_amount, n.spent_on, n.project_id, n.person_id,
           n.category_id, n.is_billable, n.is_reimbursable, n.receipt_id, n.version)
        IS DISTINCT FROM (o.gross_amount, o.vat_amount, o.currency, o.base_net_amount, o.spent_on, o.project_id,
           o.person_id, o.category_id, o.is_billable, o.is_reimbursable, o.receipt_id, o.version))
  LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  ELSIF bad.before = bad.after THEN
    RAISE EXCEPTION 'an approved expense does not change; reopen it first' USING ERRCODE = 'QN020';
  END IF;
  RAISE EXCEPTION 'an expense cannot go from % to %', bad.before, bad.after USING ERRCODE = 'QN021';
END $$;

CREATE FUNCTION timesheets_keep_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM old_rows WHERE status = 'approved') THEN
    RAISE EXCEPTION 'what is approved is not deleted; reopen it first' USING ERRCODE = 'QN020';
  END IF;
  RETURN NULL;
END $$;
"""

DROP = "DROP FUNCTION timesheets_keep_approved, timesheets_check_expense, timesheets_check_time;"


class Migration(migrations.Migration):
    dependencies = [("timesheets", "0002_rollup")]
    operations = [migrations.RunSQL(SQL, DROP)]
