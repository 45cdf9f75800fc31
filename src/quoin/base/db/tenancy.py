"""Tenant-scoped tables: key, references, row security and change trail as constraints that migrations manage.

Django sees a plain UUID primary key. PostgreSQL sees PRIMARY KEY (tenant_id, id), foreign keys that
start with tenant_id, a policy that shows only the current tenant's rows (none if none is set), and
triggers that write the change trail or refuse a change.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import BaseConstraint, Model
from typing_extensions import override

from quoin.base.db.context import current_tenant
from quoin.kernel.ids import from_public_id, public_id, uuid7

_M = TypeVar("_M", bound=Model)
SAME_TENANT = "tenant_id = nullif((SELECT current_setting('quoin.tenant_id', true)), '')::uuid"


class _SqlConstraint(BaseConstraint, ABC):
    @abstractmethod
    def _sql(self, table: str) -> tuple[str, str]:
        """The statements that make the constraint on the table and take it away."""

    @override
    def create_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        assert model is not None and schema_editor is not None
        # Deferred, so that every table and key of the migration exists first.
        schema_editor.deferred_sql.append(self._sql(model._meta.db_table)[0])

    @override
    def remove_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        assert model is not None
        return self._sql(model._meta.db_table)[1]

    @override
    def constraint_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        self.create_sql(model, schema_editor)

    @override
    def validate(self, *args: Any, **kwargs: Any) -> None: ...

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, _SqlConstraint) and self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]  # compared by what they are made of, never put in a set


class TenantKey(_SqlConstraint):
    """PRIMARY KEY (tenant_id, id): every lookup and a later shard start with the tenant."""

    @override
    def _sql(self, table: str) -> tuple[str, str]:
        drop = (
            f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{table}_pkey", ADD CONSTRAINT "{table}_pkey" PRIMARY KEY'
        )
        return f"{drop} (tenant_id, id)", f"{drop} (id)"

    @override
    def create_sql(self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        assert model is not None and schema_editor is not None
        # Ahead of the references of the same migration, which need the key.
        schema_editor.deferred_sql.insert(0, self._sql(model._meta.db_table)[0])


class TenantReference(_SqlConstraint):
    """FOREIGN KEY (tenant_id, column): a row can point only inside its own tenant."""

    def __init__(self, *, name: str, column: str, to: str) -> None:
        super().__init__(name=name)
        self.column, self.to = column, to

    @override
    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "column": self.column, "to": self.to}

    @override
    def _sql(self, table: str) -> tuple[str, str]:
        return (
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{self.name}" FOREIGN KEY (tenant_id, "{self.column}")'
            f' REFERENCES "{self.to}" (tenant_id, id) DEFERRABLE INITIALLY DEFERRED',
            f'ALTER TABLE "{table}" DROP CONSTRAINT "{self.name}"',
        )


class RowSecurity(_SqlConstraint):
    """Rows of the current tenant only. The sub-select makes PostgreSQL read the setting once."""

    @override
    def _sql(self, table: str) -> tuple[str, str]:
        return (
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY; ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY;'
            f' CREATE POLICY "{self.name}" ON "{table}" USING ({SAME_TENANT}) WITH CHECK ({SAME_TENANT})',
            f'DROP POLICY "{self.name}" ON "{table}"; ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
        )


class Audited(_SqlConstraint):
    """Each changed row goes to the change trail, also when it was changed by plain SQL.

    A change outside an action is refused. `inserts=False` is for tables that take rows by the
    hundred thousand and carry who made them in their own columns; updates and deletes are kept.
    """

    def __init__(self, *, name: str, inserts: bool = True) -> None:
        super().__init__(name=name)
        self.inserts = inserts

    @override
    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "inserts": self.inserts}

    @override
    def _sql(self, table: str) -> tuple[str, str]:
        kinds = {
            "insert": "NEW TABLE AS new_rows",
            "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
            "delete": "OLD TABLE AS old_rows",
        }
        if not self.inserts:
            kinds.pop("insert")
        create = "; ".join(
            f'CREATE TRIGGER "{self.name}_{kind}" AFTER {kind.upper()} ON "{table}" REFERENCING {tables}'
            f" FOR EACH STATEMENT EXECUTE FUNCTION audit_{kind}()"
            for kind, tables in kinds.items()
        )
        return create, "; ".join(f'DROP TRIGGER "{self.name}_{kind}" ON "{table}"' for kind in kinds)


class AppendOnly(_SqlConstraint):
    """Rows are written once: UPDATE, DELETE and TRUNCATE are refused for everybody."""

    @override
    def _sql(self, table: str) -> tuple[str, str]:
        return (
            f'CREATE TRIGGER "{self.name}" BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}"'
            f" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
            f'DROP TRIGGER "{self.name}" ON "{table}"',
        )


class StatementTrigger(_SqlConstraint):
    """A trigger written out: `sql` creates it (with `{name}` and `{table}` filled in)."""

    def __init__(self, *, name: str, sql: str) -> None:
        super().__init__(name=name)
        self.sql = sql

    @override
    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "sql": self.sql}

    @override
    def _sql(self, table: str) -> tuple[str, str]:
        filled = self.sql.replace("{name}", self.name).replace("{table}", table)
        return filled, f'DROP TRIGGER IF EXISTS "{self.name}" ON "{table}"'


def tenant_table(
    table: str, *, audited: bool = True, append_only: bool = False, **references: str
) -> list[BaseConstraint]:
    """The constraints of a tenant's table: key, row security, change trail, and `column="target_table"`.

    `references` names a Reference field without `_id`: `tenant_table("sales_contract", client="clients_client")`.
    """
    constraints: list[BaseConstraint] = [TenantKey(name=f"{table}_key"), RowSecurity(name=f"{table}_rows")]
    if append_only:
        constraints.append(AppendOnly(name=f"{table}_append_only"))
    elif audited:
        constraints.append(Audited(name=f"{table}_trail"))
    constraints += [
        TenantReference(name=f"{table}_{field}_fk", column=f"{field}_id", to=target)
        for field, target in references.items()
    ]
    return constraints


class Reference(models.ForeignKey[Any, Any]):
    """A foreign key inside the tenant. The database constraint is a TenantReference of the table."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs.update(db_constraint=False, db_index=False)
        kwargs.setdefault("related_name", "+")
        super().__init__(to, on_delete, **kwargs)


class TenantManager(models.Manager[_M]):
    """Reads and writes rows of the current tenant; raises NoTenant if there is none."""

    @override
    def get_queryset(self) -> models.QuerySet[_M]:
        return super().get_queryset().filter(tenant_id=current_tenant())


class TenantModel(models.Model):
    """A row of one tenant, with a time-ordered id and a public id like `prj_01J...`."""

    prefix: ClassVar[str] = "row"

    tenant_id = models.UUIDField(editable=False, default=current_tenant)
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @property
    def public_id(self) -> str:
        return public_id(self.prefix, self.id)

    @classmethod
    def uuid_of(cls, text: str) -> UUID:
        """The id behind a public id of this table; ValueError for another kind."""
        return from_public_id(cls.prefix, text)


def amount_field(**kwargs: Any) -> models.DecimalField[Any, Any]:
    """A money amount; its currency stands beside it or on the parent."""
    return models.DecimalField(max_digits=19, decimal_places=4, **kwargs)


def rate_field(**kwargs: Any) -> models.DecimalField[Any, Any]:
    """A price per hour, or a quantity."""
    return models.DecimalField(max_digits=19, decimal_places=6, **kwargs)


def currency_field(**kwargs: Any) -> models.CharField[Any, Any]:
    """An ISO 4217 code."""
    return models.CharField(max_length=3, **kwargs)
