"""Gapless numbers: a counter row in the transaction that uses the number, never a sequence.

Take the number last, just before the row that carries it is written, so that the lock is short.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import connection, models

from quoin.base.db.context import current_tenant
from quoin.base.db.tenancy import TenantModel, tenant_table
from quoin.kernel.ids import uuid7


class NumberSeries(TenantModel):
    """The last number given in a series, for example `invoice-2026` of a legal entity."""

    series = models.TextField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("base_numberseries", audited=False),
            models.UniqueConstraint(fields=["tenant_id", "series"], name="number_series_once"),
        ]


def next_number(series: str, *, count: int = 1) -> int:
    """The first of `count` new consecutive numbers of the series; locks the series until commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO base_numberseries (tenant_id, id, series, last) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (tenant_id, series) DO UPDATE SET last = base_numberseries.last + excluded.last"
            " RETURNING last",
            [current_tenant(), uuid7(), series, count],
        )
        row = cursor.fetchone()
    assert row is not None
    return int(row[0]) - count + 1


def entity_series(kind: str, entity_id: UUID, year: int) -> str:
    """Name of a legal entity's yearly series."""
    return f"{kind}:{entity_id}:{year}"
