"""Pages of the demo against their budgets (`python -m bench.pages [--scale 0.2]`): prints one JSON document.

The lab: Chromium with a cold cache, four times slower processor, 10 Mbit/s, 40 ms round trip. Measured for each page:
server time (unthrottled, median of several), largest contentful paint, layout shift, requests, bytes over the wire.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

_SLOWER = 4
_BYTES_PER_SECOND = 10_000_000 // 8
_ROUND_TRIP_MS = 40
_RUNS = 5
_KILOBYTE = 1000
_ROLES = ("administrator", "project_manager", "finance", "resource_manager", "executive", "consultant")
"""Whoever of them comes first and may open a page reads it."""
_WATCH = """() => {
  window.__lcp = 0; window.__cls = 0;
  new PerformanceObserver(l => { for (const e of l.getEntries()) window.__lcp = e.startTime; })
    .observe({type: 'largest-contentful-paint', buffered: true});
  new PerformanceObserver(l => { for (const e of l.getEntries()) if (!e.hadRecentInput) window.__cls += e.value; })
    .observe({type: 'layout-shift', buffered: true});
}"""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a class of pages may cost: kilobytes over the wire, requests, milliseconds, share of the view that moves."""

    scripts: int
    styles: int
    page: int
    requests: int
    paint_ms: int
    shift: float
    server_ms: int


BUDGETS = {
    "list": Budget(45, 36, 60, 12, 1200, 0.02, 200),
    "timesheet": Budget(80, 36, 50, 13, 1200, 0.02, 200),
    "planner": Budget(110, 40, 150, 14, 1500, 0.03, 400),
    "charts": Budget(55, 36, 70, 15, 1500, 0.03, 400),
}
PAGES = (
    ("/", "list"), ("/time", "timesheet"), ("/approvals", "list"), ("/expenses", "list"), ("/projects", "list"),
    ("@project", "list"), ("@project/plan", "planner"), ("@project/tasks", "list"), ("@project/lines", "list"),
    ("/planner", "planner"), ("/requests", "list"), ("/capacity", "planner"), ("/skills", "list"),
    ("/dispatch", "planner"), ("/deliveries", "list"), ("/billing/unbilled", "list"), ("/invoices", "list"),
    ("@invoice", "list"), ("/receivables", "list"), ("/contracts", "list"), ("/clients", "list"), ("/people", "list"),
    ("/portfolio", "charts"), ("/reports", "charts"), ("/scenarios", "list"), ("/admin/audit", "list"),
)  # fmt: skip
"""Addresses and their class; `@` names the first thing of its list."""
_FIRST = {"@project": ("/projects", r'href="(/p/\d+)"'), "@invoice": ("/invoices", r'href="(/invoices/inv_\w+)"')}


def main() -> None:
    """Measure on a demo of its own, which is gone afterwards."""
    asked = argparse.ArgumentParser(prog="bench.pages", description=__doc__)
    asked.add_argument("--scale", type=float, default=0.2, help="size of the demo company")
    asked.add_argument("--only", default="", help="only addresses that contain this")
    options = asked.parse_args()
    home = tempfile.mkdtemp(prefix="quoin-bench-")
    os.environ.update(QUOIN_HOME=home, QUOIN_DEMO="0", DJANGO_SETTINGS_MODULE="quoin.site.settings", QUOIN_WORKER="0")
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        os.environ.pop(name, None)
    from quoin.site.serve import prepare_database, running_database  # the settings read the folder above

    try:
        with running_database():
            prepare_database()
            report = _measure(options.scale, options.only)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


def _measure(scale: float, only: str) -> dict[str, Any]:
    from bench import web  # Django is set up only now
    from quoin.site.demo import accounts, load

    load(scale=scale)
    known = {account.key: account for account in accounts()}
    with web.serving({"QUOIN_DEMO": "0"}) as (port, _process, _seconds), _browser() as browser:
        labs = [_Lab(browser, f"http://127.0.0.1:{port}", known[role]) for role in _ROLES]
        rows = [_measured(labs, path, kind) for path, kind in PAGES if only in path]
    return {"scale": scale, "pages": rows, "over": {row["path"]: row["over"] for row in rows if row["over"]}}


def _measured(labs: list[_Lab], path: str, kind: str) -> dict[str, Any]:
    """The page as the first of the readers sees it who may open it."""
    for lab in labs:
        if (address := lab.address(path)) and lab.api.get(lab.root + address).status == HTTPStatus.OK:
            return lab.page(address, kind)
    raise SystemExit(f"nobody of {', '.join(_ROLES)} may open {path}")


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    from tests.browser import MISSING, chromium_path

    if (path := chromium_path()) is None:
        raise SystemExit(MISSING)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class _Lab:
    """One signed-in person; each page is loaded in a context without a cache."""

    def __init__(self, browser: Any, root: str, account: Any) -> None:
        self.browser, self.root = browser, root
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{root}/login/")
        page.fill("[name=login]", account.email)
        page.fill("[name=password]", account.password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        self.state = context.storage_state()
        self.api = context.request

    def address(self, path: str) -> str:
        name, slash, rest = path.partition("/")
        if name not in _FIRST:
            return path
        listed, pattern = _FIRST[name]
        found = re.search(pattern, self.api.get(self.root + listed).text())
        return found[1] + slash + rest if found else ""

    def page(self, path: str, kind: str) -> dict[str, Any]:
        budget = BUDGETS[kind]
        row: dict[str, Any] = {"path": path, "class": kind, "server_ms": self._server_ms(path), **self._load(path)}
        limits = {
            "scripts_kb": budget.scripts, "styles_kb": budget.styles, "page_kb": budget.page,
            "requests": budget.requests, "paint_ms": budget.paint_ms, "shift": budget.shift,
            "server_ms": budget.server_ms,
        }  # fmt: skip
        row["over"] = {name: [row[name], limit] for name, limit in limits.items() if row[name] > limit}
        sys.stderr.write(json.dumps(row) + "\n")
        return row

    def _server_ms(self, path: str) -> int:
        timings = []
        for _ in range(_RUNS):
            started = time.perf_counter()
            answer = self.api.get(self.root + path)
            timings.append((time.perf_counter() - started) * 1000)
            if answer.status != HTTPStatus.OK:
                raise SystemExit(f"{path} answers {answer.status}")
        return round(statistics.median(timings))

    def _load(self, path: str) -> dict[str, Any]:
        context = self.browser.new_context(storage_state=self.state, viewport={"width": 1280, "height": 800})
        context.add_init_script(f"({_WATCH})()")
        page = context.new_page()
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        line.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": _ROUND_TRIP_MS,
                "downloadThroughput": _BYTES_PER_SECOND,
                "uploadThroughput": _BYTES_PER_SECOND,
            },
        )
        line.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
        kinds: dict[str, str] = {}
        sizes: dict[str, float] = {}
        line.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
        line.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
        page.goto(self.root + path, wait_until="load")
        page.wait_for_timeout(1200)
        paint, shift = page.evaluate("[window.__lcp, window.__cls]")
        context.close()

        def kilobytes(kind: str) -> float:
            return round(sum(size for one, size in sizes.items() if kinds.get(one) == kind) / _KILOBYTE, 1)

        return {
            "paint_ms": round(paint),
            "shift": round(shift, 3),
            "requests": sum(kind not in {"EventSource", "Other"} for kind in kinds.values()),
            "scripts_kb": kilobytes("Script"),
            "styles_kb": kilobytes("Stylesheet"),
            "page_kb": kilobytes("Document"),
        }


if __name__ == "__main__":
    main()
