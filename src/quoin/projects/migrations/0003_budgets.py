"""The database keeps budgets: no kept version changes, and the totals on a project are those of its last one."""

from django.db import migrations

from quoin.base.db import migrating

KEEP = """
CREATE FUNCTION projects_keep_budget_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found text;
BEGIN
  SELECT status INTO found FROM projects_budgetversion
  WHERE tenant_id = coalesce(NEW.tenant_id, OLD.tenant_id) AND id = coalesce(NEW.version_id, OLD.version_id) FOR SHARE;
  IF found = 'kept' THEN
    RAISE EXCEPTION 'This version of the budget is kept and stays as it is. Begin a draft from it.'
      USING ERRCODE = 'QN077', CONSTRAINT = 'budget_version_kept';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER projects_budgetline_kept BEFORE INSERT OR UPDATE OR DELETE ON projects_budgetline
  FOR EACH ROW EXECUTE FUNCTION projects_keep_budget_line();

CREATE FUNCTION projects_keep_budget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'kept' THEN
    RETURN coalesce(NEW, OLD);
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.status = 'draft' AND NEW.number = OLD.number AND NEW.project_id = OLD.project_id
    AND NOT EXISTS (SELECT FROM projects_budgetversion v WHERE v.tenant_id = OLD.tenant_id
                    AND v.project_id = OLD.project_id AND v.number > OLD.number AND v.status = 'kept') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'This version of the budget is kept and stays as it is. Begin a draft from it.'
    USING ERRCODE = 'QN077', CONSTRAINT = 'budget_version_kept';
END $$;
CREATE TRIGGER projects_budgetversion_kept BEFORE UPDATE OR DELETE ON projects_budgetversion
  FOR EACH ROW EXECUTE FUNCTION projects_keep_budget();

CREATE FUNCTION projects_judge_budget() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  asked uuid;
  last uuid;
  told record;
  said record;
BEGIN
  IF TG_TABLE_NAME = 'projects_project' THEN
    asked := NEW.id;
  ELSE
    asked := NEW.project_id;
  END IF;
  SELECT id INTO last FROM projects_budgetversion
  WHERE tenant_id = NEW.tenant_id AND project_id = asked AND status = 'kept' ORDER BY number DESC LIMIT 1;
  IF last IS NULL THEN
    RETURN NULL;
  END IF;
  SELECT coalesce(sum(minutes), 0) AS minutes, coalesce(sum(amount), 0) AS amount INTO told
  FROM projects_budgetline WHERE tenant_id = NEW.tenant_id AND version_id = last;
  SELECT budget_minutes AS minutes, coalesce(budget_amount, 0) AS amount, number INTO said
  FROM projects_project WHERE tenant_id = NEW.tenant_id AND id = asked;
  IF said.minutes <> told.minutes OR said.amount <> told.amount THEN
    RAISE EXCEPTION 'The budget of project % is kept in versions. Change it there.', said.number
      USING ERRCODE = 'QN078', CONSTRAINT = 'budget_totals';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER projects_budget_totals AFTER UPDATE OF budget_minutes, budget_amount ON projects_project
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION projects_judge_budget();
CREATE CONSTRAINT TRIGGER projects_budgetversion_totals AFTER INSERT OR UPDATE ON projects_budgetversion
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION projects_judge_budget();
"""


class Migration(migrating.Migration):
    replaces = [("projects", "0010_budgets_kept")]
    dependencies = [("projects", "0002_gates")]
    operations = [
        migrations.RunSQL(
            KEEP, "DROP FUNCTION projects_judge_budget, projects_keep_budget, projects_keep_budget_line CASCADE;"
        ),
    ]
