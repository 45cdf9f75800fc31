"""Revenue per month, kept by the database in the transaction that posts a journal line."""

from django.db import migrations, models

import quoin.base.db.tenancy

NIL = "'00000000-0000-0000-0000-000000000000'"
KEY = "tenant_id, month_on, project_id, person_id, contract_id, client_id, entity_id, currency"
SQL = f"""
CREATE FUNCTION insights_roll_up_earned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO insights_earnedmonth AS t ({KEY}, amount, lines)
  SELECT n.tenant_id, date_trunc('month', j.posting_on)::date, coalesce(n.project_id, {NIL}), coalesce(n.person_id, {NIL}),
    coalesce(n.contract_id, {NIL}), coalesce(n.client_id, {NIL}), j.entity_id, e.currency, -sum(n.base_amount), count(*)
  FROM new_rows n
  JOIN ledger_account a ON a.tenant_id = n.tenant_id AND a.id = n.account_id
    AND a.kind = 'revenue' AND a.role LIKE '4%'
  JOIN ledger_journal j ON j.tenant_id = n.tenant_id AND j.id = n.journal_id
  JOIN accounts_legalentity e ON e.tenant_id = j.tenant_id AND e.id = j.entity_id
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
  ON CONFLICT ({KEY}) DO UPDATE SET amount = t.amount + excluded.amount, lines = t.lines + excluded.lines;
  RETURN NULL;
END $$;
-- Journal lines are only ever inserted: the ledger refuses to change or delete them.
CREATE TRIGGER insights_journalline_roll AFTER INSERT ON ledger_journalline
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION insights_roll_up_earned();
"""
DROP = """
DROP TRIGGER insights_journalline_roll ON ledger_journalline;
DROP FUNCTION insights_roll_up_earned;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("accounts", "0001_initial"), ("ledger", "0004_line_contract")]
    operations = [
        migrations.CreateModel(
            name="EarnedMonth",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "tenant_id",
                        "month_on",
                        "project_id",
                        "person_id",
                        "contract_id",
                        "client_id",
                        "entity_id",
                        "currency",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("tenant_id", models.UUIDField()),
                ("month_on", models.DateField()),
                ("project_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("contract_id", models.UUIDField()),
                ("client_id", models.UUIDField()),
                ("entity_id", models.UUIDField()),
                ("currency", models.CharField(max_length=3)),
                ("amount", models.DecimalField(decimal_places=4, max_digits=24)),
                ("lines", models.BigIntegerField()),
            ],
            options={"constraints": [quoin.base.db.tenancy.RowSecurity(name="insights_earnedmonth_rows")]},
        ),
        migrations.RunSQL(SQL, DROP),
    ]
