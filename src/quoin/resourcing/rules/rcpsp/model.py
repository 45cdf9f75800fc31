"""Is there a schedule that ends by a given period? As a CP-SAT model, in two forms that are hard in different places.

The second form says aloud which tasks can never overlap, in cliques: proofs for scarce resources become short.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from quoin.resourcing.rules.rcpsp.case import Case


def model_of(
    case: Case, end: int, *, with_cliques: bool, extra: Iterable[tuple[int, int, int]] = ()
) -> tuple[cp_model.CpModel, list[cp_model.IntVar]] | None:
    """None where precedence alone refutes it. `extra` are further distances between starts."""
    latest = [end - tail for tail in case.tail]
    if any(last < head for last, head in zip(latest, case.head, strict=True)):
        return None
    model = cp_model.CpModel()
    starts = [model.new_int_var(head, last, "") for head, last in zip(case.head, latest, strict=True)]
    spans = [
        model.new_fixed_size_interval_var(start, duration, "")
        for start, duration in zip(starts, case.duration, strict=True)
    ]
    for earlier, later, distance in (*case.links, *extra):
        model.add(starts[later] >= starts[earlier] + distance)
    for resource in range(len(case.problem.resources)):
        _add_capacity(model, case, resource, spans=spans, end=end)
    if with_cliques:
        for clique in cliques(case):
            model.add_no_overlap([spans[task] for task in clique])
    return model, starts


def _add_capacity(
    model: cp_model.CpModel, case: Case, resource: int, *, spans: Sequence[cp_model.IntervalVar], end: int
) -> None:
    held = [task for task in range(case.size) if case.amounts[task][resource] and case.duration[task]]
    peak = case.problem.resources[resource].peak
    gaps = list(_gaps(case, resource, end))
    if not gaps and sum(case.amounts[task][resource] for task in held) <= peak:
        return
    model.add_cumulative(
        [*(spans[task] for task in held), *(model.new_fixed_size_interval_var(a, b - a, "") for a, b, _ in gaps)],
        [*(case.amounts[task][resource] for task in held), *(missing for _, _, missing in gaps)],
        peak,
    )


def _gaps(case: Case, resource: int, end: int) -> Iterable[tuple[int, int, int]]:
    """Stretches of time in which less than the peak is there: first, end, missing."""
    of = case.problem.resources[resource]
    edges = sorted({0, *(max(0, first) for first, _ in of.changes)})
    for first, last in zip(edges, [*edges[1:], max(end, edges[-1]) + 1], strict=True):
        if missing := of.peak - of.at(first):
            yield first, last, missing


def cliques(case: Case) -> list[tuple[int, ...]]:
    """Sets of tasks no two of which can run at once, covering every pair that capacity keeps apart."""
    apart, pairs = _conflicts(case)
    found = []
    while pairs:
        first, second = min(pairs)
        clique = [first, second]
        common = apart[first] & apart[second]
        while common:
            chosen = max(common, key=lambda task: (_gain(pairs, clique, task), len(apart[task] & common), task))
            clique.append(chosen)
            common &= apart[chosen]
        pairs -= {(one, other) for one in clique for other in clique if one < other}
        found.append(tuple(clique))
    return found


def _gain(pairs: set[tuple[int, int]], clique: Sequence[int], task: int) -> int:
    return sum((min(task, other), max(task, other)) in pairs for other in clique)


def _conflicts(case: Case) -> tuple[list[set[int]], set[tuple[int, int]]]:
    """Who can never run beside whom, and the pairs for which it is capacity that says so."""
    following = _following(case)
    peaks = [resource.peak for resource in case.problem.resources]
    apart: list[set[int]] = [set() for _ in range(case.size)]
    pairs = set()
    long = [task for task in range(case.size) if case.duration[task]]
    for place, one in enumerate(long):
        for other in long[place + 1 :]:
            if other in following[one]:
                is_apart = True
            else:
                is_apart = any(
                    a + b > peak for a, b, peak in zip(case.amounts[one], case.amounts[other], peaks, strict=True)
                )
                if is_apart:
                    pairs.add((one, other))
            if is_apart:
                apart[one].add(other)
                apart[other].add(one)
    return apart, pairs


def _following(case: Case) -> list[set[int]]:
    """Tasks that cannot start before the given one has ended."""
    following: list[set[int]] = [set() for _ in range(case.size)]
    for earlier, later, distance in sorted(case.links, reverse=True):
        if distance >= case.duration[earlier]:
            following[earlier] |= {later} | following[later]
    return following
