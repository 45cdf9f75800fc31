"""Holds this process's claim on the private database and starts it again when it dies under the running product."""

from __future__ import annotations

import contextlib
import logging
import threading

from psycopg import OperationalError

from quoin.base.db.binaries import PostgresError
from quoin.base.db.embedded import Server, ensure_server
from quoin.site.database import state_dir

_LOG = logging.getLogger(__name__)
_LOOK_SECONDS = 0.5


class Keeper:
    """Looks after one server until `leave`. The pools of the web processes heal by themselves."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._is_leaving = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="database-keeper", daemon=True)
        self._thread.start()

    def leave(self) -> None:
        """Gives up the claim; the server stops if nobody else holds one."""
        self._is_leaving.set()
        self._thread.join()
        self._server.release()

    def settle(self) -> None:
        """Writes out what migrations and the demo left in memory, so that a stop soon after does not have to."""
        with contextlib.suppress(OperationalError):
            self._server.checkpoint()

    def _watch(self) -> None:
        while not self._is_leaving.wait(_LOOK_SECONDS):
            if not self._server.is_alive():
                self._start_again()

    def _start_again(self) -> None:
        died = self._server
        try:
            self._server = ensure_server(state_dir())
        except PostgresError:
            _LOG.exception("The database stopped and does not start")
            return
        died.forget()
        _LOG.warning("The database had stopped; it runs again.")
