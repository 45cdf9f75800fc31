"""The tenant of the moment: set for one transaction in PostgreSQL and, as a second fence, for the managers.

Only `set_config(..., true)` is used, so nothing outlives the transaction and a pooler is safe.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from uuid import UUID

from django.db import connection, transaction

from quoin.base.actor import Actor
from quoin.base.db.reading import keeping_reads

_tenant: ContextVar[UUID | None] = ContextVar("quoin_tenant", default=None)


class NoTenant(RuntimeError):
    """A tenant's table was read or written without saying for which tenant."""


def current_tenant() -> UUID:
    """The tenant of the transaction; NoTenant outside of one."""
    tenant_id = _tenant.get()
    if tenant_id is None:
        raise NoTenant("no tenant is set: wrap the code in tenant_transaction(actor)")
    return tenant_id


@contextmanager
def tenant_transaction(actor: Actor, *, read_only: bool = False, savepoint: bool = True) -> Iterator[None]:
    """Run the block in a transaction that sees and writes only the actor's tenant.

    Inside a transaction of the same tenant it is a savepoint; inside another tenant's it is refused. Without
    `savepoint` it is a part of the transaction around it: whatever fails in it undoes that as well.
    """
    is_nested = is_inside(actor)
    with transaction.atomic(savepoint=savepoint):
        if not is_nested:
            _enter(actor, read_only=read_only)
        with entered(actor, read_only=read_only and not is_nested):
            yield


@contextmanager
def entered(actor: Actor, *, read_only: bool = False) -> Iterator[None]:
    """The open transaction is the actor's tenant's already: whoever found out who they are has set it."""
    token = _tenant.set(actor.tenant_id)
    try:
        with keeping_reads() if read_only else nullcontext():
            yield
    finally:
        _tenant.reset(token)


def is_inside(actor: Actor) -> bool:
    """Whether a transaction of the actor's tenant is open; NoTenant inside another tenant's."""
    outer = _tenant.get()
    if outer is not None and outer != actor.tenant_id:
        raise NoTenant("a transaction belongs to one tenant")
    return outer is not None


def _enter(actor: Actor, *, read_only: bool) -> None:
    mode = "SET TRANSACTION READ ONLY; " if read_only else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{mode}SELECT set_config('quoin.tenant_id', %s, true), set_config('quoin.actor_id', %s, true),"
            " set_config('quoin.action_id', '', true)",
            [str(actor.tenant_id), str(actor.user_id or "")],
        )
