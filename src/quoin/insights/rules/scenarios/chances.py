"""How likely an end is: the plan calculated many times over, each open task as long as chance makes it.

Three points per task: 20 % shorter than planned at best, as planned most likely, 60 % longer at worst (a triangular
distribution). The seed is fixed and belongs to the task, so that the same plan gives the same days, and two plans
that share a task share its luck: what differs between columns is the plan, not the dice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import sqrt
from uuid import UUID

from quoin.kernel.workcal import WorkTable, instant_of
from quoin.projects.rules.plan import Plan, network_of
from quoin.projects.rules.schedule.compile import compile_network
from quoin.projects.rules.schedule.engine import within_tables
from quoin.projects.rules.schedule.passes import forward, last_finish
from quoin.projects.rules.schedule.values import Network, PlannedTask

BEST, LIKELY, WORST = 0.8, 1.0, 1.6
MOST_RUNS, FEWEST_RUNS, MOST_TASKS = 300, 40, 1500
_WORK = 60_000
_WORD = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Chances:
    """The last days of a project over all runs, the earliest first."""

    days: tuple[date, ...]

    def by(self, percent: int) -> date:
        """The day by which so many per cent of the runs are over."""
        return self.days[max(-(-len(self.days) * percent // 100) - 1, 0)]

    def share(self, day: date) -> int:
        """Per cent of the runs that are over by the day."""
        return sum(one <= day for one in self.days) * 100 // len(self.days)


def likely_ends(plan: Plan) -> Mapping[UUID, Chances]:
    """By project of the plan; nothing for plans that are dated from their end, by hand, or too large to try often."""
    network = network_of(plan)
    size = len(network.tasks)
    if not size or size > MOST_TASKS or any(frame.is_from_end for frame in network.frames):
        return {}
    runs = min(MOST_RUNS, max(FEWEST_RUNS, _WORK // size))
    ends = within_tables(_longest(network), lambda tables: [_end(network, tables, run) for run in range(runs)])
    found = {}
    for number, (key, project) in enumerate(plan.projects.items()):
        if project.schedule != "by_hand":
            found[key] = Chances(tuple(sorted(_last_day(one[number]) for one in ends)))
    return found


def _last_day(minute: int) -> date:
    """Work up to midnight ends on the day before it."""
    return (instant_of(minute) - timedelta(minutes=1)).date()


def _longest(network: Network) -> Network:
    """Tables of working time are made for the worst luck."""
    return replace(network, tasks=tuple(_lasting(task, WORST) for task in network.tasks))


def _end(network: Network, tables: tuple[WorkTable, ...], run: int) -> tuple[int, ...]:
    net = compile_network(replace(network, tasks=tuple(_drawn(network, run))), tables)
    return last_finish(net, forward(net).start)


def _drawn(network: Network, run: int) -> Iterator[PlannedTask]:
    for task in network.tasks:
        yield _lasting(task, _triangular(fraction(task.key.int if isinstance(task.key, UUID) else 0, run)))


def _lasting(task: PlannedTask, factor: float) -> PlannedTask:
    """What is not done yet takes so many times as long; a milestone and what is over stay."""
    if task.finished_at is not None or not task.minutes:
        return task
    if task.started_at is not None:
        left = task.minutes if task.left_minutes is None else task.left_minutes
        more = round(left * factor)
        return replace(task, minutes=task.minutes - left + more, left_minutes=more)
    return replace(task, minutes=max(round(task.minutes * factor), 1))


def _triangular(uniform: float) -> float:
    """The inverse of the distribution function."""
    width, rise = WORST - BEST, LIKELY - BEST
    if uniform < rise / width:
        return BEST + sqrt(uniform * width * rise)
    return WORST - sqrt((1 - uniform) * width * (WORST - LIKELY))


def fraction(key: int, run: int) -> float:
    """Uniform in [0, 1), the same for a task and a run everywhere (splitmix64)."""
    word = ((key ^ (key >> 64)) + (run + 1) * 0x9E3779B97F4A7C15) & _WORD
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _WORD
    return ((word ^ (word >> 31)) >> 11) / (1 << 53)
