"""Exact monthly sums of charges, kept by the database in the transaction that changes one."""

from django.db import migrations

_KEY = "tenant_id, month_on, project_id, person_id, kind, status, currency"
_INTO = f"INSERT INTO billing_chargemonth AS t ({_KEY}, cost_currency, minutes, billable_minutes, amount, cost_amount, charges)"
_PICK = """SELECT tenant_id, date_trunc('month', work_on)::date,
      coalesce(project_id, '00000000-0000-0000-0000-000000000000'),
      coalesce(person_id, '00000000-0000-0000-0000-000000000000'), kind, status, currency, min(cost_currency),
      sum(sign * minutes), sum(sign * billable_minutes), sum(sign * amount), sum(sign * cost_amount), sum(sign)"""
_MERGE = f"""GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7
    ON CONFLICT ({_KEY}) DO UPDATE SET minutes = t.minutes + excluded.minutes,
      billable_minutes = t.billable_minutes + excluded.billable_minutes, amount = t.amount + excluded.amount,
      cost_amount = t.cost_amount + excluded.cost_amount, charges = t.charges + excluded.charges"""

SQL = f"""
CREATE FUNCTION billing_roll_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    {_INTO} {_PICK} FROM (SELECT *, 1 AS sign FROM new_rows) r {_MERGE};
  ELSIF TG_OP = 'DELETE' THEN
    {_INTO} {_PICK} FROM (SELECT *, -1 AS sign FROM old_rows) r {_MERGE};
  ELSE
    {_INTO} {_PICK} FROM (
      SELECT *, 1 AS sign FROM new_rows UNION ALL SELECT *, -1 FROM old_rows) r {_MERGE};
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER billing_charge_roll_insert AFTER INSERT ON billing_charge
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION billing_roll_up();
CREATE TRIGGER billing_charge_roll_update AFTER UPDATE ON billing_charge
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION billing_roll_up();
CREATE TRIGGER billing_charge_roll_delete AFTER DELETE ON billing_charge
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION billing_roll_up();
"""

DROP = """
DROP TRIGGER billing_charge_roll_delete ON billing_charge;
DROP TRIGGER billing_charge_roll_update ON billing_charge;
DROP TRIGGER billing_charge_roll_insert ON billing_charge;
DROP FUNCTION billing_roll_up;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]
    operations = [migrations.RunSQL(SQL, DROP)]
