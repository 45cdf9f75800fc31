"""Values of people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from quoin.kernel.money import Money

FULL_WEEK = (480, 480, 480, 480, 480, 0, 0)
"""Forty hours, Monday to Friday, in minutes per weekday."""


@dataclass(frozen=True, slots=True)
class CostRow:
    """What an hour of a person costs from a day on."""

    person_id: UUID
    valid_from: date
    per_hour: Money


@dataclass(frozen=True, slots=True)
class Pattern:
    """Working minutes per weekday, Monday first, from a day on."""

    valid_from: date
    weekday_minutes: tuple[int, ...]
