"""Types of the API's wire: public ids, money, bodies that refuse unknown fields, lists.

Money is `{"amount": "1234.50", "currency": "EUR"}`, durations are whole minutes, days ISO 8601; null means unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import msgspec
from django.utils.functional import Promise
from ninja import Schema
from pydantic import (
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    PlainValidator,
    SerializationInfo,
    WithJsonSchema,
)
from pydantic_core import core_schema
from typing_extensions import override

from quoin.kernel.currency import CODES
from quoin.kernel.ids import from_public_id, public_id
from quoin.kernel.money import Money

T = TypeVar("T")
_VALUES = {"form": "values"}
"""Context of a dump that feeds an action rather than the wire."""
_AMOUNT = r"^-?\d{1,15}(\.\d{1,4})?$"


class PublicId:
    """Marks a UUID that is written as `cli_01J…`: `ClientId = Annotated[UUID, PublicId("cli")]`."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                self._serialize, info_arg=True, when_used="unless-none"
            ),
        )

    def __get_pydantic_json_schema__(self, _schema: Any, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {
            "type": "string",
            "pattern": f"^{self.prefix}_[0-9A-HJKMNP-TV-Z]{{26}}$",
            "examples": [self._write(UUID(int=1 << 120))],
        }

    def _read(self, value: object) -> UUID:
        if isinstance(value, UUID):
            return value
        try:
            return from_public_id(self.prefix, str(value))
        except ValueError:
            raise ValueError(f"is not an id that begins with {self.prefix}_") from None

    def _serialize(self, value: UUID, info: SerializationInfo) -> UUID | str:
        return value if info.context is _VALUES else self._write(value)

    def _write(self, value: UUID) -> str:
        return public_id(self.prefix, value)


def _money(value: object) -> Money:
    if isinstance(value, Money):
        return value
    if not isinstance(value, Mapping) or set(value) != {"amount", "currency"}:
        raise ValueError('is written as {"amount": "1234.50", "currency": "EUR"}')
    amount, currency = value["amount"], value["currency"]
    if not isinstance(amount, str) or currency not in CODES:
        raise ValueError(
            'needs the amount as a string and an ISO 4217 currency, as in {"amount": "9.50", "currency": "EUR"}'
        )
    try:
        number = Decimal(amount)
    except InvalidOperation:
        raise ValueError(f"{amount!r} is not an amount; write it as 1234.50") from None
    if not number.is_finite() or abs(number.adjusted()) > 14:  # noqa: PLR2004  the widest money column
        raise ValueError("the amount is out of range")
    return Money(number, currency)


def _money_out(value: Money, info: SerializationInfo) -> Money | dict[str, str]:
    return value if info.context is _VALUES else {"amount": f"{value.amount:f}", "currency": value.currency}


MoneyIn = Annotated[
    Money,
    PlainValidator(_money),
    PlainSerializer(_money_out),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {
                "amount": {"type": "string", "pattern": _AMOUNT, "examples": ["1234.50"]},
                "currency": {"type": "string", "enum": sorted(CODES)},
            },
            "required": ["amount", "currency"],
            "additionalProperties": False,
        }
    ),
]
MoneyOut = MoneyIn
"""Money as the API writes and reads it."""


class ApiIn(Schema):
    """A body: unknown fields are refused, text is trimmed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @override
    def model_dump(self, **options: Any) -> dict[str, Any]:
        """The fields as arguments of an action: ids and money stay values."""
        return super().model_dump(context=_VALUES, **options)


class ApiOut(Schema):
    """An answer, its fields listed by hand."""


class ListOut(Schema, Generic[T]):
    """A page of a list."""

    data: list[T]
    has_more: bool
    next_cursor: str | None = None
    total_estimate: int | None = None


def encode(value: object) -> bytes:
    """JSON bytes of dataclasses, structs, money, ids and translated texts."""
    return msgspec.json.encode(value, enc_hook=_other)


def _other(value: object) -> object:
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Schema):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} has no JSON form")
