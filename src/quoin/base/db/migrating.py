"""What migrations are written with: tables of tenants in a few lines, triggers in threes, and models rendered once.

What stands here is a part of history: a change to it must leave the SQL of applied migrations as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import BaseConstraint
from typing_extensions import override

from quoin.base.db.context import current_tenant
from quoin.base.db.tenancy import Audited, Reference, TenantReference, tenant_table
from quoin.kernel.ids import uuid7


class Migration(migrations.Migration):
    """Renders the models of all its new tables at once, where Django renders every related model for each of them.

    Only new tables allow this: nothing that was rendered before changes. With any other operation, or when only the
    SQL is asked for, it is Django's.
    """

    @override
    def apply(
        self,
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
        collect_sql: bool = False,
    ) -> ProjectState:
        if collect_sql or not all(_only_adds(one) for one in self.operations):
            return super().apply(project_state, schema_editor, collect_sql)
        apps = project_state.apps
        # Without rendered models the state only notes what is added.
        del project_state.__dict__["apps"]
        for operation in self.operations:
            operation.state_forwards(self.app_label, project_state)
        project_state.__dict__["apps"] = apps
        apps.render_multiple(
            [
                project_state.models[self.app_label, operation.name_lower]
                for operation in self.operations
                if isinstance(operation, migrations.CreateModel)
            ]
        )
        for operation in self.operations:
            operation.database_forwards(self.app_label, schema_editor, project_state, project_state)
        return project_state


def _only_adds(operation: Operation) -> bool:
    if isinstance(operation, migrations.RunSQL):
        return not operation.state_operations
    return isinstance(operation, migrations.CreateModel)


def tables(app: str) -> partial[migrations.CreateModel]:
    """`tenant_model` for the tables of one app."""
    return partial(tenant_model, app)


def tenant_model(
    app: str,
    name: str,
    fields: Sequence[tuple[str, models.Field[Any, Any]]],
    *constraints: BaseConstraint,
    indexes: Sequence[models.Index] = (),
    trail: str = "all",
    judged: Sequence[str] = (),
) -> migrations.CreateModel:
    """A table of tenants: tenant and id, key, row security, trail, and a foreign key for each Reference.

    `trail` is "all", "changes" (no inserts), "append only" or "none". References in `judged` have no foreign key:
    triggers per statement ask for them.
    """
    table = f"{app}_{name.lower()}"
    bound = {
        field: _table_of(reference)
        for field, reference in fields
        if isinstance(reference, Reference) and field not in judged
    }
    fence = tenant_table(table, audited=trail in {"all", "changes"}, append_only=trail == "append only", **bound)
    if trail == "changes":
        fence = [Audited(name=one.name, inserts=False) if isinstance(one, Audited) else one for one in fence]
    return migrations.CreateModel(
        name=name,
        fields=[
            ("tenant_id", models.UUIDField(default=current_tenant, editable=False)),
            ("id", models.UUIDField(default=uuid7, editable=False, primary_key=True, serialize=False)),
            *fields,
        ],
        options={"constraints": [*fence, *constraints], **({"indexes": list(indexes)} if indexes else {})},
    )


def bound(table: str, field: str, to: str) -> TenantReference:
    """The foreign key of a column that is no Reference, because its app does not know the other's models."""
    return TenantReference(name=f"{table}_{field}_fk", column=f"{field}_id", to=to)


def per_statement(table: str, prefix: str, function: str) -> str:
    """Three triggers of one function, which finds what a statement changed in `new_rows` and `old_rows`."""
    seen = {
        "insert": "NEW TABLE AS new_rows",
        "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "delete": "OLD TABLE AS old_rows",
    }
    return "".join(
        f"CREATE TRIGGER {prefix}_{kind} AFTER {kind.upper()} ON {table} REFERENCING {rows}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {function}();\n"
        for kind, rows in seen.items()
    )


def door(table: str, kind: str, function: str) -> str:
    """Keeps `accounts_door` for a table of secrets: a digest leads to its tenant until it is revoked."""
    return f"""
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM accounts_door WHERE kind = '{kind}' AND key = OLD.digest AND tenant_id = OLD.tenant_id;
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.revoked_at IS NULL THEN
    INSERT INTO accounts_door (kind, key, tenant_id, row_id) VALUES ('{kind}', NEW.digest, NEW.tenant_id, NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER {table}_door AFTER INSERT OR UPDATE OF digest, revoked_at OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION {function}();
"""


def _table_of(reference: Reference) -> str:
    return str(reference.deconstruct()[3]["to"]).lower().replace(".", "_")
