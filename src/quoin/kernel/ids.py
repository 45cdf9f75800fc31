"""Identifiers: time-ordered UUIDs (RFC 9562, version 7) and their public form `prj_01J...`.

The public form is a prefix that tells the kind and the 128 bits in Crockford's base 32 (as ULID does).
"""

from __future__ import annotations

import os
import time
from uuid import UUID

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_PAIRS = tuple(first + second for first in _ALPHABET for second in _ALPHABET)
_LENGTH = 26


def uuid7() -> UUID:
    """A new identifier: 48 bits of milliseconds, then random bits, so that indexes grow at one end."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0x3 << 62) | 2 << 62
    return UUID(int=value)


def uuid7s(count: int) -> list[UUID]:
    """So many new identifiers at once, in ascending order: 20 bits count them, 54 are random."""
    first = (time.time_ns() // 1_000_000 & (1 << 48) - 1) << 80 | 7 << 76 | 2 << 62
    noise = os.urandom(8 * count)
    return [
        UUID(
            int=first
            + (place >> 20 << 80)
            + ((place >> 8 & 0xFFF) << 64)
            + ((place & 0xFF) << 54)
            + (int.from_bytes(noise[8 * place : 8 * place + 8], "big") >> 10)
        )
        for place in range(count)
    ]


def public_id(prefix: str, value: UUID) -> str:
    """`prj_01HZX...` for a UUID."""
    number, letters = value.int, []
    # Two letters at a time: lists of things write thousands of these.
    for _ in range(_LENGTH // 2):
        letters.append(_PAIRS[number & 1023])
        number >>= 10
    return f"{prefix}_{''.join(reversed(letters))}"


def from_public_id(prefix: str, text: str) -> UUID:
    """The UUID behind a public id of that kind, or a plain UUID text; ValueError for anything else."""
    kind, _, letters = text.rpartition("_")
    if not kind:
        return UUID(text)
    if kind != prefix or len(letters) != _LENGTH or any(letter not in _VALUES for letter in letters):
        raise ValueError(f"{text!r} is not an id of kind {prefix}_")
    number = 0
    for letter in letters:
        number = number * 32 + _VALUES[letter]
    if number >= 1 << 128:
        raise ValueError(f"{text!r} is not an id of kind {prefix}_")
    return UUID(int=number)
