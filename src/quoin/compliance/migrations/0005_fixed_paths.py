"""Judges and the trail read our tables: a temporary table of the same name, which any session may make, stands in
for none of them. Functions of later migrations say `SET search_path = public, pg_temp` themselves.
"""

from django.db import migrations

_EACH = """
DO $$
DECLARE one regprocedure;
BEGIN
  FOR one IN
    SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
    WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype = 'trigger'::regtype AND l.lanname = 'plpgsql'
      AND p.proname NOT LIKE 'procrastinate%' AND NOT EXISTS (
        SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP EXECUTE format('ALTER FUNCTION %s {path}', one); END LOOP;
END $$;
ALTER FUNCTION refresh_statistics(regclass[]) SET search_path = pg_catalog, public{last};
"""
SQL = _EACH.replace("{path}", "SET search_path = public, pg_temp").replace("{last}", ", pg_temp")
UNDO = _EACH.replace("{path}", "RESET search_path").replace("{last}", "")


class Migration(migrations.Migration):
    # After every file that makes a function.
    dependencies = [
        ("accounts", "0002_standing"),
        ("base", "0003_checks"),
        ("billing", "0005_checks"),
        ("compliance", "0002_checks"),
        ("governance", "0003_checks"),
        ("insights", "0002_earned"),
        ("ledger", "0002_judges"),
        ("people", "0002_capacity"),
        ("projects", "0004_checks"),
        ("resourcing", "0003_feeds_and_checks"),
        ("timesheets", "0003_references"),
    ]
    operations = [migrations.RunSQL(SQL, UNDO)]
