"""What `quoin doctor` and the operations screen look at: one finding per part, with the remedy."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error, connection

from quoin.base.db.context import NoTenant, current_tenant
from quoin.site.backup import age_of, last_backup
from quoin.site.database import state_dir
from quoin.site.health import CHECKS
from quoin.site.observe import slow_pages

_SMALL_BYTES = 1_000_000_000
_BACKUP_HOURS = 26
_ONLINE = """
SELECT count(DISTINCT user_id) FROM accounts_membership WHERE last_seen_at > now() - interval '5 minutes'
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """State is fine, look or broken."""

    part: str
    state: str
    detail: str


def examine() -> list[dict[str, Any]]:
    """All findings, in order."""
    found = [_check(name) for name in CHECKS] + [
        _assets(), _disk(), _mail(), _jobs(), _backup(), _slow(), _version(),
    ]  # fmt: skip
    with suppress(NoTenant):
        current_tenant()  # whose users are counted
        found.append(_online())
    return [asdict(finding) for finding in found]


def _check(name: str) -> Finding:
    try:
        problem = CHECKS[name]()
    except Error:
        problem = "The database does not answer."
    return Finding(name, "broken" if problem else "fine", problem or "in order")


def _assets() -> Finding:
    if (Path(settings.ASSETS_DIR) / "manifest.json").is_file():
        return Finding("assets", "fine", "built")
    return Finding("assets", "broken", f"Missing in {settings.ASSETS_DIR}. Run `make assets`.")


def _disk() -> Finding:
    free = shutil.disk_usage(state_dir() if state_dir().exists() else state_dir().parent).free
    return Finding("disk", "fine" if free > _SMALL_BYTES else "look", f"{free // 1_000_000:,} MB free")


def _mail() -> Finding:
    if settings.EMAIL_HOST:
        return Finding("mail", "fine", f"sent through {settings.EMAIL_HOST}")
    return Finding("mail", "look", "Printed to the log. Set QUOIN_SMTP_HOST to send.")


def _jobs() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FILTER (WHERE status = 'failed'), count(*) FILTER (WHERE status = 'todo')"
                " FROM procrastinate_jobs"
            )
            failed, waiting = cursor.fetchone()
    except Error:
        return Finding("jobs", "broken", "The job tables are missing. Run `quoin migrate`.")
    return Finding("jobs", "look" if failed else "fine", f"{waiting} waiting, {failed} failed")


def _backup() -> Finding:
    last = last_backup()
    if last is None:
        return Finding("backup", "look", "None was made by `quoin backup` here.")
    hours = age_of(last)
    size = f"{last.size_bytes // 1_000_000:,} MB, {last.tables} tables"
    return Finding("backup", "fine" if hours < _BACKUP_HOURS else "look", f"{hours:,.0f} hours ago, {size}")


def _online() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(_ONLINE)
        (count,) = cursor.fetchone() or (0,)
    return Finding("online", "fine", f"{count} in the last five minutes")


def _slow() -> Finding:
    pages = slow_pages()
    if not pages:
        return Finding("slow", "fine", f"No page took longer than {settings.QUOIN_SLOW_MS} ms since the start.")
    worst = max(pages, key=lambda page: page.milliseconds)
    return Finding("slow", "look", f"{len(pages)} slow; worst /{worst.route} with {worst.milliseconds:,} ms")


def _version() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return Finding("postgresql", "fine", str(cursor.fetchone()[0]))
