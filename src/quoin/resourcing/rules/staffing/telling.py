"""Why each person, why not each other, what would fill the unfilled, and where the joint answer is different.

Each sentence is a fact about the case and the plan that `judging` checks on its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from quoin.resourcing.rules.staffing.options import Cut, barred, crowded, cut, fits
from quoin.resourcing.rules.staffing.values import (
    Difference,
    Option,
    Plan,
    Unfilled,
    Waiver,
    WhyNot,
)
from quoin.resourcing.rules.staffing.worth import Field
from quoin.resourcing.types import Need, Reason

LOOK_AHEAD_WEEKS = 12
_LESS = (80, 60, 50, 40, 25)
_WAIVERS = 3
Drops = Callable[[int, Sequence[int]], tuple[tuple[int, ...], bool] | None]


def why_not(field: Field, plan: Plan) -> tuple[WhyNot, ...]:
    """For each request everybody who is not on it."""
    best: dict[tuple[int, int], Option] = {}
    for one in field.menu.options:
        there = best.get((one.ask, one.worker))
        if there is None or (one.share, one.score) > (there.share, there.score):
            best[one.ask, one.worker] = one
    found = []
    for ask in range(len(field.case.asks)):
        chosen = set(_people(plan, ask))
        for worker in range(len(field.case.workers)):
            if worker in chosen:
                continue
            if (ask, worker) in field.menu.excluded:
                found.append(WhyNot(ask, worker, "hard", field.menu.excluded[ask, worker]))
            else:
                option = best[ask, worker]
                found.append(_soft(field, plan, option))
    return tuple(found)


def _soft(field: Field, plan: Plan, option: Option) -> WhyNot:
    """Somebody who could: they are busy on others, or there is no gain in them."""
    ask, worker = option.ask, option.worker
    others = [one for one in plan.options if one.worker == worker]
    chosen = [one for one in plan.options if one.ask == ask]
    full = crowded(field.free[worker], others, option)
    if full is not None:
        beside = tuple(sorted({one.ask for one in others if any(day == full for day, _minutes in one.minutes)}))
        numbers = ", ".join(f"#{field.case.asks[at].number}" for at in beside)
        return WhyNot(ask, worker, "busy", (Reason("busy", 0, f"better used on {numbers}; no room on {full}"),), beside)
    if not chosen:
        text = f"{option.score} points, which an uneven load outweighs"
        if option.share < field.case.asks[ask].open_share:
            text = f"could take {option.share} %; the rest finds nobody in this plan"
        return WhyNot(ask, worker, "less", (Reason("score", option.score, text),))
    mine = chosen[0] if len(chosen) == 1 else None
    if mine is not None and option.share == mine.share:
        swapped = field.worth([one for one in plan.options if one is not mine] + [option])
        loss, name = plan.worth - swapped, field.case.workers[mine.worker].candidate.name
        text = f"{option.score} points against {mine.score} of {name}"
        if loss > 0 and option.score >= mine.score:
            text += "; the load would be less even"
        kind = "less" if loss > 0 else "equal"
        return WhyNot(ask, worker, kind, (Reason("score", option.score, text),))
    names = " and ".join(field.case.workers[one.worker].candidate.name for one in chosen)
    text = f"could take {option.share} % with {option.score} points; the plan has {names}"
    return WhyNot(ask, worker, "other", (Reason("score", option.score, text),))


def unfilled(field: Field, plan: Plan, drops: Drops) -> tuple[Unfilled, ...]:
    """Requests that stay open, each with the ways out of it."""
    filled = sorted({one.ask for one in plan.options})
    found = []
    for at, ask in enumerate(field.case.asks):
        if at in set(filled):
            continue
        could = any(one.ask == at for one in field.menu.options)
        dropped = drops(at, filled) if could else None
        found.append(
            Unfilled(
                at, ask.open_share, drops=dropped[0] if dropped else (), is_smallest=dropped[1] if dropped else True,
                earliest=_earliest(field, plan, at), less=_less(field, plan, at), waivers=_waivers(field, plan, at),
            )
        )  # fmt: skip
    return tuple(found)


def _has_room(field: Field, plan: Plan, worker: int, one: Cut) -> bool:
    """Whether somebody could take the share beside the plan."""
    minutes = fits(field.case, field.case.workers[worker], field.free[worker], one)
    if isinstance(minutes, Reason):
        return False
    others = [option for option in plan.options if option.worker == worker]
    return crowded(field.free[worker], others, Option(0, worker, 0, one.share, minutes, (), 0)) is None


def _able(field: Field, at: int) -> list[int]:
    """Who passes all hard rules that do not depend on days."""
    ask = replace(field.case.asks[at], slack_weeks=1)
    return [number for number, worker in enumerate(field.case.workers) if not barred(ask, worker)]


def _earliest(field: Field, plan: Plan, at: int) -> tuple[int, int] | None:
    ask = field.case.asks[at]
    able = _able(field, at)
    for weeks in range(ask.slack_weeks + 1, ask.slack_weeks + 1 + LOOK_AHEAD_WEEKS):
        later = cut(ask.need, weeks, ask.open_share)
        for worker in able:
            if _has_room(field, plan, worker, later):
                return weeks, worker
    return None


def _less(field: Field, plan: Plan, at: int) -> tuple[int, int] | None:
    ask = field.case.asks[at]
    able = _able(field, at)
    for share in _LESS:
        if share < ask.open_share:
            part = cut(ask.need, 0, share)
            for worker in able:
                if _has_room(field, plan, worker, part):
                    return share, worker
    return None


def _waivers(field: Field, plan: Plan, at: int) -> tuple[Waiver, ...]:
    """Who would fit if one single demand were waived, each demand once."""
    found: dict[str, Waiver] = {}
    ask = field.case.asks[at]
    for worker, one in enumerate(field.case.workers):
        against = field.menu.excluded.get((at, worker), ())
        if len(against) != 1 or against[0].key not in {"skill", "level", "certificate", "language", "place"}:
            continue
        need = waived(ask.need, against[0])
        is_free = _has_room(field, plan, worker, cut(need, 0, ask.open_share))
        if is_free and not barred(replace(ask, need=need), one):
            found.setdefault(against[0].key, Waiver(against[0], worker))
    if "level" in found:
        # A level less is a smaller waiver than the whole skill.
        found.pop("skill", None)
    return tuple(found.values())[:_WAIVERS]


def waived(need: Need, reason: Reason) -> Need:
    """The need without the demand that the reason names."""
    match reason.key:
        case "skill" | "level":
            gone = [one for one in need.skills if reason.text.startswith((f"{one.name} ", f"no {one.name},"))]
            return replace(need, skills=tuple(one for one in need.skills if one not in gone))
        case "certificate":
            kept = [
                one for one in need.certificates if not reason.text.startswith((f"{one[1]} ended", f"no {one[1]} on"))
            ]
            return replace(need, certificates=tuple(kept))
        case "language":
            kept_languages = tuple(code for code in need.languages if not reason.text.endswith(f" {code.upper()}"))
            return replace(need, languages=kept_languages)
        case _:
            return replace(need, place="")


def differences(field: Field, alone: Plan, joint: Plan) -> tuple[Difference, ...]:
    """Requests that somebody else gets than if they were filled one by one."""
    found = []
    for at in range(len(field.case.asks)):
        first, second = _people(alone, at), _people(joint, at)
        if first != second:
            found.append(Difference(at, first, second, _because(field, joint, at, first)))
    return tuple(found)


def _people(plan: Plan, at: int) -> tuple[int, ...]:
    return tuple(sorted(one.worker for one in plan.options if one.ask == at))


def _because(field: Field, joint: Plan, at: int, first: tuple[int, ...]) -> str:
    second = _people(joint, at)
    asks, names = field.case.asks, [one.candidate.name for one in field.case.workers]
    here = f"#{asks[at].number}"
    for worker in first:
        moved = [one.ask for one in joint.options if one.worker == worker and one.ask != at]
        if worker in second or not moved:
            continue
        for other in moved:
            able = {one.worker for one in field.menu.options if one.ask == other}
            tail = f"only {names[worker]} fits it" if able == {worker} else "there the points count for more"
            return f"{names[worker]} to #{asks[other].number}, not {here}: {tail}"
    if not first:
        return f"{here} finds somebody because others were placed elsewhere"
    if not second:
        return f"{here} stays open, so that requests of more weight are filled"
    return "the load is spread better or the points of all together are more"
