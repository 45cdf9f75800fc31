"""Emitting events and the map of their handlers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from quoin.base.actor import Actor
from quoin.base.audit.write import canonical
from quoin.base.events.models import Event

Within = Callable[[Actor, Mapping[str, Any]], None]
Together = Callable[[Actor, Sequence[Mapping[str, Any]]], None]
"""Handles at once what one action did alike to many things."""
Witness = Callable[[Actor, Sequence[Event]], None]
"""Sees every event, in its transaction: takes rows of the outbox that were written together."""

_within: defaultdict[str, list[Within]] = defaultdict(list)
_together: defaultdict[str, list[Together]] = defaultdict(list)
_witnesses: list[Witness] = []


def subscribe(name: str, *, within: Within | None = None, together: Together | None = None) -> None:
    """Map an event to a handler; called by `site.wiring` only."""
    if within is not None and within not in _within[name]:
        _within[name].append(within)
    if together is not None and together not in _together[name]:
        _together[name].append(together)


def witness(handler: Witness) -> None:
    """Show every event to the handler; called by `site.wiring` only."""
    if handler not in _witnesses:
        _witnesses.append(handler)


def emit(actor: Actor, name: str, action_id: UUID, /, **payload: Any) -> None:
    """Write the event and run its handlers.

    Handlers inside the transaction get the payload as it is; the outbox keeps it as JSON values.
    """
    emit_many(actor, name, action_id, [payload])


def emit_many(actor: Actor, name: str, action_id: UUID, payloads: Iterable[Mapping[str, Any]]) -> None:
    """As `emit`, of many things that the action did alike: one event for each, written and seen together."""
    told = list(payloads)
    if not told:
        return
    events = Event.objects.bulk_create([
        Event(name=name, at=actor.now, action_id=action_id, payload=canonical(payload)) for payload in told
    ])  # fmt: skip
    for payload in told:
        for within in _within[name]:
            within(actor, payload)
    for together in _together[name]:
        together(actor, told)
    for see in _witnesses:
        see(actor, events)
