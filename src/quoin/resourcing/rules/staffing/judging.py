"""An independent judge of staffing answers: it reads the case and the answer and shares no code with the search.

It counts days, points and loads by itself, slowly and plainly. An answer with a fault is never shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from quoin.resourcing.rules.staffing.goals import FILLED
from quoin.resourcing.rules.staffing.values import Answer, Ask, Case, Option, Plan, WhyNot, Worker

_DAY, _FIVE, _TIER = 480, 5, 15


def faults(case: Case, answer: Answer) -> list[str]:
    """Everything that is wrong with the answer; empty if nothing is."""
    level = common_level(case)
    found = [*_plan_faults(case, answer.best, level)]
    for at, plan in enumerate(answer.others):
        found += [f"alternative {at + 1}: {one}" for one in _plan_faults(case, plan, level)]
        if plan.loss != answer.best.worth - plan.worth or plan.loss < 0:
            found.append(f"alternative {at + 1} says it loses {plan.loss}")
    shapes = [{(o.ask, o.worker, o.shift, o.share) for o in plan.options} for plan in (answer.best, *answer.others)]
    if any(one == other for at, one in enumerate(shapes) for other in shapes[:at]):
        found.append("two plans are the same")
    if answer.bound < max(plan.worth for plan in (answer.best, *answer.others)):
        found.append(f"the bound {answer.bound} is below a plan")
    found += _told_faults(case, answer)
    return found


def _plan_faults(case: Case, plan: Plan, level: int) -> Iterator[str]:
    by_ask: defaultdict[int, list[Option]] = defaultdict(list)
    for one in plan.options:
        by_ask[one.ask].append(one)
        yield from _option_faults(case, one)
    for at, chosen in by_ask.items():
        ask = case.asks[at]
        if sum(one.share for one in chosen) != ask.open_share:
            yield f"#{ask.number} is not filled whole"
        if len({one.worker for one in chosen}) != len(chosen) or len(chosen) > ask.most_people:
            yield f"#{ask.number} has too many people, or one twice"
        if len({one.shift for one in chosen}) != 1:
            yield f"the people of #{ask.number} do not start together"
    yield from _crowded(case, plan.options)
    counted = worth(case, plan.options, level)
    if plan.worth != counted:
        yield f"the plan is worth {counted}, not {plan.worth}"


def _option_faults(case: Case, one: Option) -> Iterator[str]:
    ask, worker = case.asks[one.ask], case.workers[one.worker]
    name = f"{worker.candidate.name} on #{ask.number}"
    yield from (f"{name}: {fact}" for fact in hard_facts(case, ask, worker, (one.shift, one.share)))
    if not 0 <= one.shift <= ask.slack_weeks or (one.share < ask.least_share and one.share != ask.open_share):
        yield f"{name}: {one.share} % from {one.shift} weeks later on was not asked for"
    if one.worth != (FILLED[ask.priority] + sum(reason.points for reason in one.reasons)) * one.share:
        yield f"{name}: the points do not add up"
    if dict(one.minutes) != day_minutes(ask, worker, one.shift, one.share):
        yield f"{name}: other minutes than the bookings would have"


def _crowded(case: Case, options: Iterable[Option]) -> Iterator[str]:
    taken: Counter[tuple[int, date]] = Counter()
    for one in options:
        for day, minutes in one.minutes:
            taken[one.worker, day] += minutes
    for (worker, day), minutes in sorted(taken.items()):
        if minutes > _room(case, case.workers[worker], day):
            yield f"{case.workers[worker].candidate.name} is overbooked on {day}"


def _room(case: Case, worker: Worker, day: date) -> int:
    one = worker.candidate
    taken = one.firm.get(day, 0) + (one.tentative.get(day, 0) if case.keeps_tentative else 0)
    return max(0, one.capacity.get(day, 0) - taken)


def hard_facts(case: Case, ask: Ask, worker: Worker, cut: tuple[int, int]) -> list[str]:
    """Kinds of hard rules that speak against the person for a cut (weeks later, share in per cent), by themselves."""
    return _standing_facts(ask, worker) or _day_facts(case, ask, worker, cut)


def _standing_facts(ask: Ask, worker: Worker) -> list[str]:
    one, need, found = worker.candidate, ask.need, []
    if one.person_id in ask.refused_by:
        found.append("answer")
    if one.person_id in ask.booked:
        found.append("booked")
    for skill in need.skills:
        held = one.skills.get(skill.skill_id)
        if skill.is_must and (held is None or held.level < skill.level):
            found.append("skill" if held is None or not held.level else "level")
        elif skill.is_must and held is not None and held.wish == "avoid":
            found.append("wish")
    found += ["language" for code in need.languages if code not in one.languages]
    if need.client_id is not None and need.client_id in one.unwanted_clients:
        found.append("wish")
    if need.place and need.place.casefold() in one.unwanted_places:
        found.append("place")
    return found


def _day_facts(case: Case, ask: Ask, worker: Worker, cut: tuple[int, int]) -> list[str]:
    one, need, found = worker.candidate, ask.need, []
    days = _days(ask, cut[0])
    for certificate, _name in need.certificates:
        spans = one.certificates.get(certificate, ())
        if not all(any(first <= day <= (last or date.max) for first, last in spans) for day in days):
            found.append("certificate")
    minutes = day_minutes(ask, worker, *cut)
    if sum(minutes.values()) * 100 < _usual(ask, worker, *cut) * case.least_cover or not minutes:
        found.append("away")
    elif any(amount > _room(case, worker, day) for day, amount in minutes.items()):
        found.append("availability")
    return found


def day_minutes(ask: Ask, worker: Worker, shift: int, share: int) -> dict[date, int]:
    """Minutes by day as bookings spread them: per cent of each day, or hours of each week over its working days."""
    return _spread(ask, {day: worker.candidate.capacity.get(day, 0) for day in _days(ask, shift)}, share)


def _days(ask: Ask, shift: int) -> list[date]:
    return [day + timedelta(weeks=shift) for day in ask.need.days]


def _spread(ask: Ask, capacity: dict[date, int], share: int) -> dict[date, int]:
    need, found = ask.need, {}
    weeks: defaultdict[date, list[date]] = defaultdict(list)
    for day in capacity:
        weeks[day - timedelta(days=day.weekday())].append(day)
    for number, monday in enumerate(sorted(weeks)):
        curve = need.curve[min(number, len(need.curve) - 1)] if need.curve else 100
        days = weeks[monday]
        if need.percent is not None:
            amount = need.percent * share // 100 * curve // 100
            found.update({day: capacity[day] * amount // 100 for day in days})
            continue
        working = sum(1 for day in days if day.weekday() < _FIVE)
        total = (need.minutes_per_week or 0) * share // 100 * curve * working // (100 * _FIVE)
        whole, weighed, given = sum(capacity[day] for day in days), 0, 0
        for day in days if whole else ():
            weighed += capacity[day]
            upto = (2 * total * weighed + whole) // (2 * whole)
            found[day], given = upto - given, upto
    return {day: minutes for day, minutes in found.items() if minutes}


def _usual(ask: Ask, worker: Worker, shift: int, share: int) -> int:
    """Minutes of a full working week; where per cent is asked for, of the person's own."""
    full = {day: _DAY if day.weekday() < _FIVE else 0 for day in _days(ask, shift)}
    whole = sum(_spread(ask, full, share).values())
    if ask.need.percent is None:
        return whole
    most: Counter[int] = Counter()
    for day, minutes in worker.candidate.capacity.items():
        most[day.weekday()] = max(most[day.weekday()], minutes)
    return whole * min(sum(most.values()), _FIVE * _DAY) // (_FIVE * _DAY)


def worth(case: Case, options: Iterable[Option], level: int) -> int:
    """The worth of a plan from its parts; `level` is `common_level` of the case."""
    chosen = list(options)
    assigned: Counter[int] = Counter()
    for one in chosen:
        assigned[one.worker] += one.total
    total = sum(one.worth for one in chosen)
    for at, minutes in assigned.items():
        total -= _cost(case, at, level, minutes) - _cost(case, at, level, 0)
    return total


def _cost(case: Case, at: int, level: int, assigned: int) -> int:
    one, span = case.workers[at].candidate, _span(case)
    capacity = sum(one.capacity.get(day, 0) for day in span)
    if not capacity:
        return 0
    load = sum(one.firm.get(day, 0) + one.tentative.get(day, 0) for day in span) + assigned
    above = [Fraction(100 * load, capacity) - tier for tier in (level, level + _TIER)]
    return sum(max(0, ceil(case.goal.spread * 10 * one_above)) for one_above in above)


def _span(case: Case) -> list[date]:
    return sorted({
        day + timedelta(days=more) for ask in case.asks for day in ask.need.days
        for more in ({0} if not ask.slack_weeks else range(7 * ask.slack_weeks + 1))
    })  # fmt: skip


def common_level(case: Case) -> int:
    """Per cent of capacity of all who could take something, if their load with all open requests were even."""
    able, wanted, span = set(), 0, _span(case)
    for ask in case.asks:
        least: list[int] = []
        for at, worker in enumerate(case.workers):
            for shift in range(ask.slack_weeks + 1):
                for share in _shares(ask):
                    if not hard_facts(case, ask, worker, (shift, share)):
                        able.add(at)
                        minutes = sum(day_minutes(ask, worker, shift, share).values())
                        least.append(minutes * ask.open_share // share)
        wanted += min(least, default=0)
    people = [case.workers[at].candidate for at in able]
    room = sum(one.capacity.get(day, 0) for one in people for day in span)
    load = sum(one.firm.get(day, 0) + one.tentative.get(day, 0) for one in people for day in span)
    return ceil(Fraction(100 * (load + wanted), room)) if room else 100


def _shares(ask: Ask) -> set[int]:
    step = 25 if ask.least_share % 25 == 0 else 10
    more = range(ask.least_share, ask.open_share, step) if ask.most_people > 1 else ()
    return {ask.open_share, *more}


def _told_faults(case: Case, answer: Answer) -> Iterator[str]:
    chosen = {(one.ask, one.worker) for one in answer.best.options}
    told = Counter((one.ask, one.worker) for one in answer.why_not)
    for ask in range(len(case.asks)):
        for worker in range(len(case.workers)):
            if told[ask, worker] != ((ask, worker) not in chosen):
                yield f"{case.workers[worker].candidate.name} on #{case.asks[ask].number}: no reason, or several"
    for one in answer.why_not:
        if not is_true(case, answer.best, one):
            name = case.workers[one.worker].candidate.name
            yield f"{name} on #{case.asks[one.ask].number}: it is not true that {one.reasons[0].text}"
    open_asks = set(range(len(case.asks))) - {one.ask for one in answer.best.options}
    if open_asks != {one.ask for one in answer.unfilled}:
        yield "the unfilled requests are others than those told"


def is_true(case: Case, plan: Plan, told: WhyNot) -> bool:
    """Whether what was told of somebody holds in the plan."""
    ask, worker = case.asks[told.ask], case.workers[told.worker]
    cuts = [(shift, share) for shift in range(ask.slack_weeks + 1) for share in _shares(ask)]
    facts = [hard_facts(case, ask, worker, (shift, share)) for shift, share in cuts]
    if told.kind == "hard":
        held = {key for few in facts for key in few} | {
            key for cut in cuts for key in _day_facts(case, ask, worker, cut)
        }
        return all(facts) and bool(told.reasons) and all(one.key in held for one in told.reasons)
    if all(facts):
        return False
    if told.kind == "busy":
        mine = {one.ask for one in plan.options if one.worker == told.worker}
        return bool(told.beside) and set(told.beside) <= mine
    return told.kind in {"less", "equal", "other"}
