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
    dependencies = [
        ("accounts", "0004_saved_views"),
        ("base", "0007_trail_in_bulk"),
        ("billing", "0019_pack_notices"),
        ("compliance", "0004_sooner"),
        ("governance", "0002_kept"),
        ("insights", "0001_rollup"),
        ("ledger", "0003_whole_journals"),
        ("projects", "0012_gates_due_and_files"),
        ("resourcing", "0003_invariants"),
        ("timesheets", "0005_references"),
    ]
    operations = [migrations.RunSQL(SQL, UNDO)]
