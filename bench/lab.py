"""The lab: Chromium with a cold cache, four times slower processor, 10 Mbit/s, 40 ms round trip."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bench.web import COOKIE

_SLOWER = 4
_BYTES_PER_SECOND = 10_000_000 // 8
_ROUND_TRIP_MS = 40
_SETTLED_MS = 400
"""After the load event: what still moves or grows then is counted."""
_KILOBYTE = 1000
_NOT_COUNTED = {"EventSource", "Other"}
_WATCH = """() => {
  window.__lcp = 0; window.__cls = 0; window.__fcp = 0;
  new PerformanceObserver(l => { for (const e of l.getEntries()) window.__lcp = e.startTime; })
    .observe({type: 'largest-contentful-paint', buffered: true});
  new PerformanceObserver(l => { for (const e of l.getEntries())
    if (e.name === 'first-contentful-paint') window.__fcp = e.startTime; }).observe({type: 'paint', buffered: true});
  new PerformanceObserver(l => { for (const e of l.getEntries()) if (!e.hadRecentInput) window.__cls += e.value; })
    .observe({type: 'layout-shift', buffered: true});
}"""


@dataclass(frozen=True, slots=True)
class Lab:
    """A browser and the product it looks at."""

    browser: Any
    root: str

    def load(self, path: str, session: str) -> dict[str, float]:
        """One visit with nothing in the cache: first and largest paint, shift, requests, kilobytes by kind."""
        context = self.browser.new_context(viewport={"width": 1280, "height": 800})
        context.add_cookies([{"name": COOKIE, "value": session, "url": self.root}])
        context.add_init_script(f"({_WATCH})()")
        page = context.new_page()
        kinds, sizes = _watched(context.new_cdp_session(page))
        page.goto(self.root + path, wait_until="load")
        page.wait_for_timeout(_SETTLED_MS)
        first, largest, shift = page.evaluate("[window.__fcp, window.__lcp, window.__cls]")
        context.close()

        def kilobytes(kind: str) -> float:
            return round(sum(size for one, size in sizes.items() if kinds.get(one) == kind) / _KILOBYTE, 1)

        return {
            "first_paint_ms": round(first),
            "paint_ms": round(largest),
            "shift": round(shift, 3),
            "requests": sum(kind not in _NOT_COUNTED for kind in kinds.values()),
            "scripts_kb": kilobytes("Script"),
            "styles_kb": kilobytes("Stylesheet"),
            "page_kb": kilobytes("Document"),
        }


@contextmanager
def open_lab(root: str) -> Iterator[Lab]:
    """A Chromium of its own, closed at the end."""
    from playwright.sync_api import sync_playwright  # the benches without a browser do without

    from tests.browser import MISSING, chromium_path

    if (path := chromium_path()) is None:
        raise SystemExit(MISSING)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield Lab(browser, root)
        finally:
            browser.close()


def _watched(line: Any) -> tuple[dict[str, str], dict[str, float]]:
    """The throttled line; what it will note by request: the kind, and the bytes as they came over the wire."""
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
    return kinds, sizes
