"""Reads what a PostgreSQL server says about itself in its data directory, and whether its process lives."""

from __future__ import annotations

import os
import time
from pathlib import Path

_PID_LINE, _READY_LINE = 0, 7


def pid_of(data: Path) -> int | None:
    """The process that claims the data directory; it may be dead."""
    return _pid_in(data / "postmaster.pid")


def is_ready(data: Path) -> bool:
    """Whether the data directory's own server runs and has told that it accepts connections."""
    lines = _lines(data / "postmaster.pid")
    if len(lines) <= _READY_LINE or lines[_READY_LINE].strip() != "ready":
        return False
    pid = int(lines[_PID_LINE])
    return is_running(pid) and _works_in(pid, data)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def wait_for_end(pid: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.02)


def clear_dead(data: Path, socket_lock: Path) -> None:
    """Removes the claims of a server that is dead but was not yet collected by its parent.

    PostgreSQL takes such a process for a living server, because its number still exists. Its own check of the
    shared memory, which does not depend on these files, still refuses a second server beside a living one.
    """
    for claim in (data / "postmaster.pid", socket_lock):
        pid = _pid_in(claim)
        if pid is not None and _is_zombie(pid):
            claim.unlink(missing_ok=True)


def _lines(claim: Path) -> list[str]:
    try:
        return claim.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def _pid_in(claim: Path) -> int | None:
    lines = _lines(claim)
    return int(lines[_PID_LINE]) if lines and lines[_PID_LINE].strip().isdigit() else None


def _is_zombie(pid: int) -> bool:
    """Only Linux can tell; elsewhere an uncollected process counts as alive."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] == "Z"


def _works_in(pid: int, data: Path) -> bool:
    """Guards against a process number that was used again: a server's working folder is its data directory."""
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == data.resolve()
    except OSError:
        return not Path("/proc").is_dir()
