"""The answers of a person as JSON, for the batch that keeps them and the profile that repeats them."""

from __future__ import annotations

from typing import Any

import msgspec

from quoin.imports.rules.loading import Answers
from quoin.kernel.errors import invalid
from quoin.kernel.words import say


def to_json(answers: Answers) -> dict[str, Any]:
    """Plain values, for a JSON column."""
    found: dict[str, Any] = msgspec.to_builtins(answers)
    return found


def from_json(stored: Any) -> Answers:
    """The answers; Invalid names what is wrong."""
    try:
        return msgspec.convert(stored or {}, Answers, strict=False)
    except msgspec.ValidationError as fault:
        raise invalid("/answers", say("The answers cannot be read: %(fault)s.", fault=fault)) from fault
