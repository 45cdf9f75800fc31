"""Writing the intent of an action. The changed rows are written by the database's own triggers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, is_dataclass
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from typing_extensions import override

from quoin.base.actor import Actor
from quoin.kernel.ids import uuid7

_LONGEST = 20_000
_MANY = 200
_ID_LENGTH = 40
"""A UUID in a list as JSON writes it: quotes, comma and blank; the brackets take the place of the last two."""


@dataclass(slots=True)
class Intent:
    """The running action: filled while it runs, written when it succeeds."""

    name: str
    arguments: dict[str, Any]
    id: UUID = field(default_factory=uuid7)
    target: str = ""
    reason: str = ""
    undo: dict[str, Any] | None = None


def canonical(arguments: Mapping[str, object]) -> dict[str, Any]:
    """Arguments as JSON values. Files and long lists are named by their size, not kept."""
    return {key: _value(value) for key, value in arguments.items()}


def whole(arguments: Mapping[str, object]) -> dict[str, Any]:
    """Arguments as JSON values, whatever their size: what takes an action back is of no use if it is cut."""
    return {key: json.loads(json.dumps(value, cls=_Encoder)) for key, value in arguments.items()}


def _value(value: object) -> Any:
    if isinstance(value, bytes | bytearray | memoryview):
        return f"{len(value)} bytes"
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, list | tuple) and len(value) * _ID_LENGTH > _LONGEST and set(map(type, value)) == {UUID}:
        return f"{len(value) * _ID_LENGTH} characters"
    if isinstance(value, list | tuple) and len(value) > _MANY and _is_long(value[:_MANY]):
        # Rows by the thousand are counted, not written out to see that they are too long.
        return f"{len(value)} items"
    text = json.dumps(value, cls=_Encoder)
    return json.loads(text) if len(text) <= _LONGEST else f"{len(text)} characters"


def _is_long(value: object) -> bool:
    return len(json.dumps(value, cls=_Encoder)) > _LONGEST


class _Encoder(DjangoJSONEncoder):
    @override
    def default(self, o: Any) -> Any:
        if is_dataclass(o) and not isinstance(o, type):
            return asdict(o)
        if isinstance(o, set | frozenset | tuple):
            return sorted(o, key=str)
        if isinstance(o, bytes | bytearray):
            return f"{len(o)} bytes"
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def intent_row(actor: Actor, intent: Intent) -> tuple[str, list[Any]]:
    """The statement that inserts the audit row of the action, at the database's own time."""
    return (
        "INSERT INTO base_auditaction (tenant_id, id, name, at, actor_id, actor_name, source, request_id, target,"
        " reason, arguments, undo, viewed_by_id)"
        " VALUES (%s, %s, %s, clock_timestamp(), %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            actor.tenant_id, intent.id, intent.name, actor.user_id, actor.name, actor.source.value,
            actor.request_id, intent.target, intent.reason, json.dumps(intent.arguments),
            None if intent.undo is None else json.dumps(intent.undo), actor.viewed_by_id,
        ],
    )  # fmt: skip
