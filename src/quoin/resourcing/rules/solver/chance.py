"""Chance for compiled code: xorshift64* on a state of one word, so that a seed means the same in every thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from quoin.resourcing.rules.solver.compiled import compiled

if TYPE_CHECKING:
    Chance: TypeAlias = npt.NDArray[np.uint64]


def chance_of(seed: int) -> Chance:
    """A state far from zero for any seed."""
    mixed = (seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) % (1 << 64)
    return np.array([mixed or 1], np.uint64)


@compiled
def fraction(chance: Chance) -> float:
    """Uniform in [0, 1)."""
    word = chance[0]
    word ^= word >> np.uint64(12)
    word ^= word << np.uint64(25)
    word ^= word >> np.uint64(27)
    chance[0] = word
    uniform: float = ((word * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0
    return uniform


@compiled
def between(chance: Chance, low: int, high: int) -> int:
    """Uniform in low .. high - 1."""
    return low + int(fraction(chance) * (high - low))
