"""Plans in binary and other vendors' formats, by MPXJ where the operator installed it and Java is there.

MPXJ (LGPL) is a program of its own here: its converter writes Microsoft Project XML, which Quoin reads itself.
The extra `quoin[msproject]` (or `pip install mpxj`) brings it, or QUOIN_MPXJ names the folder of its jars.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from quoin.kernel.words import say
from quoin.projects.adapters.exchange.xml import UnreadablePlan

SUFFIXES: Final = (".mpp", ".mpt", ".mpx", ".xer", ".pmxml", ".planner", ".pod", ".pp", ".gan")
_CONVERTER: Final = "org.mpxj.sample.MpxjConvert"
_SECONDS: Final = 120
_MEMORY: Final = "-Xmx768m"
_JAVA: Final = "Install Java 17 or later on the server, or save the plan as XML in Microsoft Project."
_KEPT: Final = 2000
_LOG = logging.getLogger(__name__)


def jars() -> Path | None:
    """The folder of MPXJ's programs, or None where it is not installed."""
    named = os.environ.get("QUOIN_MPXJ")
    if named:
        return Path(named) if Path(named).is_dir() else None
    found = find_spec("mpxj")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "lib"
    return folder if folder.is_dir() else None


def missing() -> str:
    """What has to be installed before other formats can be read; empty if nothing."""
    if jars() is None:
        return (
            "Install MPXJ on the server (pip install mpxj, or the extra quoin[msproject]),"
            " or save the plan as XML in Microsoft Project."
        )
    return "" if java() else _JAVA


def java() -> str | None:
    """The program that runs MPXJ: on the path, or where JAVA_HOME says."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java") or (shutil.which("java", path=str(Path(home) / "bin")) if home else None)


def as_mspdi(name: str, content: bytes) -> bytes:
    """The plan as Microsoft Project XML; UnreadablePlan where MPXJ is absent or cannot read it."""
    lacking = missing()
    suffix = Path(name).suffix.lower()
    if lacking:
        raise UnreadablePlan(
            say("A %(ending)s cannot be read here. %(lacking)s", ending=suffix or "file of this kind", lacking=lacking)
        )
    program, folder = java(), jars()
    assert program is not None
    assert folder is not None
    with tempfile.TemporaryDirectory(prefix="quoin-plan-") as place:
        given, made = Path(place) / f"plan{suffix}", Path(place) / "plan.xml"
        given.write_bytes(content)
        command = [program, _MEMORY, "-cp", f"{folder}/*", _CONVERTER, str(given), str(made)]
        try:
            # The program is fixed; the upload is only its input, under a name of ours.
            done = subprocess.run(  # noqa: S603
                command, check=False, capture_output=True, timeout=_SECONDS, cwd=place, env=_bare_environment()
            )
        except subprocess.TimeoutExpired as error:
            raise UnreadablePlan("Reading the file took too long. Save the plan as XML and try again.") from error
        if not made.exists() or not made.stat().st_size:
            raise UnreadablePlan(_why_not(done.stderr.decode(errors="replace")))
        return made.read_bytes()


def _why_not(said: str) -> str:
    """What to do about a file that was not converted; what Java said goes to the log."""
    _LOG.warning("MPXJ did not convert a plan: %s", said[-_KEPT:])
    if "UnsupportedClassVersionError" in said:
        return _JAVA
    if "password" in said.casefold():
        return "The file is protected by a password. Save it without one, or as XML in Microsoft Project."
    return "MPXJ cannot read the file. Open it in its own program and save it as XML."


def _bare_environment() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "JAVA_HOME", "LANG") if name in os.environ}
