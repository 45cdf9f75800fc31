"""Settings of a tenant as typed options: each says what it means, where it acts and what holds by default.

Apps declare theirs with `declare`; the settings screen, the API and the YAML export read the same registry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from quoin.kernel.words import say

Value = bool | int | str | Decimal


class OptionKind(StrEnum):
    """How a value is entered and stored."""

    FLAG = "flag"
    NUMBER = "number"
    DECIMAL = "decimal"
    TEXT = "text"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One setting. `choices` maps the values of a choice to their labels; bounds belong to numbers."""

    key: str
    section: Any
    label: Any
    meaning: Any
    acts_in: Any
    kind: OptionKind
    default: Value
    choices: Mapping[str, Any] | None = None
    least: int | None = None
    most: int | None = None


OPTIONS: dict[str, Option] = {}


def declare(option: Option) -> Option:
    """Register; the same key twice is a programming error unless nothing differs."""
    if OPTIONS.get(option.key, option) != option:
        raise ValueError(f"two settings named {option.key}")
    OPTIONS[option.key] = option
    return option


def read(option: Option, text: object) -> Value:
    """The value that was entered; ValueError in words for the person who entered it."""
    match option.kind:
        case OptionKind.FLAG:
            return _flag(text)
        case OptionKind.NUMBER:
            return int(_bounded(option, _number(text)))
        case OptionKind.DECIMAL:
            return _bounded(option, _number(text))
        case OptionKind.CHOICE:
            value = str(text)
            if value not in (option.choices or {}):
                raise ValueError(
                    say("%(value)s is none of %(choices)s.", value=repr(value), choices=", ".join(option.choices or {}))
                )
            return value
        case OptionKind.TEXT:
            return str(text).strip()[:2000]


def _flag(text: object) -> bool:
    if isinstance(text, bool):
        return text
    value = str(text).strip().lower()
    if value in {"true", "on", "yes", "1"}:
        return True
    if value in {"false", "off", "no", "0", ""}:
        return False
    raise ValueError(say("Say yes or no."))


def _number(text: object) -> Decimal:
    try:
        value = Decimal(str(text).strip())
    except InvalidOperation:
        raise ValueError(say("%(text)s is not a number.", text=repr(text))) from None
    if not value.is_finite():
        raise ValueError(say("The number must be finite."))
    return value


def _bounded(option: Option, value: Decimal) -> Decimal:
    if option.kind is OptionKind.NUMBER and value != value.to_integral_value():
        raise ValueError(say("Enter a whole number."))
    if option.least is not None and value < option.least:
        raise ValueError(say("At least %(least)s.", least=option.least))
    if option.most is not None and value > option.most:
        raise ValueError(say("At most %(most)s.", most=option.most))
    return value
