"""A column for local time: what the clock on the wall shows, without a zone.

Plans say "8 o'clock on Monday" and mean it wherever they are read, so their dates must not pass through UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from typing_extensions import override

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
else:
    # Django's Field takes no parameters when it runs.
    _Field = models.Field


class LocalTimeField(_Field):
    """A naive datetime to the second; PostgreSQL's timestamp without time zone."""

    @override
    def db_type(self, connection: Any) -> str:
        return "timestamp(0) without time zone"

    @override
    def to_python(self, value: Any) -> datetime | None:
        return datetime.fromisoformat(value) if isinstance(value, str) else value

    @override
    def get_prep_value(self, value: Any) -> datetime | None:
        prepared = self.to_python(value)
        if prepared is not None and prepared.tzinfo is not None:
            raise ValueError("local time has no zone")
        return prepared
