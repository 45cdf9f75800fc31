"""`python -m bench.rcpsp DIR --seconds N`: single-mode projects (PSPLIB .sm, Patterson .rcp) through Quoin's solver.

Prints makespan, bound, proven or not and the gap to the best known value of each instance and in sum; every schedule
is judged by `bench.instances.judge` before it counts. Best known values come from ../shared/data where given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.instances import psplib, report

if TYPE_CHECKING:
    import argparse


def run(asked: argparse.Namespace) -> list[report.Row]:
    known = report.known_from(asked.best_known or report.DATA / "best_known_rcpsp.csv")
    rows = []
    for path in report.files(asked, (".sm", ".rcp")):
        problem = psplib.read(path)
        name = path.stem
        row = report.measured(name, "makespan", problem, report.effort_of(asked), known=known.get(name, report.Known()))
        report.say(row, asked)
        rows.append(row)
    return rows


if __name__ == "__main__":
    report.main(run, report.arguments(__doc__))
