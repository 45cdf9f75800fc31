"""The skills matrix: people by skills, levels typed in place, confirmed by somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoin.base.http.views import ActorRequest, object_id, page
from quoin.base.ui import respond
from quoin.base.ui.cells import Cell
from quoin.kernel.errors import DomainError, invalid
from quoin.people.actions import skills as actions
from quoin.people.queries import skill_gaps, skills
from quoin.people.queries.within import people_within, person_within, teams_within
from quoin.people.rules.gaps import missing
from quoin.people.types import HIGHEST_LEVEL

_STATE, _CONFIRM = "people.skill.state", "people.skill.confirm"
_PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Line:
    """A person in the matrix: a cell or a plain text for each skill, and how many levels wait for confirmation."""

    person: Any
    cells: tuple[Cell | str, ...]
    waiting: int


@page(skills.VIEW_SKILL)
def matrix(request: ActorRequest) -> HttpResponse:
    columns, rows = skills.matrix(request.actor)
    groups = sorted({skill.category for skill in columns if skill.category})
    group, team, text = (request.GET.get(name, "") for name in ("group", "team", "q"))
    kept = [at for at, skill in enumerate(columns) if not group or skill.category == group]
    chosen = [row for row in rows if _fits(row.person, team, text)]
    first = int(request.GET["from"]) if request.GET.get("from", "").isdecimal() else 0
    shown = chosen[first : first + _PER_PAGE]
    may_state = set(people_within(request.actor, _STATE).values_list("id", flat=True))
    may_confirm = set(people_within(request.actor, _CONFIRM).values_list("id", flat=True)) - {request.actor.person_id}
    found = skill_gaps.feet(request.actor, columns, chosen)
    context: dict[str, Any] = {
        "title": _("Skills"), "area": _("People"), "columns": [columns[at] for at in kept],
        "lines": [
            Line(
                row.person,
                tuple(
                    _cell(row.person, columns[at], row.cells[at])
                    if row.person.id in may_state
                    else _shown(row.cells[at])
                    for at in kept
                ),
                sum(1 for cell in row.cells if cell and not cell.confirmed_on) if row.person.id in may_confirm else 0,
            )
            for row in shown
        ],
        "feet": [found[at] for at in kept], "levels": [(level, [found[at].by_level[level - 1] for at in kept])
                                                       for level in range(HIGHEST_LEVEL, 0, -1)],
        "groups": groups, "group": group, "team": team, "q": text,
        "teams": teams_within(request.actor, skills.VIEW_SKILL),
        "count": len(chosen),
        "earlier": max(first - _PER_PAGE, 0) if first else None,
        "later": first + _PER_PAGE if first + _PER_PAGE < len(chosen) else None,
    }  # fmt: skip
    return respond.page(request, "people/matrix.html", context)


@page(skills.VIEW_SKILL)
def skill_people(request: ActorRequest, pk: str) -> HttpResponse:
    """Who has a skill, and who asks for it."""
    found = skills.skill_for(request.actor, object_id("skl", pk))
    held = skill_gaps.holders(request.actor, found)
    wanted = skill_gaps.wanted_by_skill(request.actor).get(found.id, [])
    context = {
        "title": found.name, "area": _("Skills"), "crumbs": ((_("Skills"), reverse("people:skills")),),
        "skill": found, "held": held, "wanted": wanted,
        "missing": missing([one.level for one in held], [one.level for one in wanted]),
        "until": request.actor.today + skill_gaps.AHEAD,
    }  # fmt: skip
    return respond.page(request, "people/skill.html", context)


def _fits(person: Any, team: str, text: str) -> bool:
    is_of_team = not team or (person.team_id is not None and object_id("tea", team) == person.team_id)
    return is_of_team and text.casefold() in person.name.casefold()


def _shown(held: Any | None) -> str:
    if held is None:
        return "–"
    star = " ★" if held.wish == "grow" else ""
    return f"{held.level}{star}" if held.confirmed_on else f"{held.level}{star} •"


def _cell(person: Any, skill: Any, held: Any | None) -> Cell:
    return Cell(
        url=reverse("people:skill_cell", args=[person.public_id, skill.public_id]), field=skill.public_id,
        value="" if held is None else str(held.level), display=_shown(held), label=f"{person.name}, {skill.name}",
        kind="number",
    )  # fmt: skip


@page(_STATE, methods=("PATCH",))
def skill_cell(request: ActorRequest, pk: str, skill: str) -> HttpResponse:
    """A level from 0 to 5; nothing takes the skill away. Typed by somebody else who may confirm, it is confirmed."""
    person = person_within(request.actor, skills.VIEW_SKILL, object_id("per", pk))
    found = next(iter(skills.skills(request.actor).filter(id=object_id("skl", skill))), None)
    if found is None:
        raise invalid("/skill", _("There is no such skill."))
    text = QueryDict(request.body).get(skill, "").strip()
    error = ""
    try:
        _save(request, person, found, text)
    except DomainError as fault:
        error = fault.detail
    held = skills.skill_held(person.id, found.id)
    return respond.cell(request, _cell(person, found, held), error=error)


def _save(request: ActorRequest, person: Any, skill: Any, text: str) -> None:
    actor = request.actor
    if not text:
        actions.forget_skill(actor, person_id=person.id, skill_id=skill.id)
        return
    if not text.isdecimal() or int(text) > HIGHEST_LEVEL:
        raise invalid("/level", _("A level is from 0 (none) to 5."))
    actions.state_skill(actor, person_id=person.id, skill_id=skill.id, level=int(text))
    is_other = actor.person_id is not None and actor.person_id != person.id
    if is_other and people_within(actor, _CONFIRM).filter(id=person.id).exists():
        actions.confirm_skill(actor, person_id=person.id, skill_id=skill.id)


@page(_CONFIRM, methods=("POST",))
def confirm_all(request: ActorRequest, pk: str) -> HttpResponse:
    """Every level of the person that waits."""
    person = person_within(request.actor, _CONFIRM, object_id("per", pk))
    waiting = list(skills.skills_of(request.actor, person.id).filter(confirmed_on=None))
    for row in waiting:
        actions.confirm_skill(request.actor, person_id=person.id, skill_id=row.skill_id)
    count = len(waiting)
    text = ngettext("%(count)s skill of %(name)s confirmed", "%(count)s skills of %(name)s confirmed", count)
    text %= {"count": count, "name": person.name}
    return respond.redirect_with_toast(request, reverse("people:skills"), text)
