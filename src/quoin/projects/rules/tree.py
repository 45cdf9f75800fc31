"""The tree that rows make which name the row above them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol
from uuid import UUID


class Placed(Protocol):
    """A row under another one, or on the highest level."""

    @property
    def id(self) -> UUID: ...

    @property
    def parent_id(self) -> UUID | None: ...


def rows_below(rows: Iterable[Placed]) -> dict[UUID | None, list[UUID]]:
    """What stands right under each row, in the order of the rows; under None, the highest level."""
    below: dict[UUID | None, list[UUID]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row.id)
    return below


def branch(below: Mapping[UUID | None, Sequence[UUID]], row_id: UUID) -> list[UUID]:
    """The row and all that stands under it, level by level; each once, even if rows stood in a circle."""
    found, seen = [row_id], {row_id}
    for one in found:
        new = [key for key in below.get(one, ()) if key not in seen]
        seen.update(new)
        found += new
    return found
