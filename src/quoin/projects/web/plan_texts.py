"""What a change of a plan does, in sentences; why a task is critical; what changed. Texts only, no rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoin.base.ui import formats
from quoin.kernel.money import Money
from quoin.kernel.workcal import instant_of
from quoin.projects.queries.chart import Difference
from quoin.projects.queries.plan import Preview
from quoin.projects.rules.typed import span_text
from quoin.projects.types import TaskKind

Fact = dict[str, str]
_MOST_LINES = 40


def facts_of(found: Preview, over: Iterable[tuple[str, date, int]], locale: str) -> list[Fact]:
    """The effect bar: ends, milestones, followers, critical path, money, people."""
    effect = found.effect
    facts: list[Fact] = []
    for end in effect.ends:
        text = _("%(name)s ends %(before)s → %(after)s") % {
            "name": end.name, "before": _day(end.before, locale), "after": _day(end.after, locale),
        }  # fmt: skip
        facts.append(_fact(text, "warning" if end.after > end.before else "success"))
    for moved in effect.moved:
        if found.plan.tasks[moved.task_id].kind is TaskKind.MILESTONE and moved.before.finish != moved.after.finish:
            is_later = moved.after.finish > moved.before.finish
            facts.append(_fact(_moved_text(moved, locale), "warning" if is_later else "success"))
    count = sum(1 for moved in effect.moved if moved.before.finish != moved.after.finish)
    facts.append(_fact(ngettext("%(count)d date moves", "%(count)d dates move", count) % {"count": count}))
    if away := effect.elsewhere:
        text = ngettext(
            "%(count)d date moves in a project out of your sight", "%(count)d dates move in projects out of your sight",
            away,
        )  # fmt: skip
        facts.append(_fact(text % {"count": away}, "warning"))
    facts.append(
        _fact(_("critical path changes"), "warning")
        if effect.is_critical_path_changed
        else _fact(_("critical path unchanged"))
    )
    if late := len(effect.late):
        facts.append(_fact(ngettext("%(count)d task late", "%(count)d tasks late", late) % {"count": late}, "danger"))
    facts += [_fact(_("cost %(amount)s") % {"amount": _signed(one, locale)}) for one in effect.cost]
    facts += [_fact(_("revenue %(amount)s") % {"amount": _signed(one, locale)}) for one in effect.revenue]
    for name, monday, percent in over:
        week = monday.isocalendar().week
        text = _("%(name)s W%(week)02d %(percent)d %%") % {"name": name, "week": week, "percent": percent}
        facts.append(_fact(text, "danger"))
    return facts


def lines_of(found: Preview, locale: str) -> list[str]:
    """The lines behind the effect bar: each task that moves, is added or goes, and what becomes critical."""
    effect, tasks = found.effect, found.plan.tasks
    lines = [_moved_text(moved, locale) for moved in effect.moved if moved.before.finish != moved.after.finish]
    lines += [_("%(name)s is added") % {"name": tasks[key].name} for key in effect.added]
    lines += [_("%(name)s is removed") % {"name": name} for name in effect.removed]
    lines += [_("%(name)s becomes critical") % {"name": tasks[key].name} for key in effect.became_critical]
    lines += [_("%(name)s is no longer critical") % {"name": tasks[key].name} for key in effect.no_longer_critical]
    lines += [_("%(name)s ends after its deadline") % {"name": tasks[key].name} for key in effect.late]
    more = len(lines) - _MOST_LINES
    if more > 0:
        lines = [*lines[:_MOST_LINES], _("and %(count)d more") % {"count": more}]
    return lines


def change_text(difference: Difference, locale: str) -> str:
    """One line of what changed between two states."""
    was, becomes = difference.was, difference.becomes
    name = (becomes or was).name  # type: ignore[union-attr]  # one of both is there
    values: dict[str, Any] = {"name": name, "days": difference.days, "span": span_text(difference.days)}
    if was is not None and was.finish_at:
        values["before"] = _day(was.finish_at, locale)
    if becomes is not None and becomes.finish_at:
        values["after"] = _day(becomes.finish_at, locale)
    if difference.kind == "renamed" and was is not None:
        return _("%(before_name)s is now called %(name)s") % {"before_name": was.name, "name": name}
    if difference.kind == "later":
        return ngettext(
            "%(name)s ends %(days)d day later: %(before)s → %(after)s",
            "%(name)s ends %(days)d days later: %(before)s → %(after)s", difference.days,
        ) % values  # fmt: skip
    if difference.kind == "earlier":
        return ngettext(
            "%(name)s ends %(days)d day earlier: %(before)s → %(after)s",
            "%(name)s ends %(days)d days earlier: %(before)s → %(after)s", difference.days,
        ) % values  # fmt: skip
    plain = {
        "added": _("%(name)s was added"), "removed": _("%(name)s was removed"),
        "longer": _("%(name)s takes %(span)s longer"), "shorter": _("%(name)s takes %(span)s less"),
    }  # fmt: skip
    return plain[difference.kind] % values


def critical_lines(chain: list[Any], links: Iterable[tuple[int, int, str, int, str]]) -> list[dict[str, Any]]:
    """The chain that the end hangs on, each with what holds it."""
    names = {task.number: task.name for task in chain}
    held: dict[int, list[int]] = {}
    for before, after, *_rest in links:
        if before in names:
            held.setdefault(after, []).append(before)
    found = []
    for task in chain:
        waits = [names[number] for number in held.get(task.number, ()) if number in names]
        if waits:
            why = _("waits for %(names)s") % {"names": ", ".join(waits)}
        elif task.wait_reason:
            why = task.wait_reason
        elif task.constraint_at is not None:
            why = _("has a date of its own")
        else:
            why = _("begins with the project")
        found.append({"number": task.number, "name": task.name, "why": why, "on": task.due_on})
    return found


def _moved_text(moved: Any, locale: str) -> str:
    return _("%(name)s %(before)s → %(after)s") % {
        "name": moved.name, "before": _day(instant_of(moved.before.finish), locale),
        "after": _day(instant_of(moved.after.finish), locale),
    }  # fmt: skip


def _day(at: Any, locale: str) -> str:
    """Work up to midnight ends on the day before it."""
    return formats.day((at - timedelta(minutes=1)).date(), locale, style="short")


def _signed(amount: Money, locale: str) -> str:
    return ("+" if amount.amount > 0 else "") + formats.money_document(amount, locale)


def _fact(text: str, meaning: str = "neutral") -> Fact:
    return {"text": text, "meaning": meaning}
