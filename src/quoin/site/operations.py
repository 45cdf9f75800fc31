"""Commands that run the instance: serve, worker, migrate, doctor, version, and raw API calls."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from quoin import __version__
from quoin.base.console import EXIT_BY_STATUS, Session
from quoin.base.db.binaries import PostgresError
from quoin.site.database import known_address
from quoin.site.serve import prepare_database, running_database, serve, work


@click.command("serve")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, envvar="PORT", show_default=True)
@click.option("--host", default="127.0.0.1", envvar="QUOIN_BIND", show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=1, envvar="QUOIN_WORKERS", show_default=True)
def serve_command(*, port: int, host: str, workers: int) -> None:
    """Start the web server, with database and job worker, until Ctrl-C."""
    serve(port=port, host=host, workers=workers)


@click.command("worker")
def worker_command() -> None:
    """Run jobs until Ctrl-C."""
    work()


@click.command("migrate")
def migrate_command() -> None:
    """Bring the tables up to date."""
    with running_database():
        prepare_database()


@click.command("version")
@click.pass_obj
def version_command(session: Session) -> None:
    """Versions of Quoin and of what it runs on."""
    # Imported here because only this command needs the package's metadata.
    from importlib.metadata import version

    session.emit({"quoin": __version__, "python": sys.version.split()[0], "django": version("django")})


@click.command("doctor")
@click.pass_obj
def doctor_command(session: Session) -> None:
    """Look at what an instance needs, one line each; exit 1 if something is missing."""
    # Imported here because it needs a configured Django.
    from quoin.site.doctor import examine

    with running_database():
        findings = examine()
    session.emit(findings)
    if any(finding["state"] == "broken" for finding in findings):
        raise click.exceptions.Exit(1)


@click.command("backup")
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Default: backups in the state directory."
)
@click.option("--url", envvar="QUOIN_BACKUP_URL", default="", help="A superuser of a server of yours.")
@click.pass_obj
def backup_command(session: Session, folder: Path | None, url: str) -> None:
    """Write the whole database into one file, and read its list back."""
    # Imported here because it needs a configured Django.
    from quoin.site.backup import make_backup

    with running_database():
        try:
            session.emit(asdict(make_backup(folder, url=url)))
        except PostgresError as fault:
            raise click.ClickException(str(fault)) from fault


@click.command("api")
@click.argument("method", type=click.Choice(["GET", "POST", "PUT", "PATCH", "DELETE"], case_sensitive=False))
@click.argument("path")
@click.option(
    "--url", envvar="QUOIN_URL", default=known_address, help="Where Quoin is served (default: where it was last)."
)
@click.option(
    "--token", envvar="QUOIN_TOKEN", default="", help="Bearer token; better in QUOIN_TOKEN than on the command line."
)
@click.option("--key", default="", help="Idempotency-Key.")
@click.option("--body", default="", help="JSON; `-` reads standard input.")
@click.option("--timeout", type=float, default=30.0, show_default=True)
@click.pass_obj
def api_command(session: Session, /, **options: Any) -> None:
    """A raw call: quoin api GET /projects?status=active"""
    # Imported here because the other commands need no HTTP client.
    import httpx

    body = sys.stdin.read() if options["body"] == "-" else options["body"]
    headers = {"Authorization": f"Bearer {options['token']}"} if options["token"] else {}
    headers |= {"Idempotency-Key": options["key"]} if options["key"] else {}
    path = options["path"] + (("&" if "?" in options["path"] else "?") + "dry_run=true" if session.is_dry_run else "")
    address = f"{options['url'].rstrip('/')}/api/v1/{path.lstrip('/')}"
    try:
        answer = httpx.request(
            options["method"].upper(), address, headers={**headers, "Content-Type": "application/json"},
            content=body or None, timeout=options["timeout"],
        )  # fmt: skip
    except httpx.TransportError as fault:
        raise Unreachable(f"{options['url']} does not answer: {fault}") from fault
    is_json = "json" in answer.headers.get("Content-Type", "")
    click.echo(json.dumps(answer.json(), ensure_ascii=False, indent=2) if is_json else answer.text)
    if answer.is_error:
        raise click.exceptions.Exit(EXIT_BY_STATUS.get(answer.status_code, 1))


class Unreachable(click.ClickException):
    """The server does not answer."""

    exit_code = 8


COMMANDS: list[click.Command] = [
    serve_command, worker_command, migrate_command, version_command, doctor_command, backup_command, api_command,
]  # fmt: skip
