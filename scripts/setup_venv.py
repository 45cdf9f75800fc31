"""Gives the virtual environment exactly the packages of the lock files, checked by hash.

Usage: PYTHON scripts/setup_venv.py VENV LOCK... Only the standard library: nothing is installed yet when it runs.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
START = 'import sys; sys.argv[0] = "quoin"; from quoin.site.cli import main; sys.exit(main())'
INSTALLER = "requirements/uv.txt"
# uv does not read pip's configuration, so what a machine sets for pip is handed on under uv's names.
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
}


def main(venv: str, *locks: str) -> None:
    if sys.version_info < OLDEST:
        version = sys.version.split()[0]
        sys.exit(f"Quoin needs Python 3.11 or newer; this is {version}. Choose another one: make PYTHON=python3.12 run")
    python = Path(venv) / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    if not is_installer_current(Path(venv)):
        pip(python, INSTALLER)
    command = [str(Path(venv) / "bin" / "uv"), "pip", "sync", "--quiet", "--require-hashes", INSTALLER, *locks]
    settings = {"VIRTUAL_ENV": str(Path(venv).resolve()), "UV_INDEX_STRATEGY": "unsafe-best-match"}
    fast = subprocess.run(command, check=False, env={**from_pip(python), **os.environ, **settings})
    if fast.returncode:
        print("uv could not install the packages; pip tries, which takes longer.", file=sys.stderr)
        pip(python, INSTALLER, *locks)
    add_quoin(Path(venv).resolve())


def add_quoin(venv: Path) -> None:
    """Makes this checkout importable and puts `quoin` beside python, without building a package of it."""
    source = Path(__file__).resolve().parents[1] / "src"
    for packages in venv.glob("lib/python*/site-packages"):
        (packages / "quoin-checkout.pth").write_text(f"{source}\n", encoding="utf-8")
    command = venv / "bin" / "quoin"
    command.write_text(f'#!/bin/sh\nexec "{venv}/bin/python" -P -c {START!r} "$@"\n', encoding="utf-8")
    command.chmod(0o755)


def is_installer_current(venv: Path) -> bool:
    program = venv / "bin" / "uv"
    if not program.exists():
        return False
    pinned = Path(INSTALLER).read_text(encoding="utf-8").split()[0].partition("==")[2]
    return (
        subprocess.run([str(program), "--version"], check=False, capture_output=True, text=True).stdout.split()[1]
        == pinned
    )


def pip(python: Path, *locks: str) -> None:
    wanted = [part for lock in locks for part in ("-r", lock)]
    quiet = ["--quiet", "--disable-pip-version-check"]
    subprocess.run([str(python), "-m", "pip", "install", *quiet, "--require-hashes", *wanted], check=True)


def from_pip(python: Path) -> dict[str, str]:
    listed = subprocess.run(
        [str(python), "-m", "pip", "config", "list"], check=True, capture_output=True, text=True
    ).stdout
    found = {}
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        name = UV_NAMES.get(key.rpartition(".")[2])
        if name:
            found[name] = " ".join(ast.literal_eval(value).split())
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
