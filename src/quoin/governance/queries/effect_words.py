"""What a change order would do, in sentences."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoin.base.ui import formats
from quoin.governance.queries.effect import ChangeEffect
from quoin.kernel.money import Money
from quoin.projects.rules.effect import Effect

Fact = tuple[str, str]
"""Meaning and sentence."""


def effect_facts(effect: ChangeEffect, locale: str) -> tuple[Fact, ...]:
    """What stands in the way first, then price, budget, dates, people and margin."""
    found: list[Fact] = []
    if effect.problem:
        found.append(("danger", effect.problem))
    found += _price(effect, locale)
    found += _budget(effect, locale)
    if effect.plan is not None:
        found += _plan(effect.plan.effect, locale)
    elif effect.minutes == 0:
        found.append(("neutral", _("The plan stays as it is.")))
    found += [
        (
            "info",
            _("Asks for %(role)s, %(percent)d %%, %(first)s to %(last)s")
            % {
                "role": one.job_role.name if one.job_role else one.text or _("somebody"), "percent": one.percent or 0,
                "first": formats.day(one.starts_on, locale), "last": formats.day(one.ends_on, locale),
            },
        )
        for one in effect.people
        if one.starts_on and one.ends_on
    ]  # fmt: skip
    found += _margin(effect, locale)
    return tuple(found)


def _price(effect: ChangeEffect, locale: str) -> list[Fact]:
    change = formats.money(Money(effect.price, effect.currency), locale)
    if effect.price_before is None or effect.price_after is None:
        return [("info", _("Price: %(change)s") % {"change": change})] if effect.price else []
    words = {
        "before": formats.money(Money(effect.price_before, effect.currency), locale),
        "after": formats.money(Money(effect.price_after, effect.currency), locale),
    }
    return [("info", _("Contract price %(before)s → %(after)s") % words)] if effect.price else []


def _budget(effect: ChangeEffect, locale: str) -> list[Fact]:
    found: list[Fact] = []
    was, becomes = effect.budget_minutes
    if was != becomes:
        words = {"before": formats.duration(was, locale), "after": formats.duration(becomes, locale)}
        found.append(("info", _("Budget %(before)s → %(after)s hours") % words))
    if effect.budget_amount is not None and effect.budget_amount[0] != effect.budget_amount[1]:
        before, after = (formats.money(Money(one, effect.currency), locale) for one in effect.budget_amount)
        found.append(("info", _("Budget %(before)s → %(after)s") % {"before": before, "after": after}))
    return found


def _plan(effect: Effect, locale: str) -> list[Fact]:
    found: list[Fact] = [
        (
            "warning" if end.after > end.before else "success",
            _("%(name)s ends %(before)s → %(after)s")
            % {"name": end.name, "before": _day(end.before, locale), "after": _day(end.after, locale)},
        )
        for end in effect.ends
    ]
    if effect.added:
        count = len(effect.added)
        found.append(("neutral", ngettext("%(count)d new task", "%(count)d new tasks", count) % {"count": count}))
    moved = sum(1 for one in effect.moved if one.before.start != one.after.start)
    if moved:
        found.append(("neutral", ngettext("%(count)d task moves", "%(count)d tasks move", moved) % {"count": moved}))
    if effect.late:
        late = len(effect.late)
        found.append(("danger", ngettext("%(count)d task late", "%(count)d tasks late", late) % {"count": late}))
    return found


def _margin(effect: ChangeEffect, locale: str) -> list[Fact]:
    if effect.cost is None:
        return []
    found: list[Fact] = [("neutral", _("Costs us %(cost)s") % {"cost": formats.money(effect.cost, locale)})]
    if effect.margin is not None:
        meaning = "success" if effect.margin.amount >= 0 else "danger"
        found.append((meaning, _("Margin %(margin)s") % {"margin": formats.money(effect.margin, locale)}))
    return found


def _day(at: datetime, locale: str) -> str:
    return formats.day(at.date(), locale)
