"""What was sent stays: change orders, their lines and status reports; links of clients find their tenant."""

from django.db import migrations

from quoin.base.db import migrating

FROZEN = """
CREATE FUNCTION governance_keep_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'change order % is kept: it may be withdrawn, not deleted', OLD.number USING ERRCODE = 'QN090';
  END IF;
  IF NEW.number <> OLD.number OR NEW.project_id <> OLD.project_id THEN
    RAISE EXCEPTION 'number and project of change order % stay', OLD.number USING ERRCODE = 'QN090';
  END IF;
  -- What the client was shown stays as long as it stands; only a draft is written.
  IF OLD.status <> 'draft' AND (OLD.title, OLD.reason, OLD.scope, OLD.currency, OLD.budget_minutes, OLD.budget_amount,
      OLD.planned_cost, OLD.price_amount, OLD.contract_id, OLD.created_at, OLD.created_by)
    IS DISTINCT FROM (NEW.title, NEW.reason, NEW.scope, NEW.currency, NEW.budget_minutes, NEW.budget_amount,
      NEW.planned_cost, NEW.price_amount, NEW.contract_id, NEW.created_at, NEW.created_by) THEN
    RAISE EXCEPTION 'change order % was sent: take it back before it is changed', OLD.number USING ERRCODE = 'QN090';
  END IF;
  -- The one way out of an acceptance is to take the whole of it back.
  IF OLD.status = 'accepted' AND NOT (NEW.status = 'sent' AND NEW.applied_at IS NULL) THEN
    RAISE EXCEPTION 'change order % was accepted and stays', OLD.number USING ERRCODE = 'QN090';
  END IF;
  IF NEW.status = 'accepted' AND OLD.status NOT IN ('sent', 'accepted') THEN
    RAISE EXCEPTION 'only a change order that was sent is accepted' USING ERRCODE = 'QN090';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER governance_changeorder_keep BEFORE UPDATE OR DELETE ON governance_changeorder
  FOR EACH ROW EXECUTE FUNCTION governance_keep_change();
CREATE FUNCTION governance_keep_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held uuid := CASE WHEN TG_OP = 'INSERT' THEN NEW.change_id ELSE OLD.change_id END;
DECLARE tenant uuid := CASE WHEN TG_OP = 'INSERT' THEN NEW.tenant_id ELSE OLD.tenant_id END;
BEGIN
  IF EXISTS (SELECT FROM governance_changeorder c WHERE c.tenant_id = tenant AND c.id = held AND c.status <> 'draft')
    OR (TG_OP = 'UPDATE' AND NEW.change_id <> OLD.change_id) THEN
    RAISE EXCEPTION 'the lines of a change order that was sent stay' USING ERRCODE = 'QN090';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER governance_changeline_keep BEFORE INSERT OR UPDATE OR DELETE ON governance_changeline
  FOR EACH ROW EXECUTE FUNCTION governance_keep_lines();
CREATE FUNCTION governance_keep_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'draft' THEN
    RAISE EXCEPTION 'status report % was told and stays', OLD.number USING ERRCODE = 'QN090';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER governance_statusreport_keep BEFORE UPDATE OR DELETE ON governance_statusreport
  FOR EACH ROW EXECUTE FUNCTION governance_keep_report();
"""


class Migration(migrating.Migration):
    replaces = [("governance", "0002_kept")]
    dependencies = [("accounts", "0002_standing"), ("governance", "0001_tables")]
    operations = [
        migrations.RunSQL(
            FROZEN, "DROP FUNCTION governance_keep_report, governance_keep_lines, governance_keep_change CASCADE;"
        ),
        migrations.RunSQL(
            migrating.door("governance_changelink", "link", "governance_keep_link_door"),
            "DROP FUNCTION governance_keep_link_door CASCADE;",
        ),
    ]
