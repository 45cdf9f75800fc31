"""People on tasks as a CP-SAT model: teams of alike people are counted, single people get a timeline of their own."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from quoin.resourcing.rules.multiskill.staffing import Answer
from quoin.resourcing.rules.rcpsp.model import model_of
from quoin.resourcing.rules.solver.values import Duty

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from quoin.resourcing.rules.multiskill.staffing import Team, Ward


@dataclass(frozen=True, slots=True)
class StaffModel:
    """`taken[task, need, team]` counts the people of a team on a need of a task."""

    ward: Ward
    model: cp_model.CpModel
    starts: list[cp_model.IntVar]
    taken: dict[tuple[int, int, int], cp_model.IntVar]

    def hint(self, answer: Answer) -> None:
        team_of = {person: index for index, team in enumerate(self.ward.teams) for person in team.people}
        counts: defaultdict[tuple[int, int, int], int] = defaultdict(int)
        for task, duties in enumerate(answer.duties):
            self.model.add_hint(self.starts[task], answer.starts[task])
            for duty in duties:
                counts[task, duty.need, team_of[duty.person]] += 1
        for key, variable in self.taken.items():
            self.model.add_hint(variable, counts[key])

    def cost(self) -> cp_model.LinearExpr:
        ward = self.ward
        return cp_model.LinearExpr.weighted_sum(
            list(self.taken.values()),
            [ward.case.duration[task] * ward.teams[team].person.cost for task, _, team in self.taken],
        )

    def answer(self, value: Callable[[cp_model.IntVar], int]) -> Answer:
        """Name the people: whoever of the team is free, in order of start."""
        starts = tuple(value(start) for start in self.starts)
        duties: list[list[Duty]] = [[] for _ in starts]
        wanted: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for (task, need, team), variable in self.taken.items():
            if count := value(variable):
                wanted[team].extend([(starts[task], task, need)] * count)
        for team, rows in wanted.items():
            free = dict.fromkeys(self.ward.teams[team].people, 0)
            for start, task, need in sorted(rows):
                person = next(person for person, until in free.items() if until <= start)
                free[person] = start + self.ward.case.duration[task]
                duties[task].append(Duty(person, need))
        return Answer(starts, tuple(tuple(row) for row in duties))


def staff_model_of(ward: Ward, end: int, *, with_cliques: bool) -> StaffModel | None:
    """None where precedence alone refutes it."""
    made = model_of(ward.case, end, with_cliques=with_cliques)
    if made is None:
        return None
    model, starts = made
    taken: dict[tuple[int, int, int], cp_model.IntVar] = {}
    for task, needs in enumerate(ward.tasks):
        for index, need in enumerate(needs):
            able = [number for number, team in enumerate(ward.teams) if team.person.fits(need)]
            for number in able:
                most = min(need.count, len(ward.teams[number].people))
                taken[task, index, number] = model.new_int_var(0, most, "")
            model.add(sum(taken[task, index, number] for number in able) == need.count)
    for number, team in enumerate(ward.teams):
        _add_team(model, ward, team, starts=starts, held=_held(taken, number))
    return StaffModel(ward, model, starts, taken)


def _held(taken: dict[tuple[int, int, int], cp_model.IntVar], team: int) -> dict[int, list[cp_model.IntVar]]:
    held: defaultdict[int, list[cp_model.IntVar]] = defaultdict(list)
    for (task, _, number), variable in taken.items():
        if number == team:
            held[task].append(variable)
    return held


def _add_team(
    model: cp_model.CpModel,
    ward: Ward,
    team: Team,
    *,
    starts: Sequence[cp_model.IntVar],
    held: dict[int, list[cp_model.IntVar]],
) -> None:
    size = len(team.people)
    spans, amounts = [], []
    away = [model.new_fixed_size_interval_var(first, end - first, "") for first, end in team.person.absences]
    for task, variables in held.items():
        amount: cp_model.IntVar = variables[0]
        if len(variables) > 1:
            amount = model.new_int_var(0, size, "")
            model.add(amount == sum(variables))
        if size == 1:
            spans.append(model.new_optional_fixed_size_interval_var(starts[task], ward.case.duration[task], amount, ""))
        else:
            spans.append(model.new_fixed_size_interval_var(starts[task], ward.case.duration[task], ""))
        amounts.append(amount)
    if size == 1:
        model.add_no_overlap([*spans, *away])
    else:
        model.add_cumulative([*spans, *away], [*amounts, *([size] * len(away))], size)
