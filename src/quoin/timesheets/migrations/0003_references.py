"""References of time entries, checked per statement: a foreign key would ask once per row and per column.

The guarantee is the same. Whoever inserts entries holds a key-share lock on what they point at; whoever deletes
a person, project or task asks after taking the row's lock. The errors carry the names of the foreign keys.
"""

from django.db import migrations

from quoin.base.db import migrating
from quoin.base.db.references import Pointer, references_sql

_TARGETS = (("person", "people_person"), ("project", "projects_project"), ("task", "projects_task"))


def _insert_check(column: str, table: str) -> str:
    wanted = f"SELECT DISTINCT tenant_id, {column}_id AS id FROM new_rows WHERE {column}_id IS NOT NULL"
    return f"""
  SELECT count(*) INTO found FROM (
    SELECT p.id FROM {table} p JOIN ({wanted}) d ON p.tenant_id = d.tenant_id AND p.id = d.id FOR KEY SHARE OF p) s;
  SELECT count(*) INTO wanted FROM ({wanted}) d;
  IF found <> wanted THEN
    RAISE EXCEPTION 'a time entry points at a {column} that does not exist'
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'timesheets_timeentry_{column}_fk';
  END IF;"""


def _row_check(column: str, table: str) -> str:
    return f"""
  IF NEW.{column}_id IS DISTINCT FROM OLD.{column}_id AND NEW.{column}_id IS NOT NULL THEN
    PERFORM 1 FROM {table} p WHERE p.tenant_id = NEW.tenant_id AND p.id = NEW.{column}_id FOR KEY SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'a time entry points at a {column} that does not exist'
        USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'timesheets_timeentry_{column}_fk';
    END IF;
  END IF;"""


def _keep(column: str, table: str) -> str:
    return f"""
CREATE FUNCTION timesheets_keep_{column}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM timesheets_timeentry e WHERE e.tenant_id = OLD.tenant_id AND e.{column}_id = OLD.id) THEN
    RAISE EXCEPTION 'time is booked on this {column}'
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'timesheets_timeentry_{column}_fk';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER timesheets_keep_{column} AFTER DELETE OR UPDATE OF tenant_id, id ON {table}
  FOR EACH ROW EXECUTE FUNCTION timesheets_keep_{column}();
"""


_CHANGED = " OR ".join(f"NEW.{column}_id IS DISTINCT FROM OLD.{column}_id" for column, _ in _TARGETS)
SQL = f"""
CREATE FUNCTION timesheets_check_references() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found bigint; wanted bigint;
BEGIN{"".join(_insert_check(*target) for target in _TARGETS)}
  RETURN NULL;
END $$;
CREATE TRIGGER timesheets_timeentry_refs AFTER INSERT ON timesheets_timeentry
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION timesheets_check_references();

CREATE FUNCTION timesheets_check_reference() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN{"".join(_row_check(*target) for target in _TARGETS)}
  RETURN NULL;
END $$;
CREATE TRIGGER timesheets_timeentry_ref AFTER UPDATE ON timesheets_timeentry
  FOR EACH ROW WHEN ({_CHANGED}) EXECUTE FUNCTION timesheets_check_reference();
{"".join(_keep(*target) for target in _TARGETS)}
"""
# Who approved an entry and by which decision: a month is approved in one statement.
_APPROVAL = [
    Pointer("approved_by_id", "people_person", "timesheets_timeentry_approver_fk"),
    Pointer("approval_id", "timesheets_approval", "timesheets_timeentry_approval_fk"),
]


class Migration(migrating.Migration):
    replaces = [("timesheets", "0005_references"), ("timesheets", "0006_approver_references")]
    dependencies = [("timesheets", "0002_monthly_sums")]
    operations = [
        migrations.RunSQL(
            SQL,
            "DROP FUNCTION timesheets_check_references, timesheets_check_reference, "
            + ", ".join(f"timesheets_keep_{column}" for column, _ in _TARGETS)
            + " CASCADE;",
        ),
        migrations.RunSQL(*references_sql("timesheets_timeentry", _APPROVAL)),
    ]
