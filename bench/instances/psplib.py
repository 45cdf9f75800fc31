"""Reads single-mode projects: PSPLIB (.sm) and Patterson (.rcp)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quoin.resourcing.rules.solver.values import Link, Problem, Resource, Task, Use

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path) -> Problem:
    return _from_patterson(path) if path.suffix == ".rcp" else _from_psplib(path)


def _from_psplib(path: Path) -> Problem:
    lines = path.read_text().splitlines()
    successors = [row[3:] for row in _rows(lines, "PRECEDENCE", 2)]
    demands = [row[2:] for row in _rows(lines, "REQUESTS", 3)]
    (capacity, *_) = _rows(lines, "RESOURCEAVAILABILITIES", 2)
    return _problem(successors, demands, capacity)


def _rows(lines: list[str], heading: str, skip: int) -> list[list[int]]:
    """The numbers under a heading, up to the next line of stars."""
    first = next(index for index, line in enumerate(lines) if line.startswith(heading)) + skip
    rows = []
    for line in lines[first:]:
        if line.startswith("*"):
            break
        rows.append([int(word) for word in line.split()])
    return rows


def _from_patterson(path: Path) -> Problem:
    numbers = iter([int(word) for word in path.read_text().split()])
    tasks, resources = next(numbers), next(numbers)
    capacity = [next(numbers) for _ in range(resources)]
    demands, successors = [], []
    for _ in range(tasks):
        demands.append([next(numbers) for _ in range(resources + 1)])
        successors.append([next(numbers) for _ in range(next(numbers))])
    return _problem(successors, demands, capacity)


def _problem(successors: list[list[int]], demands: list[list[int]], capacity: list[int]) -> Problem:
    """A row of `demands` is the duration and the amount of each resource."""
    return Problem(
        tasks=tuple(
            Task(row[0], tuple(Use(index, amount) for index, amount in enumerate(row[1:]) if amount)) for row in demands
        ),
        links=tuple(Link(task, other - 1) for task, others in enumerate(successors) for other in others),
        resources=tuple(Resource(amount) for amount in capacity),
    )
