"""Fresh statistics on demand: after a load the planner must not believe that a table is empty.

The serving role owns no table and may not ANALYZE; this function may, and does nothing else.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION refresh_statistics(asked regclass[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE one regclass;
BEGIN
  FOREACH one IN ARRAY asked LOOP EXECUTE format('ANALYZE %s', one); END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("base", "0005_checks")]
    operations = [migrations.RunSQL(SQL, "DROP FUNCTION refresh_statistics")]
