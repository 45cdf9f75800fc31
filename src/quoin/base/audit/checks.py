"""Invariants as views: `audit_check.inv_NN` returns the rows that break rule I-NN, and an empty view is a pass.

An app adds one by a migration: `operations = [invariant("21", "Payments are not applied twice", "SELECT ...")]`. The
query names `tenant_id` (null for what belongs to no tenant), `subject` (text) and `detail` (text). Views run with the
rights of who asks, so that each tenant checks its own rows.
"""

from __future__ import annotations

from django.db import migrations

from quoin.base.db.roles import APP_ROLE

SCHEMA = "audit_check"
CREATE_SCHEMA = f"""
CREATE SCHEMA {SCHEMA};
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
    GRANT USAGE ON SCHEMA {SCHEMA} TO {APP_ROLE};
    ALTER DEFAULT PRIVILEGES IN SCHEMA {SCHEMA} GRANT SELECT ON TABLES TO {APP_ROLE};
  END IF;
END $$;
"""


def invariant(number: str, title: str, query: str) -> migrations.RunSQL:
    """The migration operation that creates (or replaces) the view of I-`number`."""
    view = f"{SCHEMA}.inv_{number.lower()}"
    words = title.replace("'", "''")
    return migrations.RunSQL(
        f"DROP VIEW IF EXISTS {view}; CREATE VIEW {view} WITH (security_invoker = true) AS\n{query};"
        f" COMMENT ON VIEW {view} IS '{words}';",
        f"DROP VIEW IF EXISTS {view};",
    )
