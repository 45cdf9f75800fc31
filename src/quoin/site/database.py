"""Where this instance's database is: the operator's (`DATABASE_URL`) or the private one in the state directory.

Reading the settings starts nothing; `ensure_database` does, and is called before Django connects.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from quoin.base.db.embedded import DATABASE, PORT, Server, ensure_server, socket_folder
from quoin.base.db.roles import APP_ROLE, OWNER_ROLE

_ROOT = Path(__file__).resolve().parents[3]
_DJANGO_NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
_ADDRESS = "address"
_USUAL_ADDRESS = "http://127.0.0.1:8000"
_POOL = {"min_size": 1, "max_size": 16, "timeout": 10}


def repository() -> Path | None:
    """The checkout this code runs from, or None when it is an installed package."""
    return _ROOT if (_ROOT / "pyproject.toml").is_file() else None


def state_dir() -> Path:
    """Where the instance keeps what it must not lose: `$QUOIN_HOME`, or `.quoin` in the checkout."""
    chosen = os.environ.get("QUOIN_HOME")
    if chosen:
        return Path(chosen).expanduser().resolve()
    checkout = repository()
    return checkout / ".quoin" if checkout else Path("~/.local/share/quoin").expanduser()


def remember_address(url: str) -> None:
    """Note where the instance is served, so that the command line makes links that open."""
    with suppress(OSError):  # a state directory that may only be read
        state_dir().mkdir(parents=True, exist_ok=True)
        (state_dir() / _ADDRESS).write_text(url, encoding="ascii")


def known_address() -> str:
    """Where the instance was served last."""
    try:
        return (state_dir() / _ADDRESS).read_text(encoding="ascii").strip() or _USUAL_ADDRESS
    except (OSError, UnicodeDecodeError):
        return _USUAL_ADDRESS


def ensure_database() -> Server | None:
    """Starts the private server, or adopts a running one; None when the operator names a database.

    Whoever calls this calls `release()` on the server at the end.
    """
    return None if os.environ.get("DATABASE_URL") else ensure_server(state_dir())


def database_settings() -> dict[str, dict[str, Any]]:
    """Django's DATABASES: `default` serves as the app role through a pool, `owner` migrates."""
    served = os.environ.get("DATABASE_URL") or _local(APP_ROLE)
    owned = os.environ.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL") or _local(OWNER_ROLE)
    return {
        "default": _alias(served, {"pool": dict(_POOL), **_prepare()}),
        "owner": _alias(owned, {}) | {"TEST": {"MIRROR": "default"}},
    }


def _prepare() -> dict[str, int]:
    # Only statements that ask for it are prepared; a pooler that cannot keep them wants none.
    return {} if os.environ.get("QUOIN_PREPARE") == "0" else {"prepare_threshold": 1000}


def _local(role: str) -> str:
    return make_conninfo(host=socket_folder(state_dir()), port=PORT, user=role, dbname=DATABASE)


def _alias(conninfo: str, extra: dict[str, Any]) -> dict[str, Any]:
    given = {name: str(value) for name, value in conninfo_to_dict(conninfo).items()}
    named = {_DJANGO_NAMES[name]: given.pop(name) for name in tuple(given) if name in _DJANGO_NAMES}
    options = {"application_name": "quoin", **given, **extra}
    return {"ENGINE": "quoin.base.db.backend", "CONN_MAX_AGE": 0, **named, "OPTIONS": options}
