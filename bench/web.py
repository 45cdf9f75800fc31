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
from contextlib import contextmanager
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

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
    command = [sys.executable, "-m", "quoin.site.cli", "serve", "--port", str(port), "--workers", str(workers)]
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
    results: list[tuple[str, float]] = []
    failures: list[str] = []
    stop = time.perf_counter() + seconds
    threads = [
        threading.Thread(
            target=_user, args=(firm, workload, port, number, by_user[firm.users[number]], stop, results, failures)
        )
        for number in range(USERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise SystemExit(f"{len(failures)} requests failed, first: {failures[0]}")
    reads = sorted(seconds for kind, seconds in results if kind == "read")
    saves = sorted(seconds for kind, seconds in results if kind == "save")
    return {
        "users": USERS,
        "requests_per_second": round(len(results) / seconds, 1),
        "read_ms": _percentiles(reads),
        "save_ms": _percentiles(saves),
    }


def _user(
    firm: Firm,
    workload: ModuleType,
    port: int,
    number: int,
    session: str,
    stop: float,
    results: list[Any],
    failures: list[Any],
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Cookie": f"sessionid={session}; csrftoken={_CSRF}", "X-CSRFToken": _CSRF, "Content-Type": "application/json",
        "Host": f"127.0.0.1:{port}", "Accept": "application/json",
    }  # fmt: skip
    week = iso_week(workload.WEEK[0])
    cells = workload.week_cells(number)
    turn = 0
    while time.perf_counter() < stop:
        turn += 1
        for kind in ("read", "save"):
            body = json.dumps({"edits": _edits(firm, cells, number, turn)}) if kind == "save" else None
            method, path = ("POST", f"/time/{week}/cells") if kind == "save" else ("GET", f"/time/{week}/state")
            started = time.perf_counter()
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            results.append((kind, time.perf_counter() - started))
            if answer.status != http.HTTPStatus.OK or b'"refused"' in content:
                failures.append(f"{kind} {answer.status} {content[:200]!r}")
                return


def _edits(firm: Firm, cells: list[tuple[int, int, date]], number: int, turn: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{number}-{turn}-{index}",
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
