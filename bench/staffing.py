"""`python -m bench.staffing --requests 40 --people 120 --weeks 26 --seconds 30`: open requests through the solver.

Prints JSON: seconds to the first answer, worth, proven bound and gap, filled requests, time. The firm is made from a
seed, with people who are booked, away, part-time, and skills and certificates that not everybody has. The answer is
judged by the product's own validator before it counts.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from quoin.resourcing.rules.solver.values import Effort
from quoin.resourcing.rules.staffing.answering import solve
from quoin.resourcing.rules.staffing.goals import GOALS
from quoin.resourcing.rules.staffing.judging import faults
from quoin.resourcing.rules.staffing.values import Ask, Case, Worker
from quoin.resourcing.types import Candidate, HeldSkill, Need, SkillNeed

MONDAY = date(2026, 6, 1)
PLACES = ("Oslo", "Berlin", "Pune")
LANGUAGES = ("en", "no", "de")


@dataclass(frozen=True)
class Firm:
    """What people and requests are drawn from."""

    skills: list
    licence: tuple
    days: list[date]
    weeks: int
    people: int


def uid(kind: int, number: int) -> UUID:
    return UUID(int=(kind << 64) + number + 1)


def firm(*, requests: int, people: int, weeks: int, seed: int, goal: str = "balanced") -> Case:
    """A case of this size."""
    draw = random.Random(seed)
    skills = [(uid(1, at), f"Skill {at + 1}") for at in range(max(6, people // 6))]
    licence = (uid(2, 0), "Safety card")
    days = [MONDAY + timedelta(days=at) for at in range(7 * (weeks + 14))]
    shared = Firm(skills, licence, days, weeks, people)
    workers = tuple(_worker(draw, at, shared) for at in range(people))
    asks = tuple(_ask(draw, at, shared) for at in range(requests))
    return Case(asks=asks, workers=workers, goal=GOALS[goal])


def _worker(draw: random.Random, at: int, firm: Firm) -> Worker:
    skills, licence, days, weeks = firm.skills, firm.licence, firm.days, firm.weeks
    week = draw.choices([(480,) * 5, (480, 480, 480, 480, 0), (240,) * 5], [8, 1, 1])[0]
    away_from, away_days = draw.randrange(weeks * 7), draw.choice((0, 0, 5, 12, 19))
    away = {MONDAY + timedelta(days=away_from + one) for one in range(away_days)}
    capacity = {day: 0 if day.weekday() > 4 or day in away else week[day.weekday()] for day in days}
    firm_minutes: dict[date, int] = {}
    for _booking in range(draw.randrange(4)):
        first, length, share = draw.randrange(weeks), draw.randrange(2, 9), draw.choice((20, 40, 60, 100))
        for one in range(7 * length):
            day = MONDAY + timedelta(days=7 * first + one)
            there = firm_minutes.get(day, 0)
            firm_minutes[day] = min(capacity.get(day, 0), there + capacity.get(day, 0) * share // 100)
    held = {
        skill: HeldSkill(draw.randint(1, 5), draw.random() < 0.5, draw.choice(("", "", "grow")))
        for skill, _name in draw.sample(skills, draw.randint(2, 5))
    }
    until = draw.choice((None, None, MONDAY + timedelta(days=draw.randrange(30, 200))))
    certificates = {licence[0]: ((date(2020, 1, 1), until),)} if draw.random() < 0.6 else {}
    worked = draw.choice((0, 0, 0, 900, 4000))
    return Worker(
        candidate=Candidate(
            person_id=uid(3, at), name=f"Person {at + 1}", job_role_id=uid(4, at % 4), capacity=capacity,
            firm=firm_minutes, skills=held, certificates=certificates, place=draw.choice(PLACES),
            languages=("en", *draw.sample(LANGUAGES[1:], draw.randint(0, 2))),
            cost_per_hour=Decimal(draw.randrange(40, 110)), worked_minutes_for_client=worked,
        ),
        zone_minutes=draw.choice((60, 60, 330)),
    )  # fmt: skip


def _ask(draw: random.Random, at: int, firm: Firm) -> Ask:
    skills, licence, weeks = firm.skills, firm.licence, firm.weeks
    length = draw.randint(2, max(2, min(12, weeks)))
    first = MONDAY + timedelta(days=7 * draw.randint(0, max(0, weeks - length)))
    days = tuple(first + timedelta(days=one) for one in range(7 * length - 2))
    must = [SkillNeed(skill, name, draw.randint(2, 4)) for skill, name in draw.sample(skills, draw.choice((1, 1, 2)))]
    nice = [SkillNeed(skill, name, 2, is_must=False) for skill, name in draw.sample(skills, 1)]
    by_hours = draw.random() < 0.3
    return Ask(
        id=uid(5, at), number=at + 1, title=f"Request {at + 1}", priority=draw.choices((1, 2, 3, 4), (2, 5, 2, 1))[0],
        need=Need(
            days=days, job_role_id=uid(4, at % 4), skills=(*must, *nice), client_id=uid(6, at % 9),
            minutes_per_week=60 * draw.choice((8, 16, 24)) if by_hours else None,
            percent=None if by_hours else draw.choice((40, 50, 60, 80, 100)),
            certificates=(licence,) if draw.random() < 0.3 else (),
            languages=("no",) if draw.random() < 0.2 else (), place=draw.choice(("", "", *PLACES)),
        ),
        most_people=draw.choices((1, 2), (3, 1))[0], slack_weeks=draw.choices((0, 2), (3, 1))[0],
        zone_minutes=draw.choice((None, 60)), worked={uid(3, draw.randrange(firm.people)): (2400, 600)},
    )  # fmt: skip


def report(asked: argparse.Namespace) -> dict[str, object]:
    """Solve once and say how it went; AssertionError if the validator finds a fault."""
    case = firm(requests=asked.requests, people=asked.people, weeks=asked.weeks, seed=asked.seed, goal=asked.goal)
    answer = solve(case, Effort(seconds=asked.seconds, seed=asked.seed, workers=asked.workers, work=asked.work))
    found = faults(case, answer)
    assert not found, found[:5]
    filled = {one.ask for one in answer.best.options}
    return {
        "requests": asked.requests, "people": asked.people, "weeks": asked.weeks, "seed": asked.seed,
        "goal": asked.goal, "first_answer_seconds": answer.first_seconds,
        "first_answer_worth": answer.history[0].value, "worth": answer.best.worth, "bound": answer.bound,
        "gap_percent": round(100 * answer.gap_ratio, 3), "is_proven": answer.is_proven,
        "one_by_one_worth": answer.one_by_one, "filled": len(filled), "unfilled": len(answer.unfilled),
        "alternatives_lose": [one.loss for one in answer.others], "exclusions_with_reason": len(answer.why_not),
        "gap_under_2_percent_after_seconds": _reached(answer), "seconds": answer.seconds,
    }  # fmt: skip


def _reached(answer: object) -> float | None:
    for step in answer.history:
        if answer.bound and (answer.bound - step.value) / answer.bound < 0.02:
            return step.seconds
    return None


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--requests", type=int, default=40)
    given.add_argument("--people", type=int, default=120)
    given.add_argument("--weeks", type=int, default=26)
    given.add_argument("--seconds", type=float, default=30.0)
    given.add_argument("--workers", type=int, default=2)
    given.add_argument("--work", type=int, default=None, help="Instead of the clock: repeatable.")
    given.add_argument("--seed", type=int, default=1)
    given.add_argument("--goal", default="balanced", choices=sorted(GOALS))
    print(json.dumps(report(given.parse_args()), indent=2))


if __name__ == "__main__":
    main()
