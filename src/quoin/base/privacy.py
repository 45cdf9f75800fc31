"""Registry of personal data: each app declares its columns, compliance walks them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonalColumn:
    """A column that holds personal data, why it is kept, and whether a law keeps it."""

    table: str
    column: str
    purpose: str
    is_retained: bool = False


COLUMNS: list[PersonalColumn] = []


def declare(table: str, purpose: str, *columns: str, is_retained: bool = False) -> None:
    """Say that the columns of the table hold personal data."""
    COLUMNS.extend(PersonalColumn(table, column, purpose, is_retained) for column in columns)
