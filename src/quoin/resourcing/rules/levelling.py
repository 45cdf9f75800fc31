"""Levelling: shift the tasks of a plan until no resource is overloaded, some of them pinned where they are.

Pinned tasks (begun, or promised) take their capacity first and hold their successors; the rest is solved for the
earliest end. A task's `earliest` says how far it may move forward: set it to the planned start to allow delays only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from quoin.resourcing.rules.schedules import solve
from quoin.resourcing.rules.solver.values import Effort, Link, LinkKind, Resource, Solution

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from quoin.resourcing.rules.solver.values import Problem


@dataclass(frozen=True, slots=True)
class Levelled:
    """New starts; how far each task moved; links into pinned tasks, and (resource, period), that stay broken."""

    starts: tuple[int, ...]
    shifts: tuple[int, ...]
    broken: tuple[Link, ...]
    overloads: tuple[tuple[int, int], ...]
    solution: Solution


def level(
    problem: Problem, planned: Sequence[int], *, pinned: Collection[int] = (), effort: Effort | None = None
) -> Levelled:
    """Raises NoSchedule where a deadline, or capacity that never suffices, leaves no room."""
    free = [task for task in range(len(problem.tasks)) if task not in pinned]
    taken = _taken(problem, planned, pinned)
    solution = solve(_rest(problem, planned, free, taken), effort)
    starts = list(planned)
    for index, task in enumerate(free):
        starts[task] = solution.starts[index]
    return Levelled(
        starts=tuple(starts),
        shifts=tuple(new - old for new, old in zip(starts, planned, strict=True)),
        broken=tuple(k for k in problem.links if k.later in pinned and not _holds(problem, k, starts)),
        overloads=tuple(sorted(key for key, used in taken.items() if used > problem.resources[key[0]].at(key[1]))),
        solution=solution,
    )


def _taken(problem: Problem, planned: Sequence[int], pinned: Collection[int]) -> dict[tuple[int, int], int]:
    """What pinned tasks hold of each resource in each period."""
    taken: dict[tuple[int, int], int] = {}
    for task in pinned:
        for use in problem.tasks[task].uses:
            for period in range(planned[task], planned[task] + problem.tasks[task].duration):
                taken[use.resource, period] = taken.get((use.resource, period), 0) + use.amount
    return taken


def _rest(problem: Problem, planned: Sequence[int], free: Sequence[int], taken: dict[tuple[int, int], int]) -> Problem:
    place = {task: index for index, task in enumerate(free)}
    tasks = {task: problem.tasks[task] for task in free}
    for link in problem.links:
        if link.later in place and link.earlier not in place:
            earliest = planned[link.earlier] + _distance(problem, link)
            tasks[link.later] = replace(tasks[link.later], earliest=max(tasks[link.later].earliest, earliest))
    return replace(
        problem,
        tasks=tuple(tasks.values()),
        links=tuple(
            replace(link, earlier=place[link.earlier], later=place[link.later])
            for link in problem.links
            if link.earlier in place and link.later in place
        ),
        resources=tuple(_less(resource, index, taken) for index, resource in enumerate(problem.resources)),
    )


def _less(resource: Resource, index: int, taken: dict[tuple[int, int], int]) -> Resource:
    periods = {period for of, period in taken if of == index}
    edges = sorted({first for first, _ in resource.changes} | periods | {period + 1 for period in periods})
    left = tuple((edge, max(0, resource.at(edge) - taken.get((index, edge), 0))) for edge in edges)
    return Resource(resource.capacity, left)


def _distance(problem: Problem, link: Link) -> int:
    """Periods from start to start."""
    earlier, later = problem.tasks[link.earlier].duration, problem.tasks[link.later].duration
    return {
        LinkKind.FINISH_START: link.lag + earlier,
        LinkKind.START_START: link.lag,
        LinkKind.FINISH_FINISH: link.lag + earlier - later,
        LinkKind.START_FINISH: link.lag - later,
    }[link.kind]


def _holds(problem: Problem, link: Link, starts: Sequence[int]) -> bool:
    return starts[link.later] - starts[link.earlier] >= _distance(problem, link)
