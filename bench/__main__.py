"""`python -m bench [--scale S M] [--months 6] [--seconds 20]`: prints one JSON document."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import workload as workloads


def main() -> None:
    """Measure on a database of its own, which is gone afterwards."""
    asked = _arguments()
    home = tempfile.mkdtemp(prefix="quoin-bench-")
    os.environ.update(QUOIN_HOME=home, QUOIN_DEMO="0", DJANGO_SETTINGS_MODULE="quoin.site.settings", QUOIN_WORKER="0")
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        os.environ.pop(name, None)
    from quoin.site.serve import prepare_database, running_database  # the settings read the folder above

    try:
        with running_database():
            prepare_database()
            report = {"machine": _machine(), **{scale: _measure(scale, asked) for scale in asked.scale}}
    finally:
        shutil.rmtree(home, ignore_errors=True)
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


def _measure(scale: str, asked: argparse.Namespace) -> dict[str, Any]:
    from bench import firm as firms  # Django is set up only now
    from bench import reports, web, work

    generator = workloads.load()
    firm = firms.new_firm(generator)
    found: dict[str, Any] = {}
    _step(found, "W1_load", lambda: work.load(firm, generator, scale))
    _step(found, "approve", lambda: work.approve(firm, generator, scale))
    _step(found, "W3_hours_and_revenue", lambda: reports.by_project(firm, generator, scale))
    _step(found, "W5_hours_by_person", lambda: reports.by_person(firm, generator, scale))
    _step(found, "W2_billing_run", lambda: work.bill(firm, generator, months=asked.months))
    with web.serving({"QUOIN_DEMO": "0"}) as (port, process, seconds):
        found["W6_start"] = {"seconds_to_ready": round(seconds, 2), "idle_mb": web.memory_mb(process)}
        _step(found, "W4_timesheet", lambda: web.timesheets(firm, generator, port, seconds=asked.seconds))
        _step(
            found,
            "W4_timesheet_at_150_a_second",
            lambda: web.timesheets(firm, generator, port, seconds=asked.seconds, pause=web.PAUSE),
        )
        found["W6_start"]["after_W4_mb"] = web.memory_mb(process)
    return found


def _step(found: dict[str, Any], name: str, run: Any) -> None:
    sys.stderr.write(f"{name} ...\n")
    found[name] = run()
    sys.stderr.write(f"{name} {json.dumps(found[name])}\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--scale", nargs="+", default=["S", "M"], choices=["XS", "S", "M"])
    parser.add_argument("--months", type=int, default=6, help="how many billing runs")
    parser.add_argument("--seconds", type=float, default=20, help="how long the timesheet users work")
    return parser.parse_args()


def _machine() -> dict[str, Any]:
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return {"cores": os.cpu_count(), "processor": model, "python": platform.python_version()}


if __name__ == "__main__":
    main()
