"""Rows that name the row above them: what stands under one of them."""

from dataclasses import dataclass
from uuid import UUID

from quoin.projects.rules.tree import branch, rows_below


@dataclass(frozen=True, slots=True)
class _Row:
    id: UUID
    parent_id: UUID | None = None


_PHASE, _STEP, _PART, _OTHER = (UUID(int=number) for number in range(1, 5))


def test_a_branch_is_the_row_and_all_below_it_level_by_level() -> None:
    rows = [_Row(_PHASE), _Row(_STEP, _PHASE), _Row(_PART, _STEP), _Row(_OTHER, _PHASE)]

    below = rows_below(rows)

    assert branch(below, _PHASE) == [_PHASE, _STEP, _OTHER, _PART]
    assert branch(below, _STEP) == [_STEP, _PART]
    assert branch(below, _PART) == [_PART]


def test_a_branch_of_rows_in_a_circle_ends() -> None:
    rows = [_Row(_PHASE, _PART), _Row(_STEP, _PHASE), _Row(_PART, _STEP)]

    assert branch(rows_below(rows), _PHASE) == [_PHASE, _STEP, _PART]
