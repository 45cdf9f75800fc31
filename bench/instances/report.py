"""What both scheduling benches share: arguments, the run over a folder, best known values, the table, the JSON."""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.instances.judge import faults
from quoin.resourcing.rules.schedules import solve, warm
from quoin.resourcing.rules.solver.values import Effort, NoSchedule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from quoin.resourcing.rules.solver.values import Problem, Solution

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "scheduling"


@dataclass(frozen=True, slots=True)
class Known:
    """What others reached: the bound proven and the best value."""

    bound: int | None = None
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One instance. `gap` is percent above the best known value, `above_bound` percent above the best known bound."""

    instance: str
    goal: str
    value: float | None
    bound: float | None
    is_proven: bool
    known: float | None
    gap: float | None
    above_bound: float | None
    seconds: float
    faults: list[str]


def arguments(about: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("folder", type=Path, nargs="+", help="folders (searched below) or files")
    parser.add_argument("--seconds", type=float, default=10.0, help="wall clock for each instance")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=int, help="thousands of schedules instead of seconds: repeatable answers")
    parser.add_argument("--sample", type=int, default=1, help="only every n-th instance")
    parser.add_argument("--only", nargs="+", help="only the instances of these names")
    parser.add_argument("--best-known", type=Path, help="csv with columns instance, lb, ub")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of the table")
    return parser


def effort_of(asked: argparse.Namespace) -> Effort:
    return Effort(seconds=asked.seconds, seed=asked.seed, workers=asked.workers, work=asked.work)


def files(asked: argparse.Namespace, suffixes: Iterable[str]) -> list[Path]:
    wanted = set(suffixes)
    found = [path for folder in asked.folder for path in ([folder] if folder.is_file() else sorted(folder.rglob("*")))]
    found = [path for path in found if path.suffix in wanted]
    if asked.only:
        found = [path for path in found if path.stem in asked.only]
    return found[:: asked.sample]


def known_from(path: Path, *, name: str = "instance", bound: str = "lb", value: str = "ub") -> dict[str, Known]:
    if not path.exists():
        return {}
    with path.open(newline="") as lines:
        return {row[name]: Known(int(row[bound]), float(row[value])) for row in csv.DictReader(lines)}


def measured(name: str, goal: str, problem: Problem, effort: Effort, *, known: Known, scale: int = 1) -> Row:
    """Solve and judge one instance."""
    return judged(name, goal, problem, effort, known=known, scale=scale)[0]


def judged(
    name: str, goal: str, problem: Problem, effort: Effort, *, known: Known, scale: int = 1
) -> tuple[Row, Solution | None]:
    began = time.monotonic()
    try:
        solution = solve(problem, effort)
    except NoSchedule as refusal:
        spent = round(time.monotonic() - began, 2)
        row = Row(name, goal, None, None, refusal.is_proven, known.value, None, None, spent, [str(refusal)])
        return row, None
    spent = round(time.monotonic() - began, 2)
    wrong = faults(problem, solution)
    value = solution.value / scale
    row = Row(
        instance=name,
        goal=goal,
        value=value,
        bound=solution.bound / scale,
        is_proven=solution.is_proven and not wrong,
        known=known.value,
        gap=_above(value, known.value),
        above_bound=_above(value, known.bound),
        seconds=spent,
        faults=wrong,
    )
    return row, (None if wrong else solution)


def _above(value: float, reference: float | None) -> float | None:
    return None if not reference else round(100 * (value / reference - 1), 3)


def told(rows: Sequence[Row], asked: argparse.Namespace) -> int:
    """Print the sums (and everything as JSON when asked); the exit code says whether every schedule was judged good."""
    sums = [_sum(goal, [row for row in rows if row.goal == goal]) for goal in sorted({row.goal for row in rows})]
    load = [round(value, 1) for value in os.getloadavg()]
    if asked.json:
        document = {"seconds": asked.seconds, "load": load, "sums": sums, "instances": [asdict(row) for row in rows]}
        print(json.dumps(document, indent=2))
    else:
        for entry in sums:
            print(" ".join(f"{key}={value}" for key, value in entry.items()))
        print(f"load average {load}")
    return int(any(row.faults for row in rows))


def _sum(goal: str, rows: Sequence[Row]) -> dict[str, object]:
    good = [row for row in rows if not row.faults]
    return {
        "goal": goal,
        "instances": len(rows),
        "valid": len(good),
        "proven": sum(row.is_proven for row in good),
        "sum": round(sum(row.value or 0 for row in good), 1),
        "sum_of_bounds": round(sum(row.bound or 0 for row in good), 1),
        "mean_gap_percent": _mean([row.gap for row in good]),
        "mean_above_known_bound_percent": _mean([row.above_bound for row in good]),
        "mean_own_gap_percent": _mean([_above(row.value or 0, row.bound) for row in good]),
        "better_than_known": sum(row.gap is not None and row.gap < 0 for row in good),
        "mean_seconds": _mean([row.seconds for row in rows]),
    }


def _mean(values: Sequence[float | None]) -> float | None:
    given = [value for value in values if value is not None]
    return round(sum(given) / len(given), 3) if given else None


def say(row: Row, asked: argparse.Namespace) -> None:
    if asked.json:
        return
    cells = (row.value, row.bound, "proven" if row.is_proven else "open", row.known, row.gap, row.above_bound)
    shown = "".join(f"{'-' if cell is None else cell!s:>11}" for cell in cells)
    print(f"{row.instance:34}{row.goal:>10}{shown}{row.seconds:9.2f}s  {'; '.join(row.faults[:2])}", flush=True)


def heading(asked: argparse.Namespace) -> None:
    if not asked.json:
        names = ("value", "bound", "", "known", "gap %", "above lb %")
        print(f"{'instance':34}{'goal':>10}" + "".join(f"{name:>11}" for name in names))


def main(run: Callable[[argparse.Namespace], list[Row]], parser: argparse.ArgumentParser) -> None:
    asked = parser.parse_args()
    warm()  # what is compiled is compiled outside the clock, as a worker does when it starts
    heading(asked)
    sys.exit(told(run(asked), asked))
