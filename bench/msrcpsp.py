"""`python -m bench.msrcpsp DIR --seconds N`: people with skills (iMOPSE .def, MSPSP .dzn) through Quoin's solver.

Prints the makespan of each instance with bound and gap to the best known, then, where people have rates (iMOPSE), the
cost within 1.1 times the best makespan known (the best known, or ours where none is given). Every schedule is judged
by `bench.instances.judge` before it counts. `--goal` limits the run to one of the two.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bench.instances import multiskill, report
from quoin.resourcing.rules.solver.values import Objective

if TYPE_CHECKING:
    import argparse

    from quoin.resourcing.rules.solver.values import Problem

SLACK_PERCENT = 110
# Cost at that deadline by CP-SAT alone in 10 s on 2 cores (None: found nothing).
COST_BASELINE: dict[str, int | None] = {
    "100_5_22_15": 115053,
    "100_10_26_15": 121652,
    "100_20_47_9": 120469,
    "100_20_23_9_D1": 41169,
    "200_10_50_15": 174780,
    "200_20_54_15": None,
    "200_40_133_15": 270076,
    "200_40_45_15": 226491,
}


def run(asked: argparse.Namespace) -> list[report.Row]:
    known = {
        **report.known_from(report.DATA / "mspsp" / "best_known.csv"),
        **report.known_from(report.DATA / "imopse" / "reference_duration.csv", bound="proven_lb", value="best"),
        **(report.known_from(asked.best_known) if asked.best_known else {}),
    }
    rows: list[report.Row] = []
    for path in report.files(asked, (".def", ".dzn")):
        rows += _instance(path.stem, multiskill.read(path), known.get(path.stem, report.Known()), asked)
    return rows


def _instance(name: str, problem: Problem, known: report.Known, asked: argparse.Namespace) -> list[report.Row]:
    rows = []
    best = known.value
    if asked.goal != "cost" or best is None:
        row = report.measured(name, "makespan", problem, report.effort_of(asked), known=known)
        report.say(row, asked)
        rows.append(row)
        best = min(value for value in (best, row.value) if value is not None) if row.value else best
    if asked.goal != "makespan" and best and any(person.cost for person in problem.people):
        bounded = replace(problem, objective=Objective.COST, deadline=int(best) * SLACK_PERCENT // 100)
        baseline = report.Known(value=COST_BASELINE.get(name))
        effort = report.effort_of(asked)
        row = report.measured(name, "cost", bounded, effort, known=baseline, scale=multiskill.COST_SCALE)
        report.say(row, asked)
        rows.append(row)
    return rows


if __name__ == "__main__":
    parser = report.arguments(__doc__)
    parser.add_argument("--goal", choices=("makespan", "cost"), help="only this one")
    report.main(run, parser)
