"""One throw-away PostgreSQL per test run, and one database per worker, copied from a migrated template.

Tests commit for real and each makes its own tenant, so nothing is emptied between tests.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connections

from quoin.base.db.embedded import Server, create_database, ensure_server, stop_server
from quoin.base.db.postmaster import is_running
from quoin.base.db.roles import APP_ROLE, OWNER_ROLE

TEMPLATE = "quoin_template"
_PREFIX = "quoin-test-"
_OWNER_FILE = "run.pid"


@dataclass(frozen=True, slots=True)
class TestServer:
    """The server of this test run."""

    __test__ = False

    folder: Path
    server: Server

    def stop(self) -> None:
        self.server.stop()
        shutil.rmtree(self.server.home.folder, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def start_test_server() -> TestServer:
    """Starts the server and migrates the template as the owner."""
    _stop_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    (folder / _OWNER_FILE).write_text(str(os.getpid()), encoding="ascii")
    # A polite kill of the run must clean up like Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    test_server = TestServer(folder=folder, server=ensure_server(folder, durable=False))
    try:
        create_database(test_server.server, TEMPLATE)
        point_django_at(test_server.server.host, TEMPLATE)
        call_command("migrate", database="owner", verbosity=0)
    except BaseException:
        test_server.stop()
        raise
    finally:
        close_connections()
    return test_server


def make_worker_database(folder: Path, worker: str) -> str:
    """A fresh copy of the template for this worker; returns the socket folder of the server."""
    server = ensure_server(folder, durable=False)
    create_database(server, worker_database(worker), template=TEMPLATE)
    server.users.close()
    return server.host


def worker_database(worker: str) -> str:
    return f"quoin_{worker}"


def point_django_at(host: str, database: str) -> None:
    """Redirects both aliases of this process, and the settings of the processes it starts, to a test database."""
    for alias, role, variable in (("default", APP_ROLE, "DATABASE_URL"), ("owner", OWNER_ROLE, "DATABASE_OWNER_URL")):
        connections[alias].close()
        settings = connections.settings[alias]
        settings.update(HOST=host, PORT="5432", USER=role, NAME=database, PASSWORD="")
        # A connection of its own for each thread: a test that leaves one open cannot starve the next test.
        settings["OPTIONS"].pop("pool", None)
        os.environ[variable] = f"host={host} port=5432 user={role} dbname={database}"


def close_connections() -> None:
    for connection in connections.all(initialized_only=True):
        connection.close()


def _stop_abandoned() -> None:
    """A run that was killed could not stop its server; the next run does."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = folder / _OWNER_FILE
        if (
            owner.is_file()
            and owner.stat().st_uid == os.geteuid()
            and not is_running(int(owner.read_text(encoding="ascii")))
        ):
            stop_server(folder)
            shutil.rmtree(folder, ignore_errors=True)
