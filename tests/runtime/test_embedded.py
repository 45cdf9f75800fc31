"""The private PostgreSQL: start, adoption, survival of a kill, stop, refusals."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, LiteralString

import psycopg
import pytest

from quoin.base.db import binaries, embedded, postmaster
from quoin.base.db.binaries import PostgresError
from quoin.base.db.roles import APP_ROLE, EXTENSIONS, OWNER_ROLE

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def state_dir() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="quoin-rt-"))
    yield folder
    embedded.stop_server(folder)
    shutil.rmtree(folder)


@pytest.fixture
def server(state_dir: Path) -> Iterator[embedded.Server]:
    server = embedded.ensure_server(state_dir, durable=False)
    yield server
    server.stop()


def _kill(server: embedded.Server) -> None:
    pid = postmaster.pid_of(server.home.data)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    postmaster.wait_for_end(pid, 5)


def _value(dsn: str, query: LiteralString) -> Any:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def test_app_role_on_new_server_cannot_bypass_row_security_or_own_anything(server: embedded.Server) -> None:
    rights = _value(
        server.dsn(APP_ROLE),
        "SELECT (rolsuper, rolbypassrls, rolcreatedb, rolcreaterole)::text FROM pg_roles WHERE rolname = current_user",
    )

    assert rights == "(f,f,f,f)"
    with psycopg.connect(server.dsn(APP_ROLE)) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE mine (id int)")


def test_app_role_may_write_but_not_truncate_tables_of_the_owner(server: embedded.Server) -> None:
    with psycopg.connect(server.dsn(OWNER_ROLE)) as connection:
        connection.execute("CREATE TABLE thing (id int GENERATED ALWAYS AS IDENTITY, name text)")

    with psycopg.connect(server.dsn(APP_ROLE)) as connection:
        connection.execute("INSERT INTO thing (name) VALUES ('a')")
        connection.execute("UPDATE thing SET name = 'b'")
        connection.execute("DELETE FROM thing")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("TRUNCATE thing")


def test_new_database_lowers_unicode_and_has_the_extensions(server: embedded.Server) -> None:
    assert _value(server.dsn(APP_ROLE), "SELECT lower('ÄÖÜ É')") == "äöü é"
    installed = _value(server.dsn(APP_ROLE), "SELECT array_agg(extname::text) FROM pg_extension")
    assert set(EXTENSIONS) <= set(installed)


def test_second_call_adopts_the_running_server(server: embedded.Server, state_dir: Path) -> None:
    again = embedded.ensure_server(state_dir, durable=False)

    assert again.was_running
    assert postmaster.pid_of(again.home.data) == postmaster.pid_of(server.home.data)
    again.release()
    assert server.is_alive()


def test_release_by_the_last_user_stops_the_server(state_dir: Path) -> None:
    server = embedded.ensure_server(state_dir, durable=False)

    server.release()

    assert not server.is_alive()


def test_killed_server_starts_again_with_committed_rows(state_dir: Path) -> None:
    first = embedded.ensure_server(state_dir)
    with psycopg.connect(first.dsn(OWNER_ROLE)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    _kill(first)

    second = embedded.ensure_server(state_dir)

    assert not second.was_running
    assert _value(second.dsn(OWNER_ROLE), "SELECT seven FROM kept") == 7
    first.forget()
    second.stop()


def test_other_major_version_is_refused_with_the_remedy(server: embedded.Server, state_dir: Path) -> None:
    server.stop()
    (server.home.data / "PG_VERSION").write_text("9\n", encoding="ascii")

    with pytest.raises(PostgresError, match=r"written by PostgreSQL 9.*pg_dumpall"):
        embedded.ensure_server(state_dir)


def test_half_made_data_directory_is_made_anew(state_dir: Path) -> None:
    partial = state_dir / "postgres" / "data.partial"
    partial.mkdir(parents=True)
    (partial / "PG_VERSION").write_text("18\n", encoding="ascii")

    server = embedded.ensure_server(state_dir, durable=False)

    assert server.is_alive()
    server.stop()


def test_long_path_gets_a_short_socket_folder(state_dir: Path) -> None:
    deep = state_dir / ("d" * 90)

    server = embedded.ensure_server(deep, durable=False)

    assert len(server.host) < 90
    assert _value(server.dsn(APP_ROLE), "SELECT 1") == 1
    assert embedded.socket_folder(deep) == server.host
    server.stop()
    shutil.rmtree(server.host)


def test_copied_programs_run_from_another_folder(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "runnable_by_others", lambda _binaries: False)
    if os.geteuid() != 0:
        pytest.skip("only root runs the server as another user")

    server = embedded.ensure_server(state_dir, durable=False)

    assert (state_dir / "postgres" / f"postgresql-{server.version}").is_dir()
    assert _value(server.dsn(APP_ROLE), "SELECT 1") == 1
    server.stop()


def test_chosen_folder_without_programs_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOIN_PG_BIN", str(tmp_path))

    with pytest.raises(PostgresError, match="QUOIN_PG_BIN"):
        binaries.find_binaries()
