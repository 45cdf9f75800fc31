"""`python -m bench.plan [--tasks 10000]`: a large plan, from the engine alone to a change that is kept. Prints JSON.

The plan is drawn from a seed: phases of twenty tasks, each waiting for one or two of the sixty before it. Times are
medians: of the engine and the whole calculation in seconds of the processor, of all others by the clock. The chart is
opened in Chromium with an empty cache, from the click to the first bars; without Chromium that part is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

MONDAY = date(2026, 5, 4)
_PHASE, _NEAR = 20, 60
_MILLISECONDS = 1000


def main() -> None:
    """Measure on a database of its own, which is gone afterwards."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    home = tempfile.mkdtemp(prefix="quoin-bench-")
    os.environ.update(QUOIN_HOME=home, QUOIN_DEMO="0", DJANGO_SETTINGS_MODULE="quoin.site.settings", QUOIN_WORKER="0")
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        os.environ.pop(name, None)
    from quoin.site.serve import prepare_database, running_database  # the settings read the folder above

    try:
        with running_database():
            prepare_database()
            report = _measure(asked.tasks, asked.rounds)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


def changes_for(project_id: UUID, count: int) -> list[dict[str, Any]]:
    """Changes that make a plan of this size in an empty project."""
    draw = random.Random(7)
    ids = [uuid4() for _ in range(count)]
    made: list[dict[str, Any]] = []
    leaves: list[UUID] = []
    links: list[dict[str, Any]] = []
    for at, key in enumerate(ids):
        is_phase = at % _PHASE == 0
        made.append(
            {
                "op": "task.add", "id": key, "project": project_id, "name": f"Task {at + 1}", "number": at + 1,
                "position": at + 1, "parent_id": None if is_phase else ids[at - at % _PHASE],
                "estimate_minutes": 0 if is_phase else draw.choice((240, 480, 960, 1440)),
            }
        )  # fmt: skip
        if is_phase:
            continue
        near = leaves[-_NEAR:]
        chosen = {draw.choice(near) for _ in range(draw.choice((1, 1, 2)))} if near else set()
        links += [{"op": "link.add", "id": uuid4(), "before": before, "after": key} for before in chosen]
        leaves.append(key)
    return made + links


def _measure(count: int, rounds: int) -> dict[str, Any]:
    from quoin.clients.actions import create_client  # Django is set up only now
    from quoin.projects import actions
    from quoin.projects.actions import plan as plans
    from tests.make import new_world

    world = new_world()
    client = create_client(world.actor, name="Fjord AS", country="DE", currency="EUR")
    project = actions.create_project(world.actor, name="Large", client_id=client.id, starts_on=MONDAY)
    made = changes_for(project.id, count)
    found: dict[str, Any] = {"tasks": count, "links": sum(1 for one in made if one["op"] == "link.add")}
    found["make_ms"] = _timed(lambda: plans.change_plan(world.actor, project_id=project.id, changes=made), 1)
    parts: tuple[Callable[[], dict[str, Any]], ...] = (
        lambda: _engine(world, project, rounds),
        lambda: _kept(world, project, rounds, name="many", number=2),
        lambda: _kept(world, project, rounds, name="few", number=count),
        lambda: _read(world, project, rounds),
        lambda: _opened(world, project, rounds),
    )
    for part in parts:
        sys.stderr.write(json.dumps(found) + "\n")
        found |= part()
    return found


def _engine(world: Any, project: Any, rounds: int) -> dict[str, Any]:
    from quoin.projects.queries.plan import load_plan
    from quoin.projects.rules.plan import calculate, network_of
    from quoin.projects.rules.schedule import schedule

    with world.inside():
        plan = load_plan(project.id, today=world.actor.today)
        loaded = _timed(lambda: load_plan(project.id, today=world.actor.today), rounds)
    network = network_of(plan)
    return {
        "load_ms": loaded,
        "engine_cpu_ms": _timed(lambda: schedule(network), rounds, time.process_time),
        "recalculate_cpu_ms": _timed(lambda: calculate(plan), rounds, time.process_time),
    }


def _kept(world: Any, project: Any, rounds: int, *, name: str, number: int) -> dict[str, Any]:
    from quoin.projects.actions import plan as plans
    from quoin.projects.models import Task
    from quoin.projects.queries.plan import preview

    with world.inside():
        task = Task.objects.get(project=project, number=number).id
    days = iter(range(5, 5 + 4 * rounds + 8))

    def change() -> list[dict[str, Any]]:
        return [{"op": "task.set", "task": task, "duration_minutes": next(days) * 480}]

    def keep() -> int:
        return len(plans.change_plan(world.actor, project_id=project.id, changes=change()).moved_ids)

    with world.inside(read_only=True):
        tried = _timed(lambda: preview(world.actor, project_id=project.id, changes=change()), rounds)
    return {f"preview_{name}_ms": tried, f"keep_{name}_ms": _timed(keep, rounds), f"keep_{name}_tasks": keep()}


def _read(world: Any, project: Any, rounds: int) -> dict[str, Any]:
    from django.db import connection
    from django.urls import reverse

    from tests.make.web import signed_in

    browser = signed_in(world)

    def shown(address: str) -> None:
        status = browser.get(address, headers={"host": "127.0.0.1"}).status_code
        if status != HTTPStatus.OK:
            raise SystemExit(f"{address} answers {status}")

    page, rows = (reverse(f"projects:{name}", args=[project.number]) for name in ("plan", "plan_data"))
    found = {
        "gantt_page_ms": _timed(lambda: shown(page), rounds),
        "gantt_first_byte_ms": _timed(lambda: shown(rows), rounds),
    }
    with world.inside(read_only=True):
        for view in ("70", "71"):
            began = time.perf_counter()
            _check(connection, view)
            found[f"invariant_{view}_ms"] = round((time.perf_counter() - began) * _MILLISECONDS, 1)
    return found


def _opened(world: Any, project: Any, rounds: int) -> dict[str, Any]:
    """The chart in a browser, over the served product: until it can be worked with."""
    from playwright.sync_api import sync_playwright

    from bench.web import serving
    from tests.browser import chromium_path
    from tests.e2e.product import session_of
    from tests.make.web import member

    if (path := chromium_path()) is None:
        return {}
    # Before the driver runs, whose loop keeps Django from the database.
    session = session_of(member(world))
    with serving({"QUOIN_DEMO": "0"}, workers=1) as (port, _process, _seconds), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        root = f"http://127.0.0.1:{port}"
        cookie = {"name": "sessionid", "value": session, "url": root}

        def open_chart() -> None:
            context = browser.new_context(viewport={"width": 1280, "height": 800})
            context.add_cookies([cookie])
            page = context.new_page()
            page.goto(f"{root}/p/{project.number}/plan", wait_until="commit")
            page.wait_for_selector("#gantt.is-live [data-thing]", state="attached")
            context.close()

        found = {"gantt_open_chromium_ms": _timed(open_chart, rounds)}
        browser.close()
    return found


def _check(connection: Any, view: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM audit_check.inv_{view}")
        [(broken,)] = cursor.fetchall()
    if broken:
        raise SystemExit(f"{broken} rows break I-{view}")


def _timed(step: Callable[[], object], rounds: int, clock: Callable[[], float] = time.perf_counter) -> float:
    """Median of the rounds, after one that is not counted where there is more than one."""
    if rounds > 1:
        step()
    times = []
    for _ in range(rounds):
        began = clock()
        step()
        times.append(clock() - began)
    return round(statistics.median(times) * _MILLISECONDS, 1)


if __name__ == "__main__":
    main()
