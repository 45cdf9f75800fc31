"""W4 and W6: the weekly timesheet over HTTP with 16 users, cold start, memory."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from bench.firm import Firm
from quoin.accounts.models import User
from quoin.kernel.period import iso_week

USERS = 16
_PERCENT = 100
_CSRF = "a" * 32


def free_port() -> int:
    """A port of the loopback interface that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(environment: dict[str, str], *, workers: int = 2) -> Iterator[tuple[int, subprocess.Popen[bytes], float]]:
    """The product, served by a process of its own: port, process, seconds until it answered."""
    port = free_port()
    command = [
        sys.executable,
        "-c",
        "from quoin.site.cli import main; main()",
        "serve",
        "--port",
        str(port),
        "--workers",
        str(workers),
    ]
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not _answers(port):
            if process.poll() is not None:
                raise SystemExit("the server ended before it answered; run `quoin serve` to see why")
            time.sleep(0.02)
        yield port, process, time.perf_counter() - started
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _answers(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False


def sign_in(firm: Firm) -> list[str]:
    """Session keys of the first users, made as the sign-in makes them."""
    keys = []
    for user in User.objects.filter(id__in=firm.users[:USERS]).order_by("id"):
        session = SessionStore()
        session[SESSION_KEY] = str(user.id)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        keys.append(session.session_key)
    return keys


def timesheets(firm: Firm, workload: ModuleType, port: int, *, seconds: float) -> dict[str, Any]:
    """W4: each user reads a week of 25 cells and saves 25 cells, again and again."""
    by_user = dict(zip(sorted(firm.users[:USERS]), sign_in(firm), strict=True))
    stop = time.perf_counter() + seconds
    users = [
        _User(
            firm,
            workload.week_cells(number),
            iso_week(workload.WEEK[0]),
            port,
            number,
            by_user[firm.users[number]],
            stop,
        )
        for number in range(USERS)
    ]
    threads = [threading.Thread(target=user.work) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    failures = [user.failure for user in users if user.failure]
    if failures:
        raise SystemExit(f"{len(failures)} users failed, first: {failures[0]}")
    results = [result for user in users for result in user.results]
    reads = sorted(seconds for kind, seconds in results if kind == "read")
    saves = sorted(seconds for kind, seconds in results if kind == "save")
    return {
        "users": USERS,
        "requests_per_second": round(len(results) / seconds, 1),
        "read_ms": _percentiles(reads),
        "save_ms": _percentiles(saves),
    }


@dataclass
class _User:
    """One browser: a connection that stays open, reading and saving in turn."""

    firm: Firm
    cells: list[tuple[int, int, date]]
    week: str
    port: int
    number: int
    session: str
    stop: float
    results: list[tuple[str, float]] = field(default_factory=list)
    failure: str = ""

    def work(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        turn = 0
        while time.perf_counter() < self.stop and not self.failure:
            turn += 1
            edits = json.dumps({"edits": _edits(self.firm, self.cells, turn)})
            self._ask(connection, "read", f"/time/{self.week}/logged")
            self._ask(connection, "save", f"/time/{self.week}/cells", edits)

    def _ask(self, connection: http.client.HTTPConnection, kind: str, path: str, body: str | None = None) -> None:
        headers = {
            "Cookie": f"sessionid={self.session}; csrftoken={_CSRF}",
            "X-CSRFToken": _CSRF,
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        started = time.perf_counter()
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        self.results.append((kind, time.perf_counter() - started))
        if answer.status != http.HTTPStatus.OK or b'"refused"' in content:
            self.failure = f"{kind} {answer.status} {content[:300]!r}"


def _edits(firm: Firm, cells: list[tuple[int, int, date]], turn: int) -> list[dict[str, Any]]:
    return [
        {
            "id": str(uuid4()),
            "row": f"{firm.projects[project]}:{firm.tasks[task]}",
            "day": day.isoformat(),
            "minutes": 15 + (turn + index) % 4 * 15,
        }
        for index, (project, task, day) in enumerate(cells)
    ]


def _percentiles(values: list[float]) -> dict[str, float]:
    return {
        f"p{percent}": round(values[min(len(values) - 1, len(values) * percent // _PERCENT)] * 1000, 1)
        for percent in (50, 95, 99)
    }


def memory_mb(process: subprocess.Popen[bytes]) -> float:
    """Proportional set size of the server's processes (PSS), in MB."""
    total = 0
    for pid in _family(process.pid):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return round(total / 1024, 1)


def _family(pid: int) -> list[int]:
    found = [pid]
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(entry.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            found += _family(int(entry.parent.name))
    return found
