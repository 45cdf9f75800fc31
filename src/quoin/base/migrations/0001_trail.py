"""Functions that the triggers of every later table call: they write the change trail or refuse a change.

Comparing two rows as jsonb takes both apart into all their columns. Where a statement changed many rows, the columns
that it changed at all are found first, by plain comparison, and only those are looked at row by row.
"""

from django.db import migrations

from quoin.base.db import migrating

REFUSE = """
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
"""
TRAIL = """
CREATE FUNCTION audit_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO base_auditchange (tenant_id, action_id, table_name, row_id, operation, after)
  SELECT tenant_id, (SELECT running_action()), TG_TABLE_NAME, id, 'I', to_jsonb(new_rows) FROM new_rows;
  RETURN NULL;
END $$;

CREATE FUNCTION audit_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO base_auditchange (tenant_id, action_id, table_name, row_id, operation, before)
  SELECT tenant_id, running_action(), TG_TABLE_NAME, id, 'D', to_jsonb(old_rows) FROM old_rows;
  RETURN NULL;
END $$;

CREATE FUNCTION audit_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  most CONSTANT int := 100;
  names text[];
  differs boolean[];
  olds text;
  news text;
  changed text;
BEGIN
  IF (SELECT count(*) FROM (SELECT FROM new_rows LIMIT most + 1) few) <= most THEN
    -- Only the columns that differ are kept.
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
  END IF;
  SELECT array_agg(attname ORDER BY attnum), 'SELECT ARRAY[' || string_agg(format(
    'bool_or(n.%1$I IS DISTINCT FROM o.%1$I)', attname), ', ' ORDER BY attnum)
    || '] FROM new_rows n JOIN old_rows o USING (tenant_id, id)'
  INTO names, changed FROM pg_attribute WHERE attrelid = TG_RELID AND attnum > 0 AND NOT attisdropped;
  EXECUTE changed INTO differs;
  SELECT string_agg(format('CASE WHEN n.%1$I IS DISTINCT FROM o.%1$I THEN jsonb_build_object(%1$L, o.%1$I) ELSE ''{}'' END',
      name), ' || '),
    string_agg(format('CASE WHEN n.%1$I IS DISTINCT FROM o.%1$I THEN jsonb_build_object(%1$L, n.%1$I) ELSE ''{}'' END',
      name), ' || '),
    string_agg(format('n.%1$I IS DISTINCT FROM o.%1$I', name), ' OR ')
  INTO olds, news, changed
  FROM unnest(names, differs) AS u (name, is_different) WHERE is_different;
  IF changed IS NULL THEN
    RETURN NULL;
  END IF;
  EXECUTE 'INSERT INTO base_auditchange (tenant_id, action_id, table_name, row_id, operation, before, after)'
    ' SELECT n.tenant_id, $1, $2, n.id, ''U'', ' || olds || ', ' || news
    || ' FROM new_rows n JOIN old_rows o USING (tenant_id, id) WHERE ' || changed
    USING running_action(), TG_TABLE_NAME;
  RETURN NULL;
END $$;
"""
# The serving role owns no table and may not ANALYZE; this function may, and does nothing else: after a load the planner
# must not believe that a table is empty.
STATISTICS = """
CREATE FUNCTION refresh_statistics(asked regclass[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE one regclass;
BEGIN
  FOREACH one IN ARRAY asked LOOP EXECUTE format('ANALYZE %s', one); END LOOP;
END $$;
"""


class Migration(migrating.Migration):
    replaces = [("base", "0001_functions"), ("base", "0006_statistics"), ("base", "0007_trail_in_bulk")]
    dependencies = []
    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION refuse_change, running_action;"),
        migrations.RunSQL(TRAIL, "DROP FUNCTION audit_insert, audit_delete, audit_update;"),
        migrations.RunSQL(STATISTICS, "DROP FUNCTION refresh_statistics;"),
    ]
