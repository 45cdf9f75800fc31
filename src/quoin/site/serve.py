"""What `quoin serve` and `quoin worker` do: bring up what the instance needs, run, and take it down again."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Coroutine, Iterator
from pathlib import Path
from types import FrameType

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from quoin.base.db.binaries import PostgresError
from quoin.base.db.history import UnfinishedDatabase, carry_on
from quoin.site.database import ensure_database, known_address, remember_address
from quoin.site.keeper import Keeper

_LOG = logging.getLogger(__name__)
_KILL_SECONDS = 3
_START_SECONDS = 60
_MIGRATION_LOCK = 7_305_001  # Any number, but the same in all processes of an instance.


def serve(*, port: int = 8000, host: str = "127.0.0.1", workers: int = 1) -> None:
    """Serves until Ctrl-C or SIGTERM. Starts the database if it is ours, migrates, loads the demo if asked."""
    _refuse_busy_port(host, port)
    os.environ.setdefault("QUOIN_URL", _address(host, port))
    remember_address(os.environ["QUOIN_URL"])
    with running_database() as keeper:
        prepare_database()
        _load_demo()
        if keeper:
            threading.Thread(target=keeper.settle, daemon=True).start()
        # The children of the web server must not inherit open connections or the threads of a pool.
        close_connections()
        os.environ.setdefault("QUOIN_WORKER", "1")
        web = _web_server(host, port, workers)
        threading.Thread(target=_announce, args=(host, port), daemon=True).start()
        web.serve()


def work() -> None:
    """Runs jobs until Ctrl-C or SIGTERM."""
    with running_database():
        # Imported here because it needs a configured Django.
        from quoin.site.worker import run_worker

        with contextlib.suppress(asyncio.CancelledError, KeyboardInterrupt):
            asyncio.run(_until_signal(run_worker()))


@contextlib.contextmanager
def running_database() -> Iterator[Keeper | None]:
    """Django set up, with its database running; at the end ours is stopped unless another process uses it."""
    signal.signal(signal.SIGTERM, _leave)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quoin.site.settings")
    os.environ.setdefault("QUOIN_URL", known_address())
    try:
        server = ensure_database()
    except PostgresError as fault:
        raise SystemExit(str(fault)) from fault
    keeper = Keeper(server) if server else None
    try:
        django.setup()
        yield keeper
    finally:
        close_connections()
        if keeper:
            keeper.leave()


def prepare_database() -> None:
    """Applies missing migrations as the owner; of several processes that start at once, one does it."""
    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK])
        try:
            executor = carry_on(owner)
        except UnfinishedDatabase as error:
            raise SystemExit(str(error)) from None
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", database="owner", interactive=False, verbosity=0)
    owner.close()


def close_connections() -> None:
    """Closes every connection and pool of this process."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if isinstance(connection, DatabaseWrapper) and "pool" in connection.settings_dict["OPTIONS"]:
            connection.close_pool()


def _load_demo() -> None:
    """In a process of its own: rendering starts threads, and the web server's workers are forked from this one."""
    if settings.IS_DEMO:
        load = "import django; django.setup(); from quoin.site.demo import load_if_empty; load_if_empty()"
        if subprocess.run([sys.executable, "-c", load], check=False).returncode:
            raise SystemExit("The demo company could not be made; the message above says why.")


def _web_server(host: str, port: int, workers: int) -> MPServer:
    assets = Path(settings.ASSETS_DIR)
    if not (assets / "manifest.json").is_file():
        raise SystemExit(f"The static assets are missing in {assets}. Run `make assets`.")
    return MPServer(
        "quoin.site.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=_KILL_SECONDS,
    )


def _refuse_busy_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            hint = "Choose another port: make run PORT=8010"
            raise SystemExit(f"Cannot listen on {host}:{port}: {fault.strerror}. {hint}") from fault


def _address(host: str, port: int) -> str:
    """Where a browser of this machine reaches the server."""
    return f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}"  # noqa: S104  compared, not bound


def _announce(host: str, port: int) -> None:
    """Prints the address once it answers, for a demo who can sign in, and how an empty instance is begun."""
    address = f"{_address(host, port)}/"
    deadline = time.monotonic() + _START_SECONDS
    while not _answers(address):
        if time.monotonic() > deadline:
            _LOG.error("The web server does not answer at %s", address)
            return
        time.sleep(0.1)
    lines = [f"\nQuoin runs at {address}   (Ctrl-C stops it)"]
    if settings.IS_DEMO:
        # Imported here because only a demo instance needs it.
        from quoin.site.demo import accounts

        lines += ["Demo accounts:", *(f"  {one.role:<20} {one.email:<36} {one.password}" for one in accounts())]
    elif _is_empty(address):
        # Imported here because it needs a configured Django.
        from quoin.accounts.web.enter import start_code

        lines.append(f"There is no firm yet. Open yours at {address}start with the one-time code {start_code()}")
    print("\n".join(lines), flush=True)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}healthz", timeout=2) as answer:  # noqa: S310  our own address
            return bool(answer.status == 200)  # noqa: PLR2004  HTTP's OK
    except OSError:
        return False


def _is_empty(address: str) -> bool:
    """Whether signing in leads to the page that opens the first firm. Asked by HTTP: this process has no database."""
    try:
        with urllib.request.urlopen(f"{address}login/", timeout=10) as answer:  # noqa: S310  our own address
            return str(answer.url).endswith("/start")
    except OSError:
        return False


async def _until_signal(job: Coroutine[object, object, None]) -> None:
    task = asyncio.ensure_future(job)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    await task


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
