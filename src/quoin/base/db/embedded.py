"""Runs one private PostgreSQL for this instance: prepares the data, starts, adopts, stops.

The server listens on a unix socket only. The socket's folder is closed to every other user (0700), which is why
the local authentication method is `trust`. Nothing here needs Django.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from quoin.base.db import postmaster
from quoin.base.db.binaries import (
    Binaries,
    PostgresError,
    copy_for_others,
    find_binaries,
    is_open_path,
    runnable_by_others,
)
from quoin.base.db.roles import OWNER_ROLE, content_statements, database_statements, role_statements

if TYPE_CHECKING:
    from collections.abc import Iterator

DATABASE = "quoin"
SUPERUSER = "postgres"
PORT = 5432  # Only names the socket file; no network port is opened.

_UNPRIVILEGED_USER = "nobody"
_HOME_FOR_ROOT = Path("/var/lib/quoin")
_LONGEST_SOCKET_FOLDER = 107 - len(f"/.s.PGSQL.{PORT}.lock") - 1
_START_SECONDS = 60
_RETRY_SECONDS = 15
_STOP_SECONDS = 20
_LARGEST_LOG_BYTES = 20_000_000
_HEALS_BY_WAITING = ("pre-existing shared memory block", "already exists", "is in use", "is being used")
_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%a/%u@%d ",
}
_BUILTIN_LOCALE_SINCE = 17
_LOCALE = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
_LOCALE_BEFORE_17 = ("--locale=C.UTF-8",)
# After a crash each data file is flushed once; one call for the whole file system does the same much faster.
_LINUX = {"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum_naptime": "10min"}


@dataclass(frozen=True, slots=True)
class _Home:
    """Where one server keeps its things, and the system user it runs as (None: the current user)."""

    folder: Path
    uid: int | None
    gid: int | None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def note(self) -> Path:
        return self.folder / "server.json"

    def as_server_user(self) -> dict[str, Any]:
        """Arguments for subprocess that run a program as the server's user, with a bare environment."""
        bare = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        user: dict[str, Any] = {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}
        return {"env": bare, "cwd": "/", "stdin": subprocess.DEVNULL, **user}

    def give(self, folder: Path) -> None:
        """Makes the folder private to the server's user."""
        folder.chmod(0o700)
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL that answers. `host` is the socket's folder."""

    home: _Home
    host: str
    version: str
    process: subprocess.Popen[bytes] | None
    users: IO[str]
    port: int = PORT

    @property
    def was_running(self) -> bool:
        """Whether it was found running instead of being started by this call."""
        return self.process is None

    def dsn(self, role: str = OWNER_ROLE, database: str = DATABASE) -> str:
        return make_conninfo(host=self.host, port=self.port, user=role, dbname=database)

    def is_alive(self) -> bool:
        pid = postmaster.pid_of(self.home.data)
        return pid is not None and postmaster.is_running(pid)

    def release(self) -> None:
        """Stops the server unless another process of this instance uses it."""
        fcntl.flock(self.users, fcntl.LOCK_UN)
        try:
            fcntl.flock(self.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.users.close()
            return
        self.stop()

    def checkpoint(self) -> None:
        """Returns when everything committed so far is in the data files."""
        _execute(self.dsn(SUPERUSER, "postgres"), sql.SQL("CHECKPOINT").format())

    def forget(self) -> None:
        """Gives up the claim on a server that died or was replaced; stops nothing."""
        if self.process is not None:
            self.process.poll()
        self.users.close()

    def stop(self) -> None:
        """Stops the server for everybody: open connections are ended, committed data is safe."""
        _stop(self.home)
        if self.process is not None:
            self.process.wait()
        self.users.close()


def ensure_server(state_dir: Path, *, durable: bool = True) -> Server:
    """The instance's server, running: adopted if it survived, else started; prepared on first use.

    Raises PostgresError with the remedy. `durable=False` is for tests: it may lose data in a crash.
    """
    home = _home(state_dir)
    home.folder.mkdir(parents=True, exist_ok=True)
    if home.uid is not None:
        _let_others_enter(home.folder, state_dir)
    with _alone(home):
        binaries = _binaries_for(home)
        host = _socket_folder(home)
        if not home.data.exists():
            _initialise(home, binaries)
        process = None if postmaster.is_ready(home.data) else _start(home, binaries, host, durable=durable)
        server = Server(home=home, host=host, version=binaries.version, process=process, users=_use(home))
        home.note.write_text(json.dumps({"socket": host, "version": binaries.version}), encoding="utf-8")
        _prepare(server)
    return server


def socket_folder(state_dir: Path) -> str:
    """Where the instance's server listens, or will listen; starts and creates nothing."""
    home = _home(state_dir)
    with contextlib.suppress(FileNotFoundError, PermissionError):
        return str(json.loads(home.note.read_text(encoding="utf-8"))["socket"])
    return str(_planned_socket_folder(home))


def stop_server(state_dir: Path) -> None:
    """Stops the instance's server if it runs; for one that nobody holds any more."""
    home = _home(state_dir)
    if postmaster.is_ready(home.data):
        _stop(home)


def create_database(server: Server, name: str, template: str | None = None) -> None:
    """A new database for the two roles, replacing one of the same name; from a template or empty and prepared."""
    names = {"name": sql.Identifier(name), "owner": sql.Identifier(OWNER_ROLE)}
    create = sql.SQL("CREATE DATABASE {name} OWNER {owner}").format(**names)
    if template is not None:
        create += sql.SQL(" TEMPLATE {template} STRATEGY file_copy").format(template=sql.Identifier(template))
    _execute(
        server.dsn(SUPERUSER, "postgres"),
        sql.SQL("DROP DATABASE IF EXISTS {name} WITH (FORCE)").format(**names),
        create,
    )
    _execute(server.dsn(SUPERUSER, name), *database_statements(name))
    if template is None:
        _execute(server.dsn(SUPERUSER, name), *content_statements())


def _home(state_dir: Path) -> _Home:
    """PostgreSQL refuses root, so root runs it as an unprivileged user in a folder which that user can reach."""
    if os.geteuid() != 0:
        return _Home(folder=state_dir.resolve() / "postgres", uid=None, gid=None)
    user = pwd.getpwnam(_UNPRIVILEGED_USER)
    above = next(parent for parent in state_dir.resolve().parents if parent.exists())
    folder = state_dir.resolve() / "postgres" if is_open_path(above) else _HOME_FOR_ROOT / _short_hash(state_dir)
    return _Home(folder=folder, uid=user.pw_uid, gid=user.pw_gid)


def _short_hash(path: Path) -> str:
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]


def _let_others_enter(folder: Path, state_dir: Path) -> None:
    """A strict umask must not close the way to the data directory, which is itself closed to others."""
    for part in (folder, *folder.parents):
        if (
            part == state_dir.resolve()
            or state_dir.resolve() in part.parents
            or _HOME_FOR_ROOT in (part, *part.parents)
        ):
            part.chmod(0o711)


@contextlib.contextmanager
def _alone(home: _Home) -> Iterator[None]:
    """Two commands started at once must not both start a server."""
    with (home.folder / "start.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _use(home: _Home) -> IO[str]:
    """Marks this process as a user of the server; the mark disappears with the process."""
    mark = (home.folder / "users.lock").open("w", encoding="utf-8")
    fcntl.flock(mark, fcntl.LOCK_SH)
    return mark


def _binaries_for(home: _Home) -> Binaries:
    written_by = home.data / "PG_VERSION"
    major = int(written_by.read_text(encoding="ascii").strip()) if written_by.exists() else None
    binaries = find_binaries(major=major)
    if home.uid is None or runnable_by_others(binaries):
        return binaries
    return copy_for_others(binaries, home.folder)


def _planned_socket_folder(home: _Home) -> Path:
    """Inside the home unless the path is too long for a socket address."""
    inside = home.folder / "socket"
    if len(os.fsencode(inside)) <= _LONGEST_SOCKET_FOLDER:
        return inside
    runtime = os.environ.get("XDG_RUNTIME_DIR") if home.uid is None else None
    return Path(runtime or tempfile.gettempdir()) / f"quoin-{_short_hash(home.folder)}"


def _socket_folder(home: _Home) -> str:
    folder = _planned_socket_folder(home)
    if home.note.exists() and postmaster.is_ready(home.data):
        return str(json.loads(home.note.read_text(encoding="utf-8"))["socket"])
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    owner = folder.lstat()
    if folder.is_symlink() or owner.st_uid not in {os.geteuid(), home.uid}:
        raise PostgresError(f"The socket folder {folder} belongs to somebody else. Remove it or set TMPDIR.")
    home.give(folder)
    return str(folder)


def _initialise(home: _Home, binaries: Binaries) -> None:
    """Makes the data directory beside its place and moves it there, so that a half-made one is never used."""
    partial = home.folder / "data.partial"
    if partial.exists():
        shutil.rmtree(partial)
    partial.mkdir()
    home.give(partial)
    locale = _LOCALE_BEFORE_17 if binaries.major < _BUILTIN_LOCALE_SINCE else _LOCALE
    command = [binaries.program("initdb"), "-D", str(partial), "-U", SUPERUSER, "-E", "UTF8", *locale]
    command += ["--auth-local=trust", "--auth-host=reject", "--data-checksums", "--no-instructions", "--no-sync"]
    made = subprocess.run(command, check=False, capture_output=True, text=True, **home.as_server_user())  # noqa: S603  fixed program and arguments
    if made.returncode:
        raise PostgresError(f"initdb failed: {made.stderr.strip() or made.stdout.strip()}")
    partial.rename(home.data)


def _start(home: _Home, binaries: Binaries, host: str, *, durable: bool) -> subprocess.Popen[bytes]:
    """Starts the server and returns when it accepts connections.

    Right after a crash the children of the old server may still hold its memory: that heals within seconds.
    """
    deadline = time.monotonic() + _RETRY_SECONDS
    while True:
        postmaster.clear_dead(home.data, Path(host) / f".s.PGSQL.{PORT}.lock")
        process = _launch(home, binaries, host, durable=durable)
        reason = _wait_until_ready(home, process)
        if not reason:
            return process
        if time.monotonic() > deadline or not any(sign in reason for sign in _HEALS_BY_WAITING):
            raise PostgresError(f"PostgreSQL did not start; the end of {home.log} says:\n{reason}")
        time.sleep(0.2)


def _launch(home: _Home, binaries: Binaries, host: str, *, durable: bool) -> subprocess.Popen[bytes]:
    settings = _SETTINGS | _LINUX | {"unix_socket_directories": host} | ({} if durable else _NOT_DURABLE)
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = [binaries.program("postgres"), "-D", str(home.data), *options]
    if home.log.exists() and home.log.stat().st_size > _LARGEST_LOG_BYTES:
        home.log.replace(home.log.with_suffix(".log.1"))
    with home.log.open("ab") as log:
        # A session of its own, so that Ctrl-C in the terminal reaches us and not the server.
        return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **home.as_server_user())  # noqa: S603  fixed program and arguments


def _wait_until_ready(home: _Home, process: subprocess.Popen[bytes]) -> str:
    """Empty once the server is ready; otherwise the end of its log."""
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None:
        if postmaster.pid_of(home.data) == process.pid and postmaster.is_ready(home.data):
            return ""
        if time.monotonic() > deadline:
            process.send_signal(signal.SIGQUIT)
            process.wait()
            return f"not ready after {_START_SECONDS} seconds\n{_end_of_log(home)}"
        time.sleep(0.01)
    return _end_of_log(home)


def _stop(home: _Home) -> None:
    for how in (signal.SIGINT, signal.SIGQUIT):
        pid = postmaster.pid_of(home.data)
        if pid is None or not postmaster.is_running(pid):
            break
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
        postmaster.wait_for_end(pid, _STOP_SECONDS)


def _end_of_log(home: _Home) -> str:
    return "\n".join(home.log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])


def _prepare(server: Server) -> None:
    """Roles and the instance's database; repeated at each start because it is cheap and heals a broken first run."""
    with psycopg.connect(server.dsn(SUPERUSER, "postgres"), autocommit=True) as connection:
        for statement in role_statements():
            connection.execute(statement)
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
    if exists is None:
        create_database(server, DATABASE)


def _execute(dsn: str, *statements: sql.Composed) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)
