"""Marking, deferring and running jobs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.module_loading import import_string
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from quoin.base.actor import Actor, Scope, Source
from quoin.base.clock import utc_now
from quoin.base.db.context import tenant_transaction
from quoin.base.jobs.fence import Turn, claim, mark_done, wait_until_left

F = TypeVar("F", bound=Callable[..., None])
_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


def job(name: str) -> Callable[[F], F]:
    """Register the function as a job: it takes the actor and keyword arguments, inside one transaction.

    The actor is looked up again when the job starts: who was deactivated meanwhile does nothing any more.
    """

    def register(work: F) -> F:
        @app.task(name=name, pass_context=True, retry=_RETRY)  # type: ignore[untyped-decorator]  # the library has no types
        def run(context: JobContext, *, tenant_id: str, user_id: str | None, arguments: dict[str, Any]) -> None:
            try:
                actor = _actor(UUID(tenant_id), UUID(user_id) if user_id else None)
                if actor is not None:
                    _once(context, actor, lambda: work(actor, **arguments))
            finally:
                connection.close()

        return work

    return register


def every(cron: str, name: str) -> Callable[[F], F]:
    """Register a function to run for each tenant at these times (UTC), as its system actor."""

    def register(work: F) -> F:
        job(name)(work)

        @app.periodic(cron=cron)  # type: ignore[untyped-decorator]  # the library has no types
        @app.task(name=f"{name}.all", queueing_lock=f"{name}.all")  # type: ignore[untyped-decorator]  # likewise
        def spread(timestamp: int) -> None:  # noqa: ARG001  the queue passes the time it was due
            try:
                for tenant_id in import_string(settings.QUOIN_TENANTS)():
                    _defer(name, tenant_id, None, {}, lock=f"{name}:{tenant_id}")
            finally:
                connection.close()

        return work

    return register


def defer(actor: Actor, name: str, *, lock: str | None = None, **arguments: Any) -> int:
    """Queue the job in the running transaction; returns its number. Jobs with the same lock run one after the other."""
    return _defer(name, actor.tenant_id, actor.user_id, arguments, lock=f"{actor.tenant_id}:{lock}" if lock else None)


def defer_as_system(
    actor: Actor, name: str, *, lock: str | None = None, at: datetime | None = None, **arguments: Any
) -> int:
    """Queue a job that runs whoever has left meanwhile, not before `at`, with the rights of the system."""
    kept = f"{actor.tenant_id}:{lock}" if lock else None
    return _defer(name, actor.tenant_id, None, arguments, lock=kept, at=at)


def _defer(
    name: str,
    tenant_id: UUID,
    user_id: UUID | None,
    arguments: dict[str, Any],
    *,
    lock: str | None,
    at: datetime | None = None,
) -> int:
    task = app.configure_task(name, lock=lock, **({"schedule_at": at} if at is not None else {}))
    return task.defer(  # type: ignore[no-any-return]  # the library has no types here
        tenant_id=str(tenant_id), user_id=str(user_id) if user_id else None, arguments=arguments
    )


def _actor(tenant_id: UUID, user_id: UUID | None) -> Actor | None:
    if user_id is not None:
        found: Actor | None = import_string(settings.QUOIN_JOB_ACTOR)(user_id, tenant_id=tenant_id, source=Source.JOB)
        return found
    # Imported here because the registry of permissions stands above jobs.
    permissions = import_string("quoin.base.actions.PERMISSIONS")
    now = import_string(settings.QUOIN_TENANT_NOW)(tenant_id)
    locale = import_string(settings.QUOIN_TENANT_LOCALE)(tenant_id)
    return Actor(
        tenant_id=tenant_id, grants=dict.fromkeys(permissions, Scope.ALL), now=now or utc_now(), name="System",
        locale=locale, source=Source.JOB,
    )  # fmt: skip


def _once(context: JobContext, actor: Actor, work: Callable[[], None]) -> None:
    number, attempt = context.job.id, context.job.attempts
    with tenant_transaction(actor), translation.override(actor.locale):
        turn = claim(number, attempt)
        if turn is Turn.MINE:
            work()
            mark_done(number, attempt)
    if turn is Turn.TAKEN:
        wait_until_left(number)
