"""W4 and W6: the weekly timesheet over HTTP with 16 users, cold start, memory."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from bench.firm import Firm
from quoin.accounts.models import User
from quoin.kernel.period import iso_week

COOKIE = settings.SESSION_COOKIE_NAME
USERS = 16
PAUSE = 0.09
"""Seconds between an answer and the next request, so that 16 users send about 150 requests a second."""
_PERCENT = 100
_MOST_SAVES_PER_SECOND = 40
"""Of one user; bodies are made ahead for so many."""


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
    """Session keys of the first users."""
    return [session_of(user) for user in User.objects.filter(id__in=firm.users[:USERS]).order_by("id")]


def session_of(user: User) -> str:
    """The key of a new session, made as the sign-in makes it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.id)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def timesheets(firm: Firm, workload: ModuleType, port: int, *, seconds: float, pause: float = 0) -> dict[str, Any]:
    """W4: each user reads a week of 25 cells and saves 25 cells, again and again; the users are one process."""
    by_user = dict(zip(sorted(firm.users[:USERS]), sign_in(firm), strict=True))
    week = iso_week(workload.WEEK[0])
    orders = {
        "port": port,
        "seconds": seconds,
        "pause": pause,
        "most_saves": round(seconds * _MOST_SAVES_PER_SECOND),
        "users": [
            {
                "session": by_user[firm.users[number]],
                "read": f"/time/{week}/logged",
                "save": f"/time/{week}/cells",
                "cells": [
                    [f"{firm.projects[project]}:{firm.tasks[task]}", day.isoformat()]
                    for project, task, day in workload.week_cells(number)
                ],
            }
            for number in range(USERS)
        ],
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.users"], input=json.dumps(orders), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"the users failed: {done.stderr[-2000:]}")
    found = json.loads(done.stdout)
    reads = sorted(seconds for kind, seconds in found["timings"] if kind == "read")
    saves = sorted(seconds for kind, seconds in found["timings"] if kind == "save")
    return {
        "users": USERS,
        "pause_ms": round(pause * 1000),
        "requests_per_second": round((len(reads) + len(saves)) / seconds, 1),
        "read_ms": _percentiles(reads),
        "save_ms": _percentiles(saves),
        "client_cpu_ms_per_request": round(found["client_cpu_seconds"] * 1000 / (len(reads) + len(saves)), 2),
    }


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
