"""The product as a user meets it: `quoin serve` as a process over the test's database, and a person signed in."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from django.conf import settings
from django.test import Client as Session

if TYPE_CHECKING:
    from quoin.accounts.models import User

ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 120
_STOP_SECONDS = 15


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running() -> Iterator[str]:
    """The address of a served product; the database is the one that DATABASE_URL names.

    Jobs do not run: a test's tenant must not be changed by a clock.
    """
    port = free_port()
    with TemporaryDirectory(prefix="quoin-e2e-") as home:
        own = {
            "QUOIN_HOME": home, "QUOIN_SECRET_KEY": settings.SECRET_KEY, "QUOIN_WORKER": "0", "QUOIN_DEMO": "0",
            "QUOIN_THREADS": "4", "QUOIN_URL": f"http://127.0.0.1:{port}",
            "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
        }  # fmt: skip
        command = [sys.executable, "-c", "from quoin.site.cli import main; main()", "serve", "--port", str(port)]
        with (Path(home) / "log").open("w+b") as log:
            process = subprocess.Popen(command, env=os.environ | own, stdout=log, stderr=subprocess.STDOUT)
            try:
                _wait_until_ready(process, port, Path(log.name))
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()
                try:
                    process.wait(_STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the product did not start:\n{log.read_text(errors='replace')[-3000:]}")


def session_of(user: User) -> str:
    """The value of the session cookie of somebody who has signed in."""
    session = Session()
    session.force_login(user)
    return session.cookies[settings.SESSION_COOKIE_NAME].value
