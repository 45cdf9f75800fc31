"""`quoin backup`: one file that holds the whole database, proven to be readable, and a note of when it was made."""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from quoin.base import clock
from quoin.base.db.binaries import PostgresError, find_binaries
from quoin.site.database import state_dir

_DATABASE = "quoin"
_SECONDS = 3600
_NOTES = "backups.json"
_KEPT_NOTES = 30


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made and read back."""

    path: str
    made_at: str
    size_bytes: int
    tables: int


def make_backup(folder: Path | None = None, *, url: str = "") -> Backup:
    """Dump the database into the folder (`backups` in the state directory); PostgresError says what is wrong.

    Row security holds for the application's roles, so a dump needs a superuser: the own server's, or the one of `url`.
    """
    target = folder or state_dir() / "backups"
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    now = clock.utc_now()
    path = target / f"quoin-{now:%Y-%m-%dT%H%M%S}.dump"
    _run([find_binaries().program("pg_dump"), *_connection(url), "-Fc", "-f", str(path)])
    listing = _run([find_binaries().program("pg_restore"), "--list", str(path)])
    tables = sum(" TABLE DATA " in line for line in listing.splitlines())
    path.chmod(0o600)
    if not tables:
        raise PostgresError(f"The backup {path} holds no tables. Is {_DATABASE} the right database?")
    made = Backup(str(path), now.isoformat(timespec="seconds"), path.stat().st_size, tables)
    _note(made)
    return made


def last_backup() -> Backup | None:
    """The newest backup that was noted; None if there was none."""
    notes = _notes()
    return Backup(**notes[-1]) if notes else None


def age_of(backup: Backup) -> float:
    """Hours since it was made."""
    return (clock.utc_now() - datetime.fromisoformat(backup.made_at)).total_seconds() / 3600


def _connection(url: str) -> list[str]:
    if url:
        return ["-d", url]
    server = state_dir() / "postgres" / "server.json"
    if not server.is_file():
        raise PostgresError(
            "Name a superuser of your server: quoin backup --url postgresql://postgres@db.example/quoin"
        )
    return ["-h", json.loads(server.read_text())["socket"], "-U", "postgres", "-d", _DATABASE]


def _run(command: list[str]) -> str:
    # Programs of the installation that was found, with arguments of ours.
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_SECONDS)
    if done.returncode:
        raise PostgresError(f"{Path(command[0]).name} failed: {done.stderr.strip() or done.returncode}")
    return done.stdout


def _note(made: Backup) -> None:
    path = state_dir() / _NOTES
    path.write_text(json.dumps([*_notes(), asdict(made)][-_KEPT_NOTES:], indent=1))


def _notes() -> list[dict[str, Any]]:
    path = state_dir() / _NOTES
    return list(json.loads(path.read_text())) if path.is_file() else []
