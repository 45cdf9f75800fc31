"""What a gate asks for as lines that people type: `Drawings signed @Architect`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from quoin.people.models import JobRole
from quoin.projects.queries.gates import GateState
from quoin.projects.rules.gates import FACTS, MANUAL


def typed_items(lines: Iterable[str], facts: Iterable[str], *, role_id: UUID | None = None) -> list[dict[str, Any]]:
    """Items as the commands take them. A role behind @ ticks the line, else `role_id`; other @ are words."""
    roles: dict[str, UUID] = {name.casefold(): key for key, name in JobRole.objects.values_list("id", "name")}
    wanted = set(facts)
    items = [_typed(" ".join(line.split()), roles, role_id) for line in lines if line.strip()]
    return [*items, *({"kind": fact} for fact in FACTS if fact in wanted)]


def _typed(line: str, roles: dict[str, UUID], role_id: UUID | None) -> dict[str, Any]:
    text, mark, name = line.rpartition("@")
    named = roles.get(name.strip().casefold()) if mark and text.strip() else None
    return {"kind": MANUAL, "text": text.strip() if named else line, "job_role_id": named or role_id}


def lines_of(state: GateState) -> str:
    """What is to be ticked, one a line."""
    return "\n".join(
        f"{one.item.text} @{one.item.job_role.name}" if one.item.job_role else one.item.text
        for one in state.items
        if one.is_manual
    )


def facts_of(state: GateState) -> set[str]:
    """Kinds of what is looked up."""
    return {one.item.kind for one in state.items if not one.is_manual}


def role_named(name: str) -> UUID | None:
    """The job role of that name; None if there is none."""
    return JobRole.objects.filter(name__iexact=name.strip()).values_list("id", flat=True).first()
