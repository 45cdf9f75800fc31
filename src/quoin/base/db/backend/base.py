"""The database engine of the settings: Django's own, but a connection from the pool is looked at, not asked.

Django's health check costs each request a round trip. A server that went away has closed its sockets, and a closed
socket has something to read; only then is the connection thrown away and the next one taken.
"""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper as PostgresWrapper
from psycopg import Connection
from psycopg.pq import TransactionStatus
from typing_extensions import override


class DatabaseWrapper(PostgresWrapper):
    """A connection of this process's pool, or a single one."""

    @override
    def get_new_connection(self, conn_params: Any) -> Any:
        connection = super().get_new_connection(conn_params)
        while self.pool and not is_alive(connection):
            connection.close()
            # The pool makes another one in the place of a closed one.
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection


def is_alive(connection: Connection[Any]) -> bool:
    """Whether the server still holds its end of an idle connection."""
    if connection.closed or connection.info.transaction_status != TransactionStatus.IDLE:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN | select.POLLPRI)
    return not poll.poll(0)
