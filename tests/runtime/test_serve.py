"""`quoin serve` as a process: it answers, heals, refuses a busy port, and leaves nothing behind."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from quoin.base.db import embedded, postmaster
from quoin.site.assets import Workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90
STOP_SECONDS = 5
HEAL_SECONDS = 10

needs_assets = pytest.mark.skipif(
    not (Workshop(ROOT).static / "manifest.json").is_file(), reason="static assets are not built: run `make assets`"
)


@dataclass(frozen=True, slots=True)
class Product:
    """A running instance with a state directory of its own."""

    process: subprocess.Popen[bytes]
    port: int
    home: Path

    @property
    def postmaster_pid(self) -> int | None:
        return postmaster.pid_of(self.home / "postgres" / "data")

    def get(self, path: str) -> int:
        """The status, or 0 while nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run_quoin(*arguments: str, home: Path) -> subprocess.Popen[bytes]:
    foreign = {"DATABASE_URL", "DATABASE_OWNER_URL"}
    environment = {name: value for name, value in os.environ.items() if name not in foreign}
    environment |= {"QUOIN_HOME": str(home), "QUOIN_DEMO": "0", "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", "from quoin.site.cli import main; main()", *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def _until(condition: Callable[[], bool], seconds: float) -> float:
    """Seconds until the condition held; fails after the limit."""
    start = time.monotonic()
    while not condition():
        assert time.monotonic() - start < seconds, f"not within {seconds} s"
        time.sleep(0.05)
    return time.monotonic() - start


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="quoin-rt-"))
    yield folder
    embedded.stop_server(folder)
    shutil.rmtree(folder)


@pytest.fixture
def product(home: Path) -> Iterator[Product]:
    port = _free_port()
    process = _run_quoin("serve", "--port", str(port), home=home)
    product = Product(process=process, port=port, home=home)
    try:
        _until(lambda: process.poll() is not None or product.get("/healthz") == 200, START_SECONDS)
        yield product
    finally:
        process.terminate()
        process.communicate(timeout=STOP_SECONDS * 2)


@needs_assets
def test_serve_on_empty_state_becomes_ready_and_refuses_events_without_session(product: Product) -> None:
    assert product.get("/readyz") == 200
    assert product.get("/events") == 401
    assert product.get("/static/manifest.json") == 200


@needs_assets
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_signal_stops_web_and_database_in_time(product: Product, how: signal.Signals) -> None:
    database = product.postmaster_pid
    assert database is not None

    product.process.send_signal(how)

    product.process.wait(STOP_SECONDS)
    assert product.process.returncode == 0
    assert not postmaster.is_running(database)
    assert product.get("/healthz") == 0


@needs_assets
def test_killed_database_comes_back_under_the_running_product(product: Product) -> None:
    assert product.get("/readyz") == 200
    killed = product.postmaster_pid
    assert killed is not None

    os.kill(killed, signal.SIGKILL)

    _until(lambda: product.postmaster_pid != killed and product.get("/readyz") == 200, HEAL_SECONDS)


@needs_assets
def test_start_after_kill_of_serve_adopts_the_database(product: Product) -> None:
    database = product.postmaster_pid
    assert database is not None
    product.process.kill()
    product.process.wait()
    # The web process notices that its parent is gone and frees the port.
    _until(lambda: product.get("/healthz") == 0, STOP_SECONDS)
    assert postmaster.is_running(database)

    next_process = _run_quoin("serve", "--port", str(_free_port()), home=product.home)
    try:
        output = next_process.stdout
        assert output is not None
        _until(lambda: b"Quoin runs at" in output.readline(), START_SECONDS)

        assert product.postmaster_pid == database
    finally:
        next_process.terminate()
        next_process.communicate(timeout=STOP_SECONDS)
    assert not postmaster.is_running(database)


def test_busy_port_is_refused_with_the_remedy(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        process = _run_quoin("serve", "--port", str(taken.getsockname()[1]), home=home)
        output, _ = process.communicate(timeout=START_SECONDS)

    assert process.returncode == 1
    assert b"Choose another port" in output
