"""Staffing by solver against brute force, with faults put in, told reasons checked, and the same answer twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.staffing import MONDAY, firm, uid
from quoin.resourcing.rules.solver.values import Effort
from quoin.resourcing.rules.staffing import judging
from quoin.resourcing.rules.staffing.answering import solve
from quoin.resourcing.rules.staffing.goals import GOALS, goal_of
from quoin.resourcing.rules.staffing.options import menu
from quoin.resourcing.rules.staffing.repairing import repairs
from quoin.resourcing.rules.staffing.values import Answer, Ask, Case, Goal, Option, Worker
from quoin.resourcing.types import Candidate, HeldSkill, Need, SkillNeed

SAP = uid(1, 99)
WORK = Effort(seconds=20, work=20)


def person(number: int, name: str = "", *, firm_percent: int = 0, level: int = 3, **fields) -> Worker:
    days = [MONDAY + timedelta(days=at) for at in range(7 * 20)]
    capacity = {day: 480 if day.weekday() < 5 else 0 for day in days}
    return Worker(
        candidate=Candidate(
            person_id=uid(3, number), name=name or f"Person {number}",
            skills={SAP: HeldSkill(level)} if level else {}, **{
                "languages": ("en",),
                "capacity": capacity,
                "firm": {day: minutes * firm_percent // 100 for day, minutes in capacity.items()}, **fields,
            },
        )
    )  # fmt: skip


def ask(number: int, *, weeks: tuple[int, int] = (0, 1), percent: int | None = 100, level: int = 1, **fields) -> Ask:
    first = MONDAY + timedelta(weeks=weeks[0])
    need = fields.pop("need", {})
    days = tuple(first + timedelta(days=at) for at in range(7 * (weeks[1] - weeks[0]) - 2))
    return Ask(
        id=uid(5, number), number=number, title=f"Ask {number}",
        need=Need(**{"days": days, "percent": percent, "skills": (SkillNeed(SAP, "SAP", level),), **need}), **fields,
    )  # fmt: skip


def solved(
    *asks: Ask, people: list[Worker], goal: Goal = GOALS["balanced"], effort: Effort = WORK
) -> tuple[Case, Answer]:
    case = Case(asks=asks, workers=tuple(people), goal=goal)
    answer = solve(case, effort)
    assert judging.faults(case, answer) == []
    return case, answer


def staffed(answer: Answer) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for one in answer.best.options:
        found.setdefault(one.ask, set()).add(one.worker)
    return found


def every_plan(case: Case) -> Iterator[list[Option]]:
    """All plans of a small case, judged by nothing but the independent judge's own counting."""
    options = menu(case).options
    choices: list[list[tuple[Option, ...]]] = []
    for at, one in enumerate(case.asks):
        mine = [option for option in options if option.ask == at]
        choices.append([()])
        for size in range(1, one.most_people + 1):
            for few in combinations(mine, size):
                same = len({option.shift for option in few}) == 1 and len({o.worker for o in few}) == size
                if same and sum(option.share for option in few) == one.open_share:
                    choices[-1].append(few)
    for picked in product(*choices):
        plan = [option for few in picked for option in few]
        taken: Counter[tuple[int, date]] = Counter()
        for option in plan:
            taken.update({(option.worker, day): minutes for day, minutes in option.minutes})
        free = {
            at: {
                day: minutes - who.candidate.firm.get(day, 0) - who.candidate.tentative.get(day, 0)
                for day, minutes in who.candidate.capacity.items()
            }
            for at, who in enumerate(case.workers)
        }
        if all(minutes <= free[worker][day] for (worker, day), minutes in taken.items()):
            yield plan


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), goal=st.sampled_from(sorted(GOALS)), asks=st.integers(1, 4))
def test_small_cases_are_solved_as_well_as_by_trying_everything(seed: int, goal: str, asks: int) -> None:
    case = firm(requests=asks, people=7, weeks=6, seed=seed, goal=goal)
    level = judging.common_level(case)

    answer = solve(case, WORK)

    best = max(judging.worth(case, plan, level) for plan in every_plan(case))
    assert (answer.best.worth, answer.bound, answer.is_proven) == (best, best, True)
    assert judging.faults(case, answer) == []


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_fewest_requests_are_named_that_would_have_to_go(seed: int) -> None:
    case = firm(requests=4, people=5, weeks=4, seed=seed)
    answer = solve(case, WORK)
    filled = {one.ask for one in answer.best.options}

    for one in answer.unfilled:
        ways = [{o.ask for o in plan} for plan in every_plan(case) if one.ask in {o.ask for o in plan}]
        least = min((len(filled - way) for way in ways), default=0)
        assert (len(one.drops), one.is_smallest) == (least, True)


def test_the_same_input_seed_and_work_give_the_same_answer() -> None:
    case = firm(requests=14, people=16, weeks=8, seed=3)
    again = firm(requests=14, people=16, weeks=8, seed=3)

    first, second = solve(case, Effort(seed=4, seconds=60, work=6)), solve(again, Effort(seed=4, seconds=60, work=6))

    assert first.is_repeatable
    assert (first.best, first.others, first.bound) == (second.best, second.others, second.bound)
    assert (first.why_not, first.unfilled, first.differences) == (second.why_not, second.unfilled, second.differences)


def test_who_alone_can_do_a_request_is_kept_for_it() -> None:
    anna, ben = person(1, "Anna", level=5), person(2, "Ben", level=2)
    _case, answer = solved(ask(88, level=1, priority=1), ask(91, level=5), people=[anna, ben])

    assert staffed(answer) == {0: {1}, 1: {0}}
    assert answer.best.worth > answer.one_by_one
    assert answer.differences[0].reason == "Anna to #91, not #88: only Anna fits it"
    told = next(one for one in answer.why_not if (one.ask, one.worker) == (0, 0))
    assert (told.kind, told.beside) == ("busy", (1,))
    assert told.reasons[0].text == "better used on #91; no room on 2026-06-01"


def test_every_hard_rule_is_named_with_its_fact() -> None:
    card, day = (uid(2, 1), "Safety card"), date(2026, 6, 3)
    later = {MONDAY + timedelta(days=7 + at): 480 for at in range(5)}
    fields = [
        ({"level": 0}, "no SAP, needs 3"), ({"level": 2}, "SAP 2, needs 3"),
        ({"certificates": {card[0]: ((date(2020, 1, 1), date(2026, 6, 2)),)}}, "Safety card ended on 2026-06-02"),
        ({"languages": ()}, "does not work in EN"), ({"unwanted_places": frozenset({"oslo"})}, "does not work in Oslo"),
        ({"firm_percent": 60}, "no room on 2026-06-01: 3:12 of 8:00 free, 8:00 needed"),
        ({"capacity": {MONDAY: 480, day: 480} | later}, "is there for 40 % of it, at least 80 % is asked"),
    ]  # fmt: skip
    valid = {card[0]: ((date(2020, 1, 1), None),)}
    people = [person(at, **{"certificates": valid, **one}) for at, (one, _text) in enumerate(fields)]
    need = {"certificates": (card,), "languages": ("en",), "place": "Oslo"}

    _case, answer = solved(ask(1, level=3, need=need), people=people)

    assert [one.reasons[-1].text for one in answer.why_not] == [text for _one, text in fields]
    assert {one.kind for one in answer.why_not} == {"hard"}


def test_who_said_no_or_is_on_it_already_is_left_out() -> None:
    people = [person(1), person(2), person(3)]
    one = ask(1, refused_by=frozenset({uid(3, 1)}), booked=frozenset({uid(3, 2)}), wanted_by=frozenset({uid(3, 3)}))

    _case, answer = solved(one, people=people)

    assert staffed(answer) == {0: {2}}
    assert [told.reasons[0].key for told in answer.why_not] == ["answer", "booked"]
    assert "was asked and is willing" in [reason.text for reason in answer.best.options[0].reasons]


def test_a_request_is_split_when_nobody_has_room_for_all_of_it() -> None:
    halves = [person(1, firm_percent=50), person(2, firm_percent=50)]

    _case, whole = solved(ask(1), people=halves)
    _case, split = solved(ask(1, most_people=2), people=halves)

    assert (staffed(whole), staffed(split)) == ({}, {0: {0, 1}})
    assert [one.share for one in split.best.options] == [50, 50]
    assert whole.unfilled[0].less == (50, 0)


def test_a_request_starts_later_where_that_is_allowed() -> None:
    busy = person(1)
    first_week = {day: 480 for day in busy.candidate.capacity if day < MONDAY + timedelta(days=7) and day.weekday() < 5}
    busy = replace(busy, candidate=replace(busy.candidate, firm=first_week))

    _case, fixed = solved(ask(1), people=[busy])
    _case, loose = solved(ask(1, slack_weeks=2), people=[busy])

    assert fixed.unfilled[0].earliest == (1, 0)
    assert [(one.shift, one.minutes[0][0]) for one in loose.best.options] == [(1, MONDAY + timedelta(days=7))]


def test_one_waiver_that_would_fill_it_is_told() -> None:
    _case, answer = solved(ask(1, level=4), people=[person(1, "Kim", level=3)])

    (waiver,) = answer.unfilled[0].waivers
    assert (waiver.reason.text, waiver.worker) == ("SAP 3, needs 4", 0)


def test_an_even_load_outweighs_a_few_points_under_the_balanced_goal() -> None:
    full, idle = person(1, "Full", firm_percent=50, level=4), person(2, "Idle", level=3)
    fills = ask(1, weeks=(0, 8), percent=50)

    _case, balanced = solved(fills, people=[full, idle])
    _case, skilled = solved(fills, people=[full, idle], goal=goal_of("balanced", spread=0))

    assert (staffed(balanced), staffed(skilled)) == ({0: {1}}, {0: {0}})
    assert [(one.worker, one.before, one.after) for one in balanced.spread][-1][1:] == (0, 50)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda a: replace(a, best=replace(a.best, worth=a.best.worth + 1)), "is worth"),
        (lambda a: replace(a, bound=a.best.worth - 1), "bound"),
        (lambda a: replace(a, why_not=a.why_not[1:]), "no reason"),
        (lambda a: replace(a, why_not=(replace(a.why_not[0], kind="busy"), *a.why_not[1:])), "not true"),
        (lambda a: replace(a, best=replace(a.best, options=a.best.options[1:])), "unfilled"),
        (lambda a: replace(a, others=(a.best,)), "same"),
        (lambda a: _option(a, share=70), "not filled whole"),
        (lambda a: _option(a, minutes=a.best.options[0].minutes[1:]), "other minutes"),
        (lambda a: _option(a, reasons=()), "do not add up"),
        (lambda a: _option(a, shift=3), "not asked for"),
        (lambda a: _option(a, worker=2), "skill"),
    ],
)
def test_the_judge_finds_each_fault(spoil, said: str) -> None:
    case, answer = solved(ask(1), people=[person(1), person(2), person(3, level=0)])

    found = judging.faults(case, spoil(answer))

    assert any(said in one for one in found), found


def test_the_judge_finds_an_overbooked_day() -> None:
    case, answer = solved(ask(1), ask(2, weeks=(1, 2)), people=[person(1)])
    later = tuple(replace(one, minutes=answer.best.options[0].minutes) for one in answer.best.options)

    found = judging.faults(case, replace(answer, best=replace(answer.best, options=later)))

    assert any("overbooked" in one for one in found), found


def _option(answer: Answer, **changed) -> Answer:
    first = replace(answer.best.options[0], **changed)
    return replace(answer, best=replace(answer.best, options=(first, *answer.best.options[1:])))


def test_a_search_that_is_stopped_at_once_still_answers_with_its_gap() -> None:
    case = firm(requests=14, people=16, weeks=8, seed=3)

    answer = solve(case, Effort(seconds=20, work=5, cancelled=lambda: True))

    assert not answer.is_repeatable
    assert answer.best.worth > 0
    assert answer.bound >= answer.best.worth
    assert judging.faults(case, answer) == []


def test_alternatives_differ_and_tell_their_loss() -> None:
    _case, answer = solved(*(ask(at, weeks=(at, at + 1)) for at in range(5)), people=[person(at) for at in range(4)])

    assert len(answer.others) == 3
    shapes = [{(one.ask, one.worker) for one in plan.options} for plan in (answer.best, *answer.others)]
    assert all(a != b for a, b in combinations(shapes, 2))
    assert [one.loss for one in answer.others] == sorted(answer.best.worth - one.worth for one in answer.others)


def test_nothing_to_fill_is_answered() -> None:
    _case, answer = solved(people=[person(1)])

    assert (answer.best.worth, answer.bound, answer.unfilled) == (0, 0, ())


def test_goals_take_weights_within_their_range() -> None:
    assert goal_of("margin", {"skill": 200}).weight("skill") == 200
    for wrong in ({"age": 10}, {"skill": 5000}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            goal_of("margin", wrong)
    with pytest.raises(ValueError, match="spread"):
        goal_of("margin", spread=99)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_repairs_fit_leave_no_more_open_than_must_be_and_the_smallest_comes_first(seed: int) -> None:
    drawn = firm(requests=3, people=5, weeks=4, seed=seed, goal="grow")
    asks = tuple(replace(one, most_people=1, open_share=100) for one in drawn.asks)
    case = replace(drawn, asks=asks, goal=Goal("repair", {}, 0))
    everything = list(every_plan(case))
    shapes = [{(one.ask, one.worker, one.shift) for one in plan} for plan in everything]

    found = repairs(case, [0, 1, 2])

    assert 1 <= len(found) <= 3
    for one in found:
        assert {(move.ask, move.worker, move.shift) for move in one.moves} in shapes
        assert len(one.open_asks) == 3 - max(len(plan) for plan in everything)
        assert one.people_moved == sum(move.worker != move.ask for move in one.moves)
        assert one.weeks_later == sum(move.shift for move in one.moves)
    assert [one.size for one in found] == sorted(one.size for one in found)
    fewest = min(
        (sum(move.worker != move.ask for move in plan) for plan in everything if len(plan) == len(found[0].moves)),
        default=0,
    )
    assert found[0].people_moved == fewest
