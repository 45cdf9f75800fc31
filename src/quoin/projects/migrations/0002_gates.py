"""The database holds what gates hold: no work behind a waiting gate, no gate passed with an unmet item, no word of a
published template changed, no project begun from a draft.
"""

from django.db import migrations

from quoin.base.db import migrating

HOLD = """
CREATE FUNCTION projects_gates_above(asked_tenant uuid, asked_task uuid) RETURNS TABLE (gate uuid)
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE above(id) AS (
    SELECT asked_task
    UNION
    SELECT t.parent_id FROM above a JOIN projects_task t ON t.tenant_id = asked_tenant AND t.id = a.id
    WHERE t.parent_id IS NOT NULL
  )
  SELECT g.id FROM above a JOIN projects_gate g ON g.tenant_id = asked_tenant AND g.task_id = a.id
$$;

CREATE FUNCTION projects_hold_work() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held record;
BEGIN
  IF NOT EXISTS (SELECT FROM projects_gate WHERE tenant_id = NEW.tenant_id AND project_id = NEW.project_id) THEN
    RETURN NEW;
  END IF;
  -- The lock makes whoever opens the gate again wait for this work, and see it.
  FOR held IN
    SELECT g.name, g.status FROM projects_gate g
    WHERE g.tenant_id = NEW.tenant_id AND g.project_id = NEW.project_id AND (
      g.task_id = NEW.id OR g.id IN (SELECT gate FROM projects_gates_above(NEW.tenant_id, NEW.parent_id)))
    ORDER BY g.id FOR SHARE
  LOOP
    IF held.status = 'waiting' THEN
      RAISE EXCEPTION 'Gate "%" holds "%": its list is not met yet, or nobody has passed it.', held.name, NEW.name
        USING ERRCODE = 'QN071', CONSTRAINT = 'gate_holds_work';
    END IF;
  END LOOP;
  RETURN NEW;
END $$;
CREATE TRIGGER projects_task_held_new BEFORE INSERT ON projects_task FOR EACH ROW
  WHEN (NEW.status IN ('in_progress', 'done') OR NEW.percent > 0 OR NEW.actual_start_at IS NOT NULL)
  EXECUTE FUNCTION projects_hold_work();
CREATE TRIGGER projects_task_held BEFORE UPDATE ON projects_task FOR EACH ROW
  WHEN ((NEW.status IN ('in_progress', 'done') OR NEW.percent > 0 OR NEW.actual_start_at IS NOT NULL)
    AND (NOT (OLD.status IN ('in_progress', 'done') OR OLD.percent > 0 OR OLD.actual_start_at IS NOT NULL)
      OR NEW.parent_id IS DISTINCT FROM OLD.parent_id))
  EXECUTE FUNCTION projects_hold_work();

CREATE FUNCTION projects_carry_work() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  begun text;
BEGIN
  -- A branch with work in it moves as a whole: what stands under the moved row counts too.
  WITH RECURSIVE below(id) AS (
    SELECT NEW.id
    UNION
    SELECT t.id FROM below b JOIN projects_task t ON t.tenant_id = NEW.tenant_id AND t.parent_id = b.id
  )
  SELECT t.name INTO begun FROM below b JOIN projects_task t ON t.tenant_id = NEW.tenant_id AND t.id = b.id
  WHERE t.status IN ('in_progress', 'done') OR t.percent > 0 OR t.actual_start_at IS NOT NULL LIMIT 1;
  IF begun IS NOT NULL AND EXISTS (
    SELECT FROM projects_gate g
    JOIN projects_gates_above(NEW.tenant_id, NEW.parent_id) a ON a.gate = g.id
    WHERE g.tenant_id = NEW.tenant_id AND g.status = 'waiting')
  THEN
    RAISE EXCEPTION 'A gate holds the phase, and work on "%" has begun.', begun
      USING ERRCODE = 'QN071', CONSTRAINT = 'gate_holds_work';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER projects_task_carried AFTER UPDATE OF parent_id ON projects_task FOR EACH ROW
  WHEN (NEW.parent_id IS DISTINCT FROM OLD.parent_id AND NEW.parent_id IS NOT NULL)
  EXECUTE FUNCTION projects_carry_work();
"""
GATES = """
CREATE FUNCTION projects_judge_gate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  begun text;
  unmet text;
BEGIN
  IF NEW.status = 'passed' AND (TG_OP = 'INSERT' OR OLD.status <> 'passed') THEN
    SELECT coalesce(nullif(i.text, ''), i.kind) INTO unmet FROM projects_gateitem i
    WHERE i.tenant_id = NEW.tenant_id AND i.gate_id = NEW.id AND i.met_at IS NULL ORDER BY i.position LIMIT 1;
    IF unmet IS NOT NULL THEN
      RAISE EXCEPTION 'Gate "%" is not met: %', NEW.name, unmet
        USING ERRCODE = 'QN072', CONSTRAINT = 'gate_unmet';
    END IF;
  END IF;
  IF NEW.status = 'waiting' AND (TG_OP = 'INSERT' OR OLD.status <> 'waiting' OR NEW.task_id <> OLD.task_id) THEN
    WITH RECURSIVE below(id) AS (
      SELECT NEW.task_id
      UNION
      SELECT t.id FROM below b JOIN projects_task t ON t.tenant_id = NEW.tenant_id AND t.parent_id = b.id
    )
    SELECT t.name INTO begun FROM below b JOIN projects_task t ON t.tenant_id = NEW.tenant_id AND t.id = b.id
    WHERE t.status IN ('in_progress', 'done') OR t.percent > 0 OR t.actual_start_at IS NOT NULL LIMIT 1;
    IF begun IS NOT NULL THEN
      RAISE EXCEPTION 'Work behind gate "%" has begun already: "%".', NEW.name, begun
        USING ERRCODE = 'QN073', CONSTRAINT = 'gate_too_late';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER projects_gate_judged BEFORE INSERT OR UPDATE ON projects_gate
  FOR EACH ROW EXECUTE FUNCTION projects_judge_gate();

CREATE FUNCTION projects_keep_gate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found text;
BEGIN
  SELECT status INTO found FROM projects_gate
  WHERE tenant_id = coalesce(NEW.tenant_id, OLD.tenant_id) AND id = coalesce(NEW.gate_id, OLD.gate_id) FOR SHARE;
  IF found IN ('passed', 'waived') THEN
    RAISE EXCEPTION 'The gate is decided. Open it again to change what it asks for.'
      USING ERRCODE = 'QN074', CONSTRAINT = 'gate_decided_stays';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER projects_gateitem_kept BEFORE INSERT OR UPDATE OR DELETE ON projects_gateitem
  FOR EACH ROW EXECUTE FUNCTION projects_keep_gate();
"""
TEMPLATES = """
CREATE FUNCTION projects_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 'published' THEN
    RAISE EXCEPTION 'A published version of a template stays as it is. Change the draft of the next one.'
      USING ERRCODE = 'QN075', CONSTRAINT = 'template_version_kept';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER projects_templateversion_kept BEFORE UPDATE OR DELETE ON projects_templateversion
  FOR EACH ROW EXECUTE FUNCTION projects_keep_version();

CREATE FUNCTION projects_judge_origin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM projects_templateversion v
                 WHERE v.tenant_id = NEW.tenant_id AND v.id = NEW.version_id AND v.status = 'published') THEN
    RAISE EXCEPTION 'A project begins from a published version of a template.'
      USING ERRCODE = 'QN076', CONSTRAINT = 'project_origin_published';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER projects_projectorigin_judged BEFORE INSERT ON projects_projectorigin
  FOR EACH ROW EXECUTE FUNCTION projects_judge_origin();

CREATE FUNCTION projects_keep_template_file() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found text;
BEGIN
  SELECT status INTO found FROM projects_templateversion
  WHERE tenant_id = coalesce(NEW.tenant_id, OLD.tenant_id) AND id = coalesce(NEW.version_id, OLD.version_id) FOR SHARE;
  IF found = 'published' THEN
    RAISE EXCEPTION 'A published version of a template stays as it is. Change the draft of the next one.'
      USING ERRCODE = 'QN075', CONSTRAINT = 'template_version_kept';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER projects_templatefile_kept BEFORE INSERT OR UPDATE OR DELETE ON projects_templatefile
  FOR EACH ROW EXECUTE FUNCTION projects_keep_template_file();
"""


class Migration(migrating.Migration):
    replaces = [("projects", "0006_gates_judge")]
    dependencies = [("projects", "0001_tables")]
    operations = [
        migrations.RunSQL(HOLD, "DROP FUNCTION projects_carry_work, projects_hold_work, projects_gates_above CASCADE;"),
        migrations.RunSQL(GATES, "DROP FUNCTION projects_keep_gate, projects_judge_gate CASCADE;"),
        migrations.RunSQL(
            TEMPLATES,
            "DROP FUNCTION projects_keep_template_file, projects_judge_origin, projects_keep_version CASCADE;",
        ),
    ]
