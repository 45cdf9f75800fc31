"""Staffs a case: a first answer at once, then the best within the effort with a proven bound, others, and reasons."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from quoin.resourcing.rules.solver.values import Effort, Step
from quoin.resourcing.rules.staffing import telling
from quoin.resourcing.rules.staffing.greedy import Choice, by_regret, improved, one_by_one
from quoin.resourcing.rules.staffing.options import menu
from quoin.resourcing.rules.staffing.values import Answer, Case, Option, Plan, Spread
from quoin.resourcing.rules.staffing.worth import Field

if TYPE_CHECKING:
    from quoin.resourcing.rules.staffing.model import Limit, Model

OTHERS = 3
_MAIN, _OTHER, _DROPS = 0.62, 0.09, 0.11
"""Shares of the effort: the best plan, each other plan, and what would have to go for the unfilled."""
_ENOUGH_GAP, _OTHER_GAP, _UNLIKE = 0.0, 0.01, 5
"""Another plan differs in a fifth of its assignments, and may be one per cent below the best of its kind."""


def solve(case: Case, effort: Effort | None = None) -> Answer:
    """The best plan found within the effort. Same case, seed and work: same answer."""
    return _Search(case, effort or Effort()).answer()


class _Search:
    def __init__(self, case: Case, effort: Effort) -> None:
        self.effort = effort
        self.began = time.monotonic()
        self.field = Field.of(case, menu(case))
        self.history: list[Step] = []
        self.bound: int | None = None
        self.is_cut = False

    def answer(self) -> Answer:
        single = one_by_one(self.field)
        first = by_regret(self.field, self.effort.cancelled)
        best = max((_options(first), _options(single)), key=self.field.worth)
        self.bound = self.field.ceiling()
        self._note(self.field.worth(best))
        first_seconds = time.monotonic() - self.began
        best = self._better(best, max((first, single), key=lambda one: self.field.worth(_options(one))))
        model = self._model()
        best = self._searched(model, best)
        plan = self.field.plan(best)
        others = self._others(model, plan)
        if others and others[0].loss < 0:
            # A search that was cut short may find better while it looks for something else.
            plan, others = self._swapped(plan, others)
        unfilled = telling.unfilled(self.field, plan, lambda ask, filled: self._drops(model, ask, filled))
        alone = _options(single)
        return Answer(
            best=plan, others=others, bound=max(self.bound, plan.worth), first_seconds=round(first_seconds, 3),
            seconds=round(time.monotonic() - self.began, 3),
            is_repeatable=self.effort.work is not None and not self.is_cut, history=tuple(self.history),
            why_not=telling.why_not(self.field, plan), unfilled=unfilled,
            differences=telling.differences(self.field, self.field.plan(alone), plan), spread=_spread(self.field, plan),
            one_by_one=self.field.worth(alone),
        )  # fmt: skip

    def _model(self) -> Model:
        from quoin.resourcing.rules.staffing.model import Model  # heavy: see the package's docstring

        return Model(self.field)

    def _better(self, best: Sequence[Option], start: dict[int, Choice]) -> list[Option]:
        found = _options(improved(self.field, start, self._is_over))
        return found if self.field.worth(found) > self.field.worth(best) else list(best)

    def _searched(self, model: Model, best: list[Option]) -> list[Option]:
        if self._is_over() or not self.field.menu.options:
            self._see(0 if not self.field.menu.options else self.bound or 0)
            return best
        self._note(self.field.worth(best))
        found = model.best(self.effort, self._limit(_MAIN, _ENOUGH_GAP), hint=best, heard=self._hear)
        self._see(found.bound)
        self.is_cut |= self._is_stopped() and not found.is_optimal
        if found.options is not None and self.field.worth(found.options) > self.field.worth(best):
            best = self._better(found.options, _choices(found.options))
        self._note(self.field.worth(best))
        return best

    def _others(self, model: Model, plan: Plan) -> tuple[Plan, ...]:
        """Plans that differ from the best and from each other, by what they lose."""
        found: list[Plan] = []
        least = max(1, -(-len(plan.options) // _UNLIKE))
        for _number in range(OTHERS):
            if not plan.options or self._is_over():
                break
            unlike = [(one.options, min(least, len(one.options))) for one in (plan, *found)]
            hit = model.best(self.effort, self._limit(_OTHER, _OTHER_GAP), hint=plan.options, unlike=unlike)
            if not hit.options:
                self.is_cut |= not hit.is_impossible and self._is_stopped()
                break
            found.append(self.field.plan(hit.options, best=plan.worth))
        return tuple(sorted(found, key=lambda one: one.loss))

    def _swapped(self, plan: Plan, others: tuple[Plan, ...]) -> tuple[Plan, tuple[Plan, ...]]:
        best = self.field.plan(others[0].options)
        rest = [self.field.plan(one.options, best=best.worth) for one in (plan, *others[1:])]
        self._note(best.worth)
        return best, tuple(sorted(rest, key=lambda one: one.loss))

    def _drops(self, model: Model, ask: int, filled: Sequence[int]) -> tuple[tuple[int, ...], bool] | None:
        return model.fewest_drops(ask, filled, self.effort, self._limit(_DROPS / 4, 0.0))

    def _limit(self, part: float, gap: float) -> Limit:
        from quoin.resourcing.rules.staffing.model import Limit  # heavy: see the package's docstring

        work = None if self.effort.work is None else self.effort.work * part
        left = self.effort.seconds - (time.monotonic() - self.began)
        return Limit(min(self.effort.seconds * part if work is None else left, max(left, 0.2)), work, gap)

    def _is_over(self) -> bool:
        if self.effort.cancelled():
            self.is_cut = True
        is_late = self.effort.work is None and time.monotonic() - self.began >= self.effort.seconds
        return self.is_cut or is_late

    def _is_stopped(self) -> bool:
        """Whether a search that was to be limited by work was stopped otherwise."""
        return self.effort.cancelled() or time.monotonic() - self.began >= self.effort.seconds

    def _hear(self, worth: int, bound: int) -> None:
        self._see(bound)
        self._note(worth)

    def _see(self, bound: int) -> None:
        self.bound = bound if self.bound is None else min(bound, self.bound)

    def _note(self, worth: int) -> None:
        assert self.bound is not None
        if self.history and worth < self.history[-1].value:
            return
        step = Step(round(time.monotonic() - self.began, 3), worth, max(self.bound, worth))
        self.history.append(step)
        self.effort.progress(step)


def _choices(options: Sequence[Option]) -> dict[int, Choice]:
    return {ask: tuple(one for one in options if one.ask == ask) for ask in {one.ask for one in options}}


def _options(filled: dict[int, Choice]) -> list[Option]:
    return [one for ask in sorted(filled) for one in filled[ask]]


def _spread(field: Field, plan: Plan) -> tuple[Spread, ...]:
    """Load of everybody who could be assigned, before and after, the fullest first."""
    assigned: dict[int, int] = {}
    for one in plan.options:
        assigned[one.worker] = assigned.get(one.worker, 0) + one.total
    found = []
    for worker in sorted({one.worker for one in field.menu.options}):
        capacity = field.capacities[worker]
        if capacity:
            before = 100 * field.loads[worker] // capacity
            after = 100 * (field.loads[worker] + assigned.get(worker, 0)) // capacity
            found.append(Spread(worker, before, after))
    return tuple(sorted(found, key=lambda one: (-one.after, one.worker)))
