"""First answers without a solver: by regret, then improved by exchanges; and request by request for comparison.

A choice is what fills one request: a single option, or shares of several people that start together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from quoin.resourcing.rules.staffing.values import Option
from quoin.resourcing.rules.staffing.worth import Books, Field, by_ask

Choice = tuple[Option, ...]
_ROUNDS = 20


def never() -> bool:
    return False


def best_choices(field: Field, books: Books, ask: int, options: Sequence[Option]) -> list[tuple[int, Choice]]:
    """What fills the request beside the books: (gain, choice), best first."""
    case, found = field.case, list[tuple[int, Choice]]()
    open_ones = sorted(
        ((books.gain(one), one) for one in options if books.takes(one)),
        key=lambda pair: (-pair[0], pair[1].shift, pair[1].worker, -pair[1].share),
    )
    whole = case.asks[ask].open_share
    found += [(gain, (one,)) for gain, one in open_ones if one.share == whole]
    if case.asks[ask].most_people > 1:
        shared = [(gain, one) for gain, one in open_ones if one.share < whole]
        shared.sort(key=lambda pair: pair[1].shift)
        for _shift, same in groupby(shared, key=lambda pair: pair[1].shift):
            combined = _combined([*same], whole, case.asks[ask].most_people)
            if combined is not None:
                found.append(combined)
    return sorted(found, key=lambda pair: -pair[0])


def _combined(ranked: list[tuple[int, Option]], whole: int, most: int) -> tuple[int, Choice] | None:
    """Shares of different people that make up the whole: the best by gain per share, taken as they come."""
    ranked = sorted(ranked, key=lambda pair: (-pair[0] * 1000 // pair[1].share, -pair[1].share, pair[1].worker))
    for first in range(min(len(ranked), 8)):
        chosen: list[Option] = []
        gain, left, people = 0, whole, set()
        for one_gain, one in ranked[first:]:
            if one.share > left or one.worker in people or (len(chosen) == most - 1 and one.share < left):
                continue
            chosen.append(one)
            people.add(one.worker)
            gain, left = gain + one_gain, left - one.share
            if not left:
                return gain, tuple(chosen)
    return None


def by_regret(field: Field, cancelled: Callable[[], bool] = never) -> dict[int, Choice]:
    """Always fill next what would lose most by waiting: the difference between its best and its second choice."""
    books, options = Books(field), by_ask(field.case, field.menu.options)
    open_asks = set(range(len(options)))
    filled: dict[int, Choice] = {}
    ranked = {ask: best_choices(field, books, ask, options[ask]) for ask in open_asks}
    while not cancelled():
        ask = _most_regretted(ranked, open_asks)
        if ask is None:
            break
        choice = ranked[ask][0][1]
        filled[ask] = choice
        open_asks.remove(ask)
        for one in choice:
            books.add(one)
        touched = {one.worker for one in choice}
        for other in open_asks:
            if any(one.worker in touched for _gain, chosen in ranked[other] for one in chosen):
                ranked[other] = best_choices(field, books, other, options[other])
    return filled


def _most_regretted(ranked: dict[int, list[tuple[int, Choice]]], open_asks: set[int]) -> int | None:
    """The request whose best choice is furthest ahead of its second."""
    best: tuple[int, int] | None = None
    for ask in sorted(open_asks):
        gains = [gain for gain, _choice in ranked[ask][:2]]
        if gains and gains[0] > 0:
            regret = gains[0] - (gains[1] if len(gains) > 1 else 0)
            if best is None or regret > best[0]:
                best = (regret, ask)
    return best[1] if best else None


def one_by_one(field: Field) -> dict[int, Choice]:
    """As lists are worked off: by priority and start, each request gets whoever has the most points for it."""
    books, options = Books(field), by_ask(field.case, field.menu.options)
    asks = field.case.asks
    filled: dict[int, Choice] = {}
    for ask in sorted(range(len(asks)), key=lambda at: (asks[at].priority, asks[at].need.days[0], at)):
        choices = best_choices(field, books, ask, options[ask])
        if choices and choices[0][0] > 0:
            filled[ask] = max(choices, key=lambda pair: (sum(one.worth for one in pair[1]), pair[0]))[1]
            for one in filled[ask]:
                books.add(one)
    return filled


def improved(
    field: Field, filled: dict[int, Choice], cancelled: Callable[[], bool] = never, *, rounds: int = _ROUNDS
) -> dict[int, Choice]:
    """Exchange while it helps: another choice for a request, also in the place of one other request's person."""
    desk = _Desk(field, filled)
    for _round in range(rounds):
        is_better = False
        for ask in range(len(field.case.asks)):
            if cancelled():
                return desk.now
            is_better |= desk.refill(ask) or desk.push_out(ask)
        if not is_better:
            break
    return desk.now


class _Desk:
    """A plan under improvement: what fills each request, and the room that is left."""

    def __init__(self, field: Field, filled: dict[int, Choice]) -> None:
        self.field, self.now = field, dict(filled)
        self.books, self.options = Books(field), by_ask(field.case, field.menu.options)
        for choice in self.now.values():
            _put_in(self.books, choice)

    def refill(self, ask: int) -> bool:
        """Take the request's own choice out and the best one in."""
        former = self.now.pop(ask, ())
        lost = _take_out(self.books, former)
        choices = best_choices(self.field, self.books, ask, self.options[ask])
        if choices and choices[0][0] > max(lost, 0):
            self._set(ask, choices[0][1])
            return True
        if former and lost >= 0:
            self._set(ask, former)
            return False
        return bool(former)

    def push_out(self, ask: int) -> bool:
        """Give the request somebody who is on another one, if that finds others for less than is won."""
        able = {one.worker for one in self.options[ask]}
        others = [at for at in sorted(self.now) if at != ask and any(one.worker in able for one in self.now[at])]
        return any(self._exchange(ask, other) for other in others)

    def _exchange(self, ask: int, other: int) -> bool:
        former = {at: self.now.pop(at) for at in (ask, other) if at in self.now}
        before = sum(_take_out(self.books, choice) for choice in former.values())
        after = 0
        for at in (ask, other):
            choices = best_choices(self.field, self.books, at, self.options[at])
            if choices and choices[0][0] > 0:
                after += choices[0][0]
                self._set(at, choices[0][1])
        if after > before:
            return True
        for at in (ask, other):
            _take_out(self.books, self.now.pop(at, ()))
        for at, choice in former.items():
            self._set(at, choice)
        return False

    def _set(self, ask: int, choice: Choice) -> None:
        self.now[ask] = choice
        _put_in(self.books, choice)


def _take_out(books: Books, choice: Choice) -> int:
    """What the plan is worth less without it."""
    for one in choice:
        books.remove(one)
    gain = 0
    for one in choice:
        gain += books.gain(one)
    return gain


def _put_in(books: Books, choice: Choice) -> None:
    for one in choice:
        books.add(one)
