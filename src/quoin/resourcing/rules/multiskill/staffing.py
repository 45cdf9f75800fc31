"""A problem with people, ready for search: who is able to do what, groups of alike people, and the relaxation to
shared capacity that gives bounds (any set of skills is a resource whose capacity is the people who have one of it).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain, combinations
from operator import or_
from typing import TYPE_CHECKING

from quoin.resourcing.rules.rcpsp.case import case_of
from quoin.resourcing.rules.solver.values import Duty, NoSchedule, Resource, Use

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from quoin.resourcing.rules.rcpsp.case import Case
    from quoin.resourcing.rules.solver.values import Need, Person, Problem

FEW_KINDS = 6  # kinds of need up to which every subset becomes a resource


@dataclass(frozen=True, slots=True)
class Answer:
    """In the order of the case: starts, and per task the people with the index of the need each fills."""

    starts: tuple[int, ...]
    duties: tuple[tuple[Duty, ...], ...]


@dataclass(frozen=True, slots=True)
class Team:
    """People no task can tell apart."""

    people: tuple[int, ...]
    person: Person


@dataclass(frozen=True, slots=True)
class Ward:
    """The problem, its relaxation without people (same tasks, same order), and its teams."""

    problem: Problem
    case: Case
    wide: Case
    teams: tuple[Team, ...]

    @property
    def tasks(self) -> tuple[tuple[Need, ...], ...]:
        return tuple(self.problem.tasks[task].needs for task in self.case.order)

    def able(self, need: Need) -> tuple[int, ...]:
        return tuple(index for index, person in enumerate(self.problem.people) if person.fits(need))

    def cost_of(self, answer: Answer) -> int:
        return sum(
            self.problem.people[duty.person].cost * length
            for length, duties in zip(self.case.duration, answer.duties, strict=True)
            for duty in duties
        )

    def end_of(self, answer: Answer) -> int:
        return max((start + length for start, length in zip(answer.starts, self.case.duration, strict=True)), default=0)

    @property
    def least_cost(self) -> int:
        """Every need filled by the cheapest able people, whether they are free or not."""
        return sum(
            length * sum(sorted(self.problem.people[index].cost for index in self.able(need))[: need.count])
            for length, needs in zip(self.case.duration, self.tasks, strict=True)
            for need in needs
        )

    @property
    def most_cost(self) -> int:
        """More than any answer costs."""
        dearest = max((person.cost for person in self.problem.people), default=0)
        counts = zip(self.case.duration, self.tasks, strict=True)
        return sum(length * dearest * need.count for length, needs in counts for need in needs)


def ward_of(problem: Problem) -> Ward:
    people = problem.people
    able = {need: _mask(people, need) for task in problem.tasks for need in task.needs}
    for need, mask in able.items():
        if mask.bit_count() < need.count:
            raise NoSchedule(f"fewer than {need.count} people have skill {need.skill}", is_proven=True)
    teams: defaultdict[Person, list[int]] = defaultdict(list)
    for index, person in enumerate(people):
        teams[replace(person, skills=tuple(sorted(person.skills)))].append(index)
    kinds = sorted(set(able.values()))
    every = kinds[-1:] and [reduce(or_, kinds)]
    return Ward(
        problem=problem,
        case=case_of(_relaxed(problem, able, _subsets(kinds) if len(kinds) <= FEW_KINDS else [*kinds, *every])),
        wide=case_of(_relaxed(problem, able, _subsets(kinds))),
        teams=tuple(Team(tuple(members), person) for person, members in teams.items()),
    )


def _mask(people: Sequence[Person], need: Need) -> int:
    return sum(1 << index for index, person in enumerate(people) if person.fits(need))


def _subsets(kinds: Sequence[int]) -> list[int]:
    """Unions of kinds of need, as sets of people: all of them for few kinds, else of one, two, and all."""
    sizes: Iterable[int] = range(1, len(kinds) + 1) if len(kinds) <= FEW_KINDS else (1, 2, len(kinds))
    chosen = chain.from_iterable(combinations(kinds, size) for size in sizes)
    return sorted({reduce(or_, some) for some in chosen})


def _relaxed(problem: Problem, able: dict[Need, int], unions: Iterable[int]) -> Problem:
    """Every task uses, of each set of people, as many as its needs that only this set can fill."""
    unions = sorted(set(unions))
    offset = len(problem.resources)
    tasks = []
    for task in problem.tasks:
        held = [
            (index, sum(need.count for need in task.needs if able[need] | union == union))
            for index, union in enumerate(unions)
        ]
        tasks.append(
            replace(task, uses=(*task.uses, *(Use(offset + index, amount) for index, amount in held if amount)))
        )
    resources = (*problem.resources, *(_crowd(problem.people, union) for union in unions))
    return replace(problem, tasks=tuple(tasks), resources=resources)


def _crowd(people: Sequence[Person], union: int) -> Resource:
    members = [person for index, person in enumerate(people) if union >> index & 1]
    edges = sorted({edge for person in members for absence in person.absences for edge in absence})
    there = tuple(
        (edge, sum(not any(first <= edge < end for first, end in person.absences) for person in members))
        for edge in edges
    )
    return Resource(len(members), there)
