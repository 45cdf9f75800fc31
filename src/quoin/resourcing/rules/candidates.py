"""Who fits a request, best first, and why the others do not. Hard rules remove, soft rules score.

The points of a candidate add up to the score that is shown. What is not here is not looked at: no age, no gender, no
history of illness; cost only where the reader may see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby

from quoin.kernel.quantity import clock
from quoin.resourcing.rules.spreading import wanted_minutes
from quoin.resourcing.types import Candidate, Excluded, Need, Ranked, Ranking, Reason, SkillNeed

_FREE, _SKILL, _NICE, _MARGIN, _CONTINUITY, _ROLE, _PLACE, _WISH, _CONFIRMED = 30, 25, 10, 15, 10, 5, 3, 4, 3
_ZERO, _ONE, _HUNDRED = Decimal(0), Decimal(1), Decimal(100)
_MUCH_MINUTES = 40 * 60
"""Work for the client from which on continuity counts in full."""
_ROUNDING = Decimal("0.0001")


def rank(need: Need, candidates: Iterable[Candidate], *, least_free: Decimal = Decimal("0.5")) -> Ranking:
    """Everybody, in one of two lists. Who can give less than `least_free` of the wanted minutes is excluded."""
    fitting, excluded = [], []
    for candidate in candidates:
        wanted = wanted_minutes(
            need.days, candidate.capacity, minutes_per_week=need.minutes_per_week, percent=need.percent,
            curve=need.curve,
        )  # fmt: skip
        free = free_ratio(candidate, wanted)
        against = [*lacks(need, candidate), *_crowded(candidate, wanted, free, least_free)]
        if against:
            excluded.append(Excluded(candidate.person_id, candidate.name, tuple(against)))
        else:
            fitting.append(scored(need, candidate, wanted, free))
    fitting.sort(key=lambda one: (-one.score, one.name, str(one.person_id)))
    excluded.sort(key=lambda one: (len(one.reasons), one.name, str(one.person_id)))
    return Ranking(tuple(fitting), tuple(excluded))


def lacks(need: Need, candidate: Candidate) -> list[Reason]:
    """What somebody must have and has not. Also asked by the staffing of many requests at once."""
    found = []
    for skill in need.skills:
        held = candidate.skills.get(skill.skill_id)
        level = held.level if held else 0
        if skill.is_must and level < skill.level:
            text = f"{skill.name} {level}, needs {skill.level}" if level else f"no {skill.name}, needs {skill.level}"
            found.append(Reason("skill" if not level else "level", 0, text))
        elif skill.is_must and held and held.wish == "avoid":
            found.append(Reason("wish", 0, f"does not want to work with {skill.name}"))
    for certificate_id, name in need.certificates:
        if text := _lapse(name, candidate.certificates.get(certificate_id, ()), need.days):
            found.append(Reason("certificate", 0, text))
    found += [
        Reason("language", 0, f"does not work in {code.upper()}")
        for code in need.languages
        if code not in candidate.languages
    ]
    if need.client_id in candidate.unwanted_clients:
        found.append(Reason("wish", 0, "does not want to work for this client"))
    if need.place and need.place.casefold() in candidate.unwanted_places:
        found.append(Reason("place", 0, f"does not work in {need.place}"))
    return found


def _lapse(name: str, spans: Sequence[tuple[date, date | None]], days: Sequence[date]) -> str:
    without = [day for day in days if not any(a <= day and (b is None or day <= b) for a, b in spans)]
    if not without:
        return ""
    ended = max((b for _a, b in spans if b is not None and b < without[0]), default=None)
    return f"{name} ended on {ended}" if ended else f"no {name} on {without[0]}"


def free_ratio(candidate: Candidate, wanted: dict[date, int]) -> Decimal:
    """Share of the wanted minutes that fits beside the firm bookings."""
    whole = sum(wanted.values())
    if not whole:
        return _ZERO
    fits = sum(
        min(minutes, max(candidate.capacity.get(day, 0) - candidate.firm.get(day, 0), 0))
        for day, minutes in wanted.items()
    )
    return (Decimal(fits) / whole).quantize(_ROUNDING)


def _crowded(candidate: Candidate, wanted: dict[date, int], free: Decimal, least_free: Decimal) -> list[Reason]:
    if not wanted:
        return [Reason("availability", 0, "does not work in these days")]
    if free >= least_free:
        return []
    weeks = {}
    for monday, days in groupby(sorted(wanted), key=lambda day: day.isocalendar()[:2]):
        listed = list(days)
        capacity = sum(candidate.capacity.get(day, 0) for day in listed)
        booked = sum(candidate.firm.get(day, 0) for day in listed)
        weeks[monday] = booked * 100 // capacity if capacity else 100
    (_year, week), percent = max(weeks.items(), key=lambda item: item[1])
    return [Reason("availability", 0, f"{percent} % booked in W{week:02d}; free for {free * _HUNDRED:.0f} % of it")]


def scored(need: Need, candidate: Candidate, wanted: dict[date, int], free: Decimal) -> Ranked:
    """The points of somebody who lacks nothing, each with its fact."""
    margin = _margin(need, candidate)
    found = [
        *_skills(need.skills, candidate),
        Reason("availability", _part(_FREE, free), _free_text(wanted, free)),
        *_tentative(candidate, wanted),
        *_money(margin),
        *_continuity(need, candidate),
        *_wishes(need, candidate),
    ]
    if need.job_role_id is not None and candidate.job_role_id == need.job_role_id:
        found.append(Reason("role", _ROLE, "has the role"))
    if need.place:
        is_near = candidate.place.casefold() == need.place.casefold()
        text = f"works in {need.place}" if is_near else f"works in {candidate.place or 'another place'}"
        found.append(Reason("place", _PLACE if is_near else -_PLACE, text))
    reasons = tuple(sorted((one for one in found if one.points), key=lambda one: (-one.points, one.key, one.text)))
    score = sum(one.points for one in reasons)
    return Ranked(candidate.person_id, candidate.name, score, reasons, free, margin)


def _skills(needs: Sequence[SkillNeed], candidate: Candidate) -> list[Reason]:
    found = []
    musts = [one for one in needs if one.is_must]
    for need in musts:
        held = candidate.skills[need.skill_id]
        points = _part(_SKILL, Decimal(held.level) / 5 / len(musts))
        found.append(Reason("skill", points, f"{need.name} {held.level}"))
        if held.is_confirmed:
            found.append(Reason("confirmed", _CONFIRMED, f"{need.name} is confirmed"))
    nice = [one for one in needs if not one.is_must]
    for need in nice:
        held_nice = candidate.skills.get(need.skill_id)
        if held_nice and held_nice.level >= need.level:
            found.append(Reason("nice", _part(_NICE, _ONE / len(nice)), f"also {need.name} {held_nice.level}"))
    return found


def _free_text(wanted: dict[date, int], free: Decimal) -> str:
    return "free on all days" if free == _ONE else f"free for {free * _HUNDRED:.0f} % of {clock(sum(wanted.values()))}"


def _tentative(candidate: Candidate, wanted: dict[date, int]) -> list[Reason]:
    clash = [
        day
        for day, minutes in wanted.items()
        if candidate.tentative.get(day, 0)
        > max(candidate.capacity.get(day, 0) - candidate.firm.get(day, 0) - minutes, 0)
    ]
    if not clash:
        return []
    return [Reason("tentative", -_CONFIRMED, f"tentative elsewhere from {min(clash)}")]


def _margin(need: Need, candidate: Candidate) -> Decimal | None:
    if not need.rate_per_hour or candidate.cost_per_hour is None:
        return None
    return ((need.rate_per_hour - candidate.cost_per_hour) / need.rate_per_hour).quantize(_ROUNDING)


def _money(margin: Decimal | None) -> list[Reason]:
    if margin is None:
        return []
    return [Reason("margin", _part(_MARGIN, max(margin, _ZERO)), f"margin {margin * _HUNDRED:.0f} %")]


def _continuity(need: Need, candidate: Candidate) -> list[Reason]:
    worked = candidate.worked_minutes_for_client
    if candidate.worked_minutes_on_project:
        return [Reason("continuity", _CONTINUITY, "knows the project")]
    if not worked or need.client_id is None:
        return []
    points = _part(_CONTINUITY, min(Decimal(worked) / _MUCH_MINUTES, _ONE))
    return [Reason("continuity", points, f"{clock(worked)} for the client so far")]


def _wishes(need: Need, candidate: Candidate) -> list[Reason]:
    found = []
    for skill in need.skills:
        held = candidate.skills.get(skill.skill_id)
        if held is not None and held.wish == "grow":
            found.append(Reason("wish", _WISH, f"wants to grow in {skill.name}"))
        elif held is not None and held.wish == "avoid":
            found.append(Reason("wish", -_WISH, f"would rather not work with {skill.name}"))
    if need.client_id in candidate.wanted_clients:
        found.append(Reason("wish", _WISH, "wants to work for the client"))
    if need.place and need.place.casefold() in candidate.wanted_places:
        found.append(Reason("wish", _WISH, f"wants to work in {need.place}"))
    return found


def _part(most: int, share: Decimal) -> int:
    return int((most * share).to_integral_value())
