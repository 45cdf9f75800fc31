"""@action: what every business command has in common.

One transaction, one permission, the tenant and the actor set for row security and for the change
trail, one audit row. The registry of actions is the product's vocabulary: permission screens, audit
names, webhooks and API scopes are read from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from django.db import DatabaseError
from django.utils.functional import Promise

from quoin.base.actor import Actor
from quoin.base.audit.write import Intent, canonical, intent_row, whole
from quoin.base.db.context import is_inside, tenant_transaction
from quoin.base.db.faults import domain_error
from quoin.base.db.savepoints import savepoint
from quoin.kernel.errors import Forbidden

P = ParamSpec("P")
R = TypeVar("R")
Text = str | Promise


@dataclass(frozen=True, slots=True)
class Permission:
    """A named right. `is_read` ones are asked by queries, the others are the names of actions."""

    name: str
    label: Text
    is_read: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A registered action: its name, its plain label and the guarded function."""

    name: str
    label: Text
    run: Callable[..., Any]


PERMISSIONS: dict[str, Permission] = {}
REGISTRY: dict[str, Command] = {}
_last_undoable: ContextVar[tuple[UUID, UUID] | None] = ContextVar("quoin_last_undoable", default=None)
_intent: ContextVar[Intent | None] = ContextVar("quoin_intent", default=None)


def permission(name: str, label: Text) -> str:
    """Register a right to read (`projects.project.view`, `people.cost.view`); returns the name."""
    PERMISSIONS[name] = Permission(name, label, is_read=True)
    return name


def action(
    name: str, *, label: Text
) -> Callable[[Callable[Concatenate[Actor, P], R]], Callable[Concatenate[Actor, P], R]]:
    """Register the function as the business command `name`, which is also its permission."""

    def register(command: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
        @wraps(command)
        def run(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            actor.require(name)
            if actor.viewed_by_id is not None:
                raise Forbidden("You are viewing as somebody else; leave that view to change things.")
            try:
                with _transaction(actor), _begin(actor, name, kwargs):
                    return command(actor, *args, **kwargs)
            except DatabaseError as fault:
                raise domain_error(fault) from fault

        if name in REGISTRY:
            raise ValueError(f"two actions named {name}")
        PERMISSIONS[name] = Permission(name, label)
        REGISTRY[name] = Command(name, label, run)
        return run

    return register


def touch(target: str, *, reason: str = "") -> None:
    """Say which thing the running action is about, for the audit trail."""
    running = _running()
    running.target, running.reason = target, reason or running.reason


def undo_with(name: str, /, **arguments: object) -> None:
    """Say which action takes the running one back; shown as Undo for a day."""
    _running().undo = {"action": name, "arguments": whole(arguments)}


def undo_token(actor: Actor) -> UUID | None:
    """The last action of this request that can be taken back, for the toast; None if there is none."""
    last = _last_undoable.get()
    return last[1] if last is not None and last[0] == actor.request_id else None


def running_action_id() -> UUID:
    """Id of the audit row of the running action."""
    return _running().id


def _running() -> Intent:
    intent = _intent.get()
    if intent is None:
        raise RuntimeError("no action is running")
    return intent


def _transaction(actor: Actor) -> AbstractContextManager[None]:
    return nullcontext() if is_inside(actor) else tenant_transaction(actor)


@contextmanager
def _begin(actor: Actor, name: str, arguments: Mapping[str, object]) -> Iterator[None]:
    outer = _intent.get()
    intent = Intent(name=name, arguments=canonical(arguments))
    token = _intent.set(intent)
    try:
        with savepoint(*_named(intent.id)) as last:
            yield
            # Deferred constraints speak now, inside the action, where their message can still be explained.
            last.add("SET CONSTRAINTS ALL IMMEDIATE")
            last.add("SET CONSTRAINTS ALL DEFERRED")
            last.add(*intent_row(actor, intent))
            last.add(*_named(outer.id if outer else None))
        if outer is None:
            _last_undoable.set((actor.request_id, intent.id) if intent.undo is not None else None)
    finally:
        _intent.reset(token)


def _named(action_id: UUID | None) -> tuple[str, list[str]]:
    return "SELECT set_config('quoin.action_id', %s, true)", [str(action_id or "")]
