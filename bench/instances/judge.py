"""Judges schedules from the definition of the problem alone: it knows nothing of how they were made.

Periods are counted one by one. A schedule counts only when `faults` finds none.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from quoin.resourcing.rules.solver.values import Problem, Solution


def faults(problem: Problem, solution: Solution) -> list[str]:
    """Everything the schedule breaks, in words."""
    starts = solution.starts
    ends = [start + task.duration for start, task in zip(starts, problem.tasks, strict=True)]
    return [
        *_wrong_times(problem, solution, ends),
        *_wrong_links(problem, starts, ends),
        *_overused(problem, starts),
        *_wrong_people(problem, solution),
        *_doubly_booked(problem, solution),
    ]


def _wrong_times(problem: Problem, solution: Solution, ends: list[int]) -> Iterator[str]:
    for number, (start, task) in enumerate(zip(solution.starts, problem.tasks, strict=True)):
        if start < max(0, task.earliest):
            yield f"task {number} starts at {start}, before it may"
    if max(ends, default=0) != solution.makespan:
        yield f"the makespan is {max(ends, default=0)}, not {solution.makespan}"
    if problem.deadline is not None and max(ends, default=0) > problem.deadline:
        yield f"the end is {max(ends)}, after the deadline {problem.deadline}"


def _wrong_links(problem: Problem, starts: tuple[int, ...], ends: list[int]) -> Iterator[str]:
    for link in problem.links:
        leaves, reaches = link.kind.value
        origin = ends[link.earlier] if leaves == "f" else starts[link.earlier]
        target = starts[link.later] if reaches == "s" else ends[link.later]
        if target - origin < link.lag:
            yield f"task {link.later} does not keep its distance from task {link.earlier}"


def _overused(problem: Problem, starts: tuple[int, ...]) -> Iterator[str]:
    used: Counter[tuple[int, int]] = Counter()
    for start, task in zip(starts, problem.tasks, strict=True):
        for use in task.uses:
            for period in range(start, start + task.duration):
                used[use.resource, period] += use.amount
    for (index, period), amount in used.items():
        resource = problem.resources[index]
        capacity = resource.capacity
        for first, changed in resource.changes:
            if first <= period:
                capacity = changed
        if amount > capacity:
            yield f"resource {index} gives {amount} of {capacity} in period {period}"


def _wrong_people(problem: Problem, solution: Solution) -> Iterator[str]:
    for number, (task, duties) in enumerate(zip(problem.tasks, solution.duties, strict=True)):
        filled = Counter(duty.need for duty in duties)
        if any(filled[index] != need.count for index, need in enumerate(task.needs)):
            yield f"task {number} has not the number of people it needs"
        if len({duty.person for duty in duties}) != len(duties):
            yield f"task {number} has one person twice"
        for duty in duties:
            need = task.needs[duty.need]
            levels = [level for skill, level in problem.people[duty.person].skills if skill == need.skill]
            if not levels or max(levels) < need.level:
                yield f"person {duty.person} lacks the skill for task {number}"
    cost = sum(
        problem.people[duty.person].cost * task.duration
        for task, duties in zip(problem.tasks, solution.duties, strict=True)
        for duty in duties
    )
    if cost != solution.cost:
        yield f"the cost is {cost}, not {solution.cost}"


def _doubly_booked(problem: Problem, solution: Solution) -> Iterator[str]:
    taken: set[tuple[int, int]] = {
        (person, period)
        for person, of in enumerate(problem.people)
        for first, end in of.absences
        for period in range(first, end)
    }
    for start, task, duties in zip(solution.starts, problem.tasks, solution.duties, strict=True):
        for duty in duties:
            for period in range(start, start + task.duration):
                if (duty.person, period) in taken:
                    yield f"person {duty.person} is not free in period {period}"
                taken.add((duty.person, period))
