"""Functions that the triggers of every later table call."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are written once and never changed', TG_TABLE_NAME USING ERRCODE = 'QN001';
END $$;

CREATE FUNCTION running_action() RETURNS uuid LANGUAGE plpgsql STABLE AS $$
DECLARE found uuid := nullif(current_setting('quoin.action_id', true), '')::uuid;
BEGIN
  IF found IS NULL THEN
    RAISE EXCEPTION 'business tables change only inside an action' USING ERRCODE = 'QN002';
  END IF;
  RETURN found;
END $$;

CREATE FUNCTION audit_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO base_auditchange (tenant_id, action_id, table_name, row_id, operation, after)
  SELECT tenant_id, running_action(), TG_TABLE_NAME, id, 'I', to_jsonb(new_rows) FROM new_rows;
  RETURN NULL;
END $$;

CREATE FUNCTION audit_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO base_auditchange (tenant_id, action_id, table_name, row_id, operation, before)
  SELECT tenant_id, running_action(), TG_TABLE_NAME, id, 'D', to_jsonb(old_rows) FROM old_rows;
  RETURN NULL;
END $$;

-- Only the columns that differ are kept.
CREATE FUNCTION audit_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO base_auditchange (tenant_id, action_id, table_name, row_id, operation, before, after)
  SELECT n.tenant_id, running_action(), TG_TABLE_NAME, n.id, 'U', d.before, d.after
  FROM new_rows n JOIN old_rows o USING (tenant_id, id)
  CROSS JOIN LATERAL (
    SELECT jsonb_object_agg(b.key, b.value) AS before, jsonb_object_agg(b.key, a.value) AS after
    FROM jsonb_each(to_jsonb(o)) b JOIN jsonb_each(to_jsonb(n)) a USING (key)
    WHERE a.value IS DISTINCT FROM b.value
  ) d
  WHERE d.before IS NOT NULL;
  RETURN NULL;
END $$;
"""

DROP = "DROP FUNCTION audit_update, audit_delete, audit_insert, running_action, refuse_change;"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(FUNCTIONS, DROP)]
