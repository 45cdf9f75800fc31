"""The two database roles and what they may do; the same statements for the local server and for an operator's.

`quoin_owner` owns the tables and migrates. `quoin_app` serves: it owns nothing and cannot bypass row security.
"""

from __future__ import annotations

from psycopg import sql

OWNER_ROLE = "quoin_owner"
APP_ROLE = "quoin_app"
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")

_CREATE_ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {text}) THEN
    CREATE ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION;
  END IF;
END $$
"""


def role_statements() -> tuple[sql.Composed, ...]:
    """Creates both roles if they are missing; run by a superuser in any database."""
    return tuple(
        sql.SQL(_CREATE_ROLE).format(text=sql.Literal(role), name=sql.Identifier(role))
        for role in (OWNER_ROLE, APP_ROLE)
    )


def database_statements(database: str) -> tuple[sql.Composed, ...]:
    """Who may enter the database; run by a superuser. A copy of a template starts without these."""
    names = {"database": sql.Identifier(database), "owner": sql.Identifier(OWNER_ROLE), "app": sql.Identifier(APP_ROLE)}
    return tuple(
        sql.SQL(statement).format(**names)
        for statement in (
            "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
            "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}",
        )
    )


def content_statements() -> tuple[sql.Composed, ...]:
    """Extensions and rights inside the database; run by a superuser connected to it."""
    names = {"owner": sql.Identifier(OWNER_ROLE), "app": sql.Identifier(APP_ROLE)}
    default = "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT "
    extensions = tuple(
        sql.SQL("CREATE EXTENSION IF NOT EXISTS {name}").format(name=sql.Identifier(name)) for name in EXTENSIONS
    )
    rights = tuple(
        sql.SQL(statement).format(**names)
        for statement in (
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
            "GRANT USAGE, CREATE ON SCHEMA public TO {owner}",
            "GRANT USAGE ON SCHEMA public TO {app}",
            f"{default} SELECT, INSERT, UPDATE, DELETE ON TABLES TO {{app}}",
            f"{default} USAGE ON SEQUENCES TO {{app}}",
            f"{default} EXECUTE ON FUNCTIONS TO {{app}}",
        )
    )
    return extensions + rights
