"""References checked per statement, for tables that take rows by the ten thousand: a foreign key asks once per row.

The guarantee is the same. Whoever writes a reference holds a key-share lock on what it points at, as a foreign key
does; whoever deletes that asks at once, after taking the row's lock and while its tenant is set. The errors carry the
foreign key's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pointer:
    """A column of a table and what it points at. `name` is that of the foreign key that it stands for."""

    column: str
    target: str
    name: str


def references_sql(table: str, pointers: Sequence[Pointer]) -> tuple[str, str]:
    """The statements that judge the references of a table, and those that take the judge away."""
    create = f"{_writes(table, pointers)}{''.join(_keeps(table, pointer) for pointer in pointers)}"
    drop = "".join(
        f"DROP TRIGGER {_keep_name(table, one)} ON {one.target}; DROP FUNCTION {_keep_name(table, one)};"
        for one in pointers
    )
    drop += (
        f"DROP TRIGGER {table}_points_insert ON {table}; DROP TRIGGER {table}_points_update ON {table};"
        f"DROP FUNCTION {table}_check_points;"
    )
    return create, drop


def _writes(table: str, pointers: Sequence[Pointer]) -> str:
    checks = "".join(_check(table, pointer) for pointer in pointers)
    return f"""
CREATE FUNCTION {table}_check_points() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN{checks}
  RETURN NULL;
END $$;
CREATE TRIGGER {table}_points_insert AFTER INSERT ON {table}
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {table}_check_points();
CREATE TRIGGER {table}_points_update AFTER UPDATE ON {table}
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {table}_check_points();
"""


def _check(table: str, pointer: Pointer) -> str:
    """What the statement pointed at anew must be there, and stays there until this transaction ends.

    What another row of the statement pointed at before it need not be asked for: it could not have gone away. The
    look-up by key is forced, as the plan is kept for statements of all sizes.
    """
    column, target = pointer.column, pointer.target
    new = f"SELECT tenant_id, {column} AS id FROM new_rows WHERE {column} IS NOT NULL"
    lost = f"""SELECT FROM (%s) d LEFT JOIN LATERAL (
      SELECT p.id FROM {target} p WHERE p.tenant_id = d.tenant_id AND p.id = d.id FOR KEY SHARE) f ON true
    WHERE f.id IS NULL"""
    old = f"SELECT tenant_id, {column} FROM old_rows"
    return f"""
  IF TG_OP = 'INSERT' THEN
    PERFORM FROM ({lost % f"SELECT DISTINCT tenant_id, id FROM ({new}) n"}) l;
  ELSE
    PERFORM FROM ({lost % f"{new} EXCEPT {old}"}) l;
  END IF;
  IF FOUND THEN
    RAISE EXCEPTION 'a row of {table} points at a row of {target} that does not exist'
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = '{pointer.name}';
  END IF;"""


def _keeps(table: str, pointer: Pointer) -> str:
    name = _keep_name(table, pointer)
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM {table} r WHERE r.tenant_id = OLD.tenant_id AND r.{pointer.column} = OLD.id)
    AND NOT EXISTS (SELECT FROM {pointer.target} p WHERE p.tenant_id = OLD.tenant_id AND p.id = OLD.id) THEN
    RAISE EXCEPTION 'a row of {table} points at this row of {pointer.target}'
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = '{pointer.name}';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER {name} AFTER DELETE OR UPDATE OF tenant_id, id ON {pointer.target}
  FOR EACH ROW EXECUTE FUNCTION {name}();
"""


def _keep_name(table: str, pointer: Pointer) -> str:
    return f"{table}_keep_{pointer.column}"
