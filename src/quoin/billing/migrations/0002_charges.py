"""Charges come by the ten thousand: their monthly sums and references are kept per statement.

The sums are exact, in the transaction that changes a charge. Six foreign keys would ask six times for each charge.
"""

from django.db import migrations

from quoin.base.db import migrating
from quoin.base.db.references import Pointer, references_sql

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
"""
_CHARGE = (
    ("entity", "accounts_legalentity"),
    ("client", "clients_client"),
    ("contract", "sales_contract"),
    ("project", "projects_project"),
    ("task", "projects_task"),
    ("person", "people_person"),
)
_POINTERS = [Pointer(f"{field}_id", target, f"billing_charge_{field}_fk") for field, target in _CHARGE]


class Migration(migrating.Migration):
    replaces = [("billing", "0002_rollup"), ("billing", "0014_references")]
    dependencies = [("billing", "0001_tables")]
    operations = [
        migrations.RunSQL(
            SQL + migrating.per_statement("billing_charge", "billing_charge_roll", "billing_roll_up"),
            "DROP FUNCTION billing_roll_up CASCADE;",
        ),
        migrations.RunSQL(*references_sql("billing_charge", _POINTERS)),
    ]
