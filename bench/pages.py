"""Pages of the demo against their budgets (`python -m bench.pages [--scale 0.5] [--home DIR]`): one JSON document.

A table goes to the error stream as it grows. Measured for each page: time, statements and processor of the server
(unthrottled, median of several), first and largest paint, layout shift, requests and bytes over the wire in the lab.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.lab import Lab

_RUNS = 5
_MORE_LOADS = 2
_ROLES = ("administrator", "project_manager", "finance", "resource_manager", "executive", "consultant")
"""Whoever of them comes first and may open a page reads it."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a class of pages may cost: kilobytes over the wire, requests, milliseconds, share of the view that moves."""

    scripts_kb: int
    styles_kb: int
    page_kb: int
    requests: int
    paint_ms: int
    shift: float
    server_ms: int
    statements: int = 25


BUDGETS = {
    "list": Budget(45, 36, 60, 12, 1200, 0.02, 200),
    "timesheet": Budget(80, 36, 50, 13, 1200, 0.02, 200),
    "planner": Budget(110, 40, 150, 14, 1500, 0.03, 400),
    "charts": Budget(55, 36, 70, 15, 1500, 0.03, 400),
    "fragment": Budget(0, 0, 60, 1, 0, 0, 100),
    "palette": Budget(0, 0, 60, 1, 0, 0, 150),
}
_PARTS = {"fragment", "palette"}
"""Classes of answers that a page asks for later: no paint of their own."""
PAGES = (
    ("/", "list"), ("/time", "timesheet"), ("/time/day", "list"), ("/time/month", "list"), ("/approvals", "list"),
    ("/expenses", "list"), ("/projects", "list"), ("/projects/timeline", "planner"), ("@project", "list"),
    ("@project/plan", "planner"), ("@project/tasks", "list"), ("@project/board", "list"), ("@project/team", "list"),
    ("@project/money", "list"), ("@project/budget", "list"), ("@project/lines", "list"), ("@project/raid", "list"),
    ("/planner", "planner"), ("/planner/list", "planner"), ("/requests", "list"), ("/bookings", "list"),
    ("/capacity", "planner"), ("/skills", "list"), ("/certificates", "list"), ("/absence", "list"),
    ("/absence/calendar", "planner"), ("/dispatch", "planner"), ("/deliveries", "list"), ("/visits", "list"),
    ("/billing/unbilled", "list"), ("/billing/runs", "list"), ("/invoices", "list"), ("@invoice", "list"),
    ("/payments", "list"), ("/receivables", "list"), ("/contracts", "list"), ("@contract", "list"), ("/packs", "list"),
    ("/recurring", "list"), ("/revenue", "list"), ("/ledger", "list"), ("/ledger/journals", "list"),
    ("/rates", "list"), ("/clients", "list"), ("@client", "list"), ("/people", "list"), ("@person", "list"),
    ("/raid", "list"), ("/change-orders", "list"), ("/templates", "list"), ("/gates", "list"),
    ("/portfolio", "charts"), ("/reports", "list"), ("/reports/hours-and-revenue", "charts"),
    ("/reports/utilisation", "charts"), ("/figures", "list"), ("/scenarios", "list"), ("@scenario", "list"),
    ("/admin", "list"), ("/admin/audit", "list"), ("/admin/checks", "list"), ("/admin/jobs", "list"),
    ("/admin/users", "list"), ("/admin/users/roles", "list"), ("/admin/settings", "list"), ("/changes", "list"),
    ("@firm-lines", "fragment"), ("@project-lines", "fragment"), ("@unbilled-lines", "fragment"),
    ("/search?q=fjord", "palette"),
)  # fmt: skip
"""Addresses and their class; `@` names the first thing of its list."""
_FIRST = {
    "@project": ("/projects", r'href="(/p/\d+)"'),
    "@invoice": ("/invoices", r'href="(/invoices/inv_\w+)"'),
    "@contract": ("/contracts", r'href="(/contracts/ctr_\w+)"'),
    "@client": ("/clients", r'href="(/clients/cli_\w+)"'),
    "@person": ("/people", r'href="(/people/per_\w+)"'),
    "@scenario": ("/scenarios", r'href="(/scenarios/scn_\w+)"'),
    "@firm-lines": ("/portfolio", r'"(/(?:figures/[\w.]+/)?lines\?[^"]+)"'),
    "@project-lines": ("@project", r'"(/(?:figures/[\w.]+/)?lines\?[^"]+)"'),
    "@unbilled-lines": ("/billing/unbilled", r'"(/billing/unbilled/cli_\w+)"'),
}
_FRAME = {"BEGIN", "COMMIT", "ROLLBACK"}
_COLUMNS = ("server_ms", "statements", "cpu_ms", "page_kb", "scripts_kb", "styles_kb", "first_paint_ms", "paint_ms")


def main() -> None:
    """Measure on a demo of its own, which is gone afterwards unless a home was named to keep it in."""
    asked = _arguments()
    home = asked.home or tempfile.mkdtemp(prefix="quoin-bench-")
    Path(home).mkdir(parents=True, exist_ok=True)
    os.environ.update(QUOIN_HOME=home, QUOIN_DEMO="0", DJANGO_SETTINGS_MODULE="quoin.site.settings", QUOIN_WORKER="0")
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        os.environ.pop(name, None)
    from quoin.site.serve import prepare_database, running_database  # the settings read the folder above

    try:
        with running_database():
            prepare_database()
            report = _measure(asked.scale, asked.only)
    finally:
        if not asked.home:
            shutil.rmtree(home, ignore_errors=True)
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.pages", description=__doc__)
    parser.add_argument("--scale", type=float, default=0.5, help="size of the demo company")
    parser.add_argument("--only", default="", help="only addresses that contain this")
    parser.add_argument("--home", help="keep the demo company in this folder, and take it from there the next time")
    return parser.parse_args()


def _measure(scale: float, only: str) -> dict[str, Any]:
    from bench import lab, web  # Django is set up only now
    from quoin.accounts.queries.standing import tenant_ids
    from quoin.site.demo import accounts, load

    if not tenant_ids():
        load(scale=scale)
    known = {account.key: account.email for account in accounts()}
    with web.serving({"QUOIN_DEMO": "0"}) as (port, _process, _seconds):
        readers = [Reader(known[role], port) for role in _ROLES]
        # Django refuses its own database beside a running browser, so that the server's part comes first.
        found = [_served(readers, path, kind) for path, kind in PAGES if only in path]
        sys.stderr.write(_line("page", _COLUMNS, "over budget"))
        with lab.open_lab(f"http://127.0.0.1:{port}") as chromium:
            rows = [_seen(chromium, reader, row) for reader, row in found]
    over = {row["path"]: row["over"] for row in rows if row["over"]}
    sys.stderr.write(f"{len(rows)} pages, {len(over)} over budget\n")
    return {
        "scale": scale,
        "budgets": {name: asdict(one) for name, one in BUDGETS.items()},
        "pages": rows,
        "over": over,
    }


def _served(readers: list[Reader], path: str, kind: str) -> tuple[Reader, dict[str, Any]]:
    """What the page costs the server, asked by the first of the readers who may open it."""
    for reader in readers:
        if address := reader.address(path):
            return reader, {"path": path, "address": address, "class": kind, **reader.costs(address)}
    raise SystemExit(f"nobody of {', '.join(_ROLES)} may open {path}")


def _seen(chromium: Lab, reader: Reader, row: dict[str, Any]) -> dict[str, Any]:
    """The same page in the lab, and what it has too much of."""
    if row["class"] not in _PARTS:
        row |= chromium.load(row["address"], reader.session)
        if {"paint_ms", "shift"} & _over(row).keys():
            # Others use the machine as well: what counts is the middle of several visits.
            loads = [row, *(chromium.load(row["address"], reader.session) for _ in range(_MORE_LOADS))]
            row |= {
                name: statistics.median(one[name] for one in loads) for name in ("first_paint_ms", "paint_ms", "shift")
            }
    row["over"] = _over(row)
    sys.stderr.write(_line(row["path"], [row.get(name, "") for name in _COLUMNS], ", ".join(row["over"])))
    return row


def _over(row: dict[str, Any]) -> dict[str, list[float]]:
    """What the page has too much of: what it has, what it may have."""
    limits = {field.name: getattr(BUDGETS[row["class"]], field.name) for field in fields(Budget)}
    return {name: [row[name], limit] for name, limit in limits.items() if row.get(name, 0) > limit}


def _line(name: str, values: Any, last: str) -> str:
    return f"{name:28}" + "".join(f"{value!s:>15}" for value in values) + f"  {last}\n"


class Reader:
    """One signed-in person, asking the served product over HTTP and the same code in this process."""

    def __init__(self, email: str, port: int) -> None:
        from django.test import Client

        from bench.web import COOKIE, session_of
        from quoin.accounts.models import User

        self.session = session_of(User.objects.get(email=email))
        self.port = port
        self.cookie = f"{COOKIE}={self.session}"
        self.inside = Client(headers={"Host": "127.0.0.1"})
        self.inside.cookies[COOKIE] = self.session

    def address(self, path: str) -> str:
        """Where the page is for this reader; nothing if there is none that they may open."""
        name, slash, rest = path.partition("/")
        found = path
        if name in _FIRST:
            listed, pattern = _FIRST[name]
            page = self.inside.get(self.address(listed) or "/nowhere")
            match = re.search(pattern, page.content.decode())
            found = match[1].replace("&amp;", "&") + slash + rest if match else ""
        answer = self.inside.get(found) if found else None
        while answer is not None and answer.status_code in {301, 302}:
            found = answer["Location"]
            answer = self.inside.get(found)
        return found if answer is not None and answer.status_code == http.HTTPStatus.OK else ""

    def costs(self, address: str) -> dict[str, float]:
        """Milliseconds and kilobytes over HTTP; statements and Python's processor time in this process."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            self.inside.get(address)
            asked = [one["sql"] for one in captured.captured_queries]
        spent = _median_ms(time.process_time, lambda: self.inside.get(address))
        size = self._asked(address)
        taken = _median_ms(time.perf_counter, lambda: self._asked(address))
        return {
            "server_ms": round(taken),
            "statements": sum(text not in _FRAME for text in asked),
            "cpu_ms": round(spent, 1),
            "page_kb": round(size / 1000, 1),
        }

    def _asked(self, address: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", address, headers={"Cookie": self.cookie, "Accept-Encoding": "gzip, br"})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != http.HTTPStatus.OK:
            raise SystemExit(f"{address} answers {answer.status}")
        return len(body)


def _median_ms(clock: Callable[[], float], run: Callable[[], object]) -> float:
    taken = []
    for _ in range(_RUNS):
        started = clock()
        run()
        taken.append((clock() - started) * 1000)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
