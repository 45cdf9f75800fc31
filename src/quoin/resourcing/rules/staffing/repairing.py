"""Small repairs of a plan: somebody is ill, work slips, goods are late. Three ways out, the smallest first.

Each hurt booking goes to somebody else, to later weeks, or to both; what nothing fits stays open and is told. Exact
over the best choices of each booking, in pure Python: repairs are asked for on a page, and a solver has no place there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from quoin.resourcing.rules.staffing.options import menu
from quoin.resourcing.rules.staffing.values import Case, Option
from quoin.resourcing.rules.staffing.worth import Books, Field, by_ask

WAYS = 3
_CHOICES, _STEPS, _HOUR = 7, 60_000, 60
_OPEN_PENALTY = 10_000_000


@dataclass(frozen=True, slots=True)
class Aim:
    """What a repair counts: for each person moved, each unit of cost, each week that work is later."""

    key: str
    person: int
    cost: int
    week: int


AIMS = (Aim("people", 10_000, 1, 500), Aim("cost", 100, 10, 50), Aim("dates", 500, 1, 10_000))


@dataclass(frozen=True, slots=True)
class Repair:
    """A way out: moves in the order of the hurt bookings, and what they change."""

    aim: str
    moves: tuple[Option, ...]
    people_moved: int
    """Bookings that go to somebody else."""
    cost: Decimal
    """More (or less) cost of the hours; people without a known cost count nothing."""
    weeks_later: int
    """Weeks that work is later, over all bookings."""
    open_asks: tuple[int, ...]
    """Hurt bookings that nothing fits."""

    @property
    def size(self) -> tuple[int, int, Decimal, int]:
        return (len(self.open_asks), self.people_moved, self.cost, self.weeks_later)


def repairs(case: Case, originals: Sequence[int]) -> tuple[Repair, ...]:
    """Up to three different repairs: fewest people moved, least cost, least delay; the smallest first."""
    field = Field.of(case, menu(case))
    found: list[Repair] = []
    for aim in AIMS:
        for plan in _best_plans(field, originals, aim):
            if all(_shape(plan) != _shape(one.moves) for one in found):
                found.append(_repair(case, originals, aim, plan))
                break
    # Another way that leaves more undone is none.
    least = min((len(one.open_asks) for one in found), default=0)
    return tuple(sorted((one for one in found if len(one.open_asks) == least), key=lambda one: one.size))


def cost_of(case: Case, originals: Sequence[int], one: Option) -> Decimal:
    """What the hours cost more with this person."""
    new = case.workers[one.worker].candidate.cost_per_hour
    old = case.workers[originals[one.ask]].candidate.cost_per_hour
    return (new - old) * one.total / _HOUR if new is not None and old is not None else Decimal(0)


def _repair(case: Case, originals: Sequence[int], aim: Aim, plan: Sequence[Option]) -> Repair:
    moved = sum(1 for one in plan if one.worker != originals[one.ask])
    cost = sum((cost_of(case, originals, one) for one in plan), Decimal(0)).quantize(Decimal("0.01"))
    open_asks = tuple(sorted(set(range(len(case.asks))) - {one.ask for one in plan}))
    return Repair(aim.key, tuple(plan), moved, cost, sum(one.shift for one in plan), open_asks)


def _shape(plan: Sequence[Option]) -> frozenset[tuple[int, int, int]]:
    return frozenset((one.ask, one.worker, one.shift) for one in plan)


def _best_plans(field: Field, originals: Sequence[int], aim: Aim) -> list[tuple[Option, ...]]:
    """Plans under the aim, the best first; more than one, so that another aim's twin can be passed over."""
    search = _Search(field, originals, aim)
    search.run()
    return [plan for _cost, plan in sorted(search.best, key=lambda pair: pair[0])]


class _Search:
    """Depth first over the bookings, each with its best choices or left open; a branch that cannot win is cut."""

    def __init__(self, field: Field, originals: Sequence[int], aim: Aim) -> None:
        self.books, self.steps = Books(field), 0
        self.choices: list[list[tuple[int, Option | None]]] = []
        for options in by_ask(field.case, field.menu.options):
            priced = sorted(
                ((self._price(field.case, originals, aim, one), one) for one in options),
                key=lambda pair: (pair[0], pair[1].worker, pair[1].shift),
            )
            self.choices.append([*priced[:_CHOICES], (_OPEN_PENALTY, None)])
        self.rest = [0] * (len(self.choices) + 1)
        for at in reversed(range(len(self.choices))):
            self.rest[at] = self.rest[at + 1] + self.choices[at][0][0]
        self.best: list[tuple[int, tuple[Option, ...]]] = []

    @staticmethod
    def _price(case: Case, originals: Sequence[int], aim: Aim, one: Option) -> int:
        moved = aim.person if one.worker != originals[one.ask] else 0
        # Points break ties: among equals the better fit.
        fit = max(0, 100 - one.score)
        return (moved + aim.week * one.shift) * 100 + int(aim.cost * cost_of(case, originals, one) * 100) + fit

    def run(self) -> None:
        for _plan in self._walk(0, 0, []):
            pass

    def _walk(self, at: int, cost: int, chosen: list[Option]) -> Iterator[None]:
        self.steps += 1
        is_hopeless = len(self.best) >= WAYS and cost + self.rest[at] >= self.best[-1][0]
        if is_hopeless or self.steps > _STEPS:
            return
        if at == len(self.choices):
            self.best = sorted([*self.best, (cost, tuple(chosen))], key=lambda pair: pair[0])[:WAYS]
            yield
            return
        for price, one in self.choices[at]:
            if one is None:
                yield from self._walk(at + 1, cost + price, chosen)
            elif self.books.takes(one):
                self.books.add(one)
                yield from self._walk(at + 1, cost + price, [*chosen, one])
                self.books.remove(one)
