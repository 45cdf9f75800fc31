"""How many people are missing who have a skill at the levels that are asked for."""

from __future__ import annotations

from collections.abc import Iterable


def missing(levels: Iterable[int], wanted: Iterable[int]) -> int:
    """How many of the wanted stay open if everybody takes one: the best people for the highest demands.

    For one skill that is the most that can be filled: whoever is able to fill a demand can fill any lower one.
    """
    free = sorted(levels, reverse=True)
    open_demands = 0
    for level in sorted(wanted, reverse=True):
        if free and free[0] >= level:
            free.pop(0)
        else:
            open_demands += 1
    return open_demands
