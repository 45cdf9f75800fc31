"""Sessions in the database, as Django keeps them, that can be told what somebody has read for them already."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSession


class SessionStore(DatabaseSession):
    """A session of the sign-in."""

    def know(self, held: dict[str, Any]) -> None:
        """Take the content of the session's row, so that it is not read again."""
        self._session_cache = held
