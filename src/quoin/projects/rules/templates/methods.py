"""Methods as data: the stages of a project, and the gates between them. A new template may begin from one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from quoin.projects.rules.templates.values import GateLine, Item, Link, Role, Row, Template
from quoin.projects.types import Method, TaskKind

_LEAD = Role(key="lead", name="Project manager")


@dataclass(frozen=True, slots=True)
class Stage:
    """A phase, and the gate before it; without items there is no gate."""

    key: str
    name: str
    gate: str = ""
    items: tuple[Item, ...] = ()


def _ticks(*texts: str) -> tuple[Item, ...]:
    return tuple(Item(text=text, role="lead") for text in texts)


def _facts(*kinds: str) -> tuple[Item, ...]:
    return tuple(Item(kind=kind) for kind in kinds)


STAGES: Final[Mapping[Method, tuple[Stage, ...]]] = {
    Method.WATERFALL: (
        Stage("requirements", "Requirements"),
        Stage("design", "Design", "Requirements agreed", (
            *_ticks("Requirements reviewed with the client", "Acceptance criteria written"),
            *_facts("contract_signed", "budget_set", "before_done"))),
        Stage("build", "Build", "Design approved", (
            *_ticks("Design approved by the client", "Risks reviewed"), *_facts("baseline_set", "before_done"))),
        Stage("test", "Test", "Build complete", (*_ticks("Test plan agreed"), *_facts("before_done"))),
        Stage("golive", "Go-live", "Test passed", (
            *_ticks("No open defect stops the go-live", "Way back rehearsed"), *_facts("before_done"))),
        Stage("close", "Close", "Accepted", (*_ticks("Lessons learned written"), *_facts("deliverables_accepted"))),
    ),
    Method.HYBRID: (
        Stage("discover", "Discover"),
        Stage("build", "Build in sprints", "Ready to build", (
            *_ticks("Backlog ordered with the client", "Definition of done agreed"),
            *_facts("contract_signed", "budget_set", "team_named"))),
        Stage("release", "Release", "Ready to release", (
            *_ticks("Acceptance test passed", "Client trained"), *_facts("before_done"))),
        Stage("run", "Hypercare and hand-over", "Live", (*_ticks("Support agreed"), *_facts("deliverables_accepted"))),
    ),
    Method.INSTALLATION: (
        Stage("survey", "Site survey"),
        Stage("prepare", "Prepare site", "Order released", (
            *_ticks("Layout signed by the client", "Goods ordered"), *_facts("contract_signed", "budget_set"))),
        Stage("install", "Install", "Site ready", (
            *_ticks("Foundations and media checked", "Safety briefing held", "Goods on site"),
            *_facts("baseline_set", "before_done"))),
        Stage("startup", "Start-up and training", "Assembled", (
            *_ticks("Electrical test passed"), *_facts("before_done"))),
        Stage("accept", "Acceptance", "Ready for acceptance", (
            *_ticks("Acceptance run agreed with the client"), *_facts("before_done"))),
    ),
    Method.ONBOARDING: (
        Stage("inventory", "Inventory and access"),
        Stage("setup", "Set up", "Agreement in force", (
            *_ticks("Access and contacts complete"), *_facts("contract_signed", "before_done"))),
        Stage("transfer", "Hand over to the service desk", "Systems under watch", (
            *_ticks("Backup restored once", "Documentation reviewed"), *_facts("before_done"))),
        Stage("serve", "Early service", "Service accepted", (
            *_ticks("Client knows how to ask for help"), *_facts("deliverables_accepted"))),
    ),
    Method.OWN: (),
}  # fmt: skip


def begun_with(method: Method, *, name: str, description: str = "") -> Template:
    """A template with the method's phases, one after the other, and its gates."""
    stages = STAGES[method]
    return Template(
        name=name,
        description=description,
        method=method,
        roles=(_LEAD,),
        rows=tuple(Row(key=stage.key, name=stage.name, kind=TaskKind.PHASE) for stage in stages),
        links=tuple(Link(before=first.key, after=second.key) for first, second in pairwise(stages)),
        gates=gates_of(method),
    )


def gates_of(method: Method) -> tuple[GateLine, ...]:
    """The gates before the method's stages."""
    return tuple(
        GateLine(name=stage.gate, holds=stage.key, items=stage.items) for stage in STAGES[method] if stage.items
    )
