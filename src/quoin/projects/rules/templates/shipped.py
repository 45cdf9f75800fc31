"""The templates that come with Quoin: a gallery that a firm picks from and makes its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from quoin.projects.rules.templates.methods import begun_with
from quoin.projects.rules.templates.shipped_texts import PAPERS
from quoin.projects.rules.templates.values import Billing, Goods, Link, Role, Row, Share, Template, Variable
from quoin.projects.types import LinkKind, Method, TaskKind

_HOUR = 60
_DAY = 480
_T, _M, _D = TaskKind.TASK, TaskKind.MILESTONE, TaskKind.DELIVERABLE


@dataclass(frozen=True, slots=True)
class Line:
    """A row in short: hours of effort, days it lasts, whom it waits for, what stands on its list."""

    key: str
    name: str
    hours: int
    days: int
    role: str
    after: tuple[str, ...] = ()
    kind: TaskKind = _T
    checklist: tuple[str, ...] = ()


def _row(line: Line, stage: str) -> Row:
    return Row(
        key=line.key, name=line.name, kind=line.kind, under=stage, effort_minutes=line.hours * _HOUR,
        duration_minutes=None if line.kind is _M else line.days * _DAY, role=line.role, checklist=line.checklist,
    )  # fmt: skip


def _made(base: Template, lines: Mapping[str, Iterable[Line]], **more: object) -> Template:
    """The method's phases with their rows under them, in order, and links as the lines say."""
    rows: list[Row] = []
    links = list(base.links)
    for stage in base.rows:
        rows.append(stage)
        for line in lines.get(stage.key, ()):
            rows.append(_row(line, stage.key))
            links += [Link(before=before, after=line.key) for before in line.after]
    return replace(base, rows=tuple(rows), links=(*links, *more.pop("links", ())), **more)  # type: ignore[arg-type, misc]  # fields of a template


_LEAD = Role(key="lead", name="Project manager")
_SOFTWARE: Final = _made(
    begun_with(Method.HYBRID, name="Software project", description="Discovery, sprints and a release, with gates."),
    {
        "discover": (
            Line("kickoff", "Kick-off with {client}", 8, 1, "lead", checklist=("Invite sponsor", "Agree on meetings")),
            Line("workshops", "Workshops", 40, 5, "consultant", ("kickoff",)),
            Line("backlog", "Backlog and estimate", 24, 3, "consultant", ("workshops",)),
            Line("concept", "Concept", 32, 4, "consultant", ("workshops",), _D, ("Scope", "Interfaces", "Data")),
        ),
        "build": (
            Line("sprint1", "Sprint 1", 120, 10, "developer"),
            Line("sprint2", "Sprint 2", 120, 10, "developer", ("sprint1",)),
            Line("sprint3", "Sprint 3", 120, 10, "developer", ("sprint2",)),
            Line("data", "Data migration", 60, 10, "developer"),
            Line("testing", "Test along the sprints", 60, 30, "consultant"),
        ),
        "release": (
            Line("acceptance", "Acceptance test", 24, 5, "consultant"),
            Line("training", "Training", 16, 2, "consultant"),
            Line("golive", "Go-live", 0, 0, "", ("acceptance", "training"), _M),
        ),
        "run": (
            Line("hypercare", "Hypercare", 40, 10, "developer"),
            Line("handover", "Hand-over documents", 16, 2, "consultant", ("hypercare",), _D),
        ),
    },
    roles=(_LEAD, Role(key="consultant", name="Consultant"), Role(key="developer", name="Developer")),
    links=(Link(before="sprint1", after="testing", kind=LinkKind.SS, lag=2 * _DAY),),
    documents=(PAPERS["charter"], PAPERS["acceptance"]),
)  # fmt: skip
_INSTALLATION: Final = _made(
    begun_with(
        Method.INSTALLATION, name="Installation of a machine",
        description="From the site survey to the signed acceptance; billed 30/40/20/10.",
    ),
    {
        "survey": (
            Line("visit", "Survey {site}", 16, 2, "technician", checklist=("Floor load", "Crane way", "Media")),
            Line("layout", "Layout drawing", 24, 3, "engineer", ("visit",), _D),
        ),
        "prepare": (
            Line("order", "Order placed", 0, 0, "", (), _M),
            Line("foundation", "Foundation and media by {client}", 8, 15, "engineer"),
        ),
        "install": (
            Line("unload", "Unload and place", 32, 2, "technician", checklist=("Transport damage", "Serial numbers")),
            Line("mechanics", "Mechanical assembly", 120, 8, "technician", ("unload",)),
            Line("electrics", "Electrical works", 64, 5, "engineer"),
        ),
        "startup": (
            Line("startup_run", "Start-up", 48, 4, "engineer", checklist=("Emergency stop", "Protection tests")),
            Line("operators", "Train the operators", 16, 2, "technician", ("startup_run",)),
        ),
        "accept": (
            Line("trial", "Acceptance run", 16, 2, "engineer"),
            Line("protocol", "Acceptance protocol", 4, 1, "lead", ("trial",), _D),
            Line("accepted", "Accepted", 0, 0, "", ("protocol",), _M),
        ),
    },
    roles=(_LEAD, Role(key="engineer", name="Engineer"), Role(key="technician", name="Technician")),
    variables=(Variable(key="site", label="Site", default="the site"),),
    links=(Link(before="mechanics", after="electrics", kind=LinkKind.SS, lag=4 * _DAY),),
    deliveries=(
        Goods(item="Machine", kind="machine", row="unload", expected_after_days=25),
        Goods(item="Control cabinet", kind="cabinet", row="electrics", expected_after_days=28),
    ),
    documents=(PAPERS["safety"], PAPERS["acceptance"]),
    billing=Billing(
        contract_kind="fixed_price",
        shares=tuple(
            Share(row=row, share_ratio=Decimal(share))
            for row, share in (("order", "0.3"), ("unload", "0.4"), ("operators", "0.2"), ("accepted", "0.1"))
        ),
    ),
)  # fmt: skip
_ONBOARDING: Final = _made(
    begun_with(
        Method.ONBOARDING, name="Client onboarding", description="A managed-service client, from inventory to service."
    ),
    {
        "inventory": (
            Line("welcome", "Welcome call with {client}", 2, 1, "lead", checklist=("Contacts", "Escalation", "Tone")),
            Line("access", "Collect access", 6, 3, "engineer", ("welcome",), checklist=("Domain", "Firewall")),
            Line("scan", "Inventory of devices and licences", 12, 3, "engineer", ("access",), _D),
        ),
        "setup": (
            Line("agents", "Monitoring agents", 16, 5, "engineer"),
            Line("backup", "Backup and a restore test", 14, 5, "engineer"),
            Line("hardening", "Security baseline", 12, 4, "engineer", ("agents",)),
        ),
        "transfer": (
            Line("documents", "Documentation", 12, 4, "engineer", (), _D),
            Line("desk", "Brief the service desk", 4, 1, "lead", ("documents",)),
            Line("live", "Service begins", 0, 0, "", ("desk",), _M),
        ),
        "serve": (
            Line("watch", "Daily watch", 10, 10, "engineer"),
            Line("review", "Review with {client}", 4, 1, "lead", ("watch",)),
        ),
    },
    roles=(_LEAD, Role(key="engineer", name="Engineer")),
    documents=(PAPERS["contacts"],),
)  # fmt: skip
_WATERFALL: Final = _made(
    begun_with(Method.WATERFALL, name="Classic waterfall", description="Six phases, each behind a gate."),
    {
        "requirements": (
            Line("interviews", "Interviews", 40, 5, "analyst"),
            Line("specification", "Specification", 60, 8, "analyst", ("interviews",), _D),
        ),
        "design": (Line("architecture", "Architecture", 60, 8, "architect", (), _D),),
        "build": (
            Line("construct", "Construction", 320, 30, "developer"),
            Line("units", "Unit tests", 60, 30, "developer"),
        ),
        "test": (
            Line("system", "System test", 80, 10, "analyst"),
            Line("user", "User acceptance test", 40, 5, "analyst", ("system",), _D),
        ),
        "golive": (
            Line("cutover", "Cut-over", 24, 2, "developer"),
            Line("inuse", "In use", 0, 0, "", ("cutover",), _M),
        ),
        "close": (Line("lessons", "Lessons and hand-over", 16, 2, "lead"),),
    },
    roles=(
        _LEAD, Role(key="analyst", name="Analyst"), Role(key="architect", name="Architect"),
        Role(key="developer", name="Developer"),
    ),
    links=(Link(before="construct", after="units", kind=LinkKind.SS, lag=5 * _DAY),),
    documents=(PAPERS["charter"], PAPERS["acceptance"]),
    billing=Billing(
        contract_kind="fixed_price",
        shares=tuple(
            Share(row=row, share_ratio=Decimal(share))
            for row, share in (("specification", "0.2"), ("architecture", "0.2"), ("user", "0.4"), ("inuse", "0.2"))
        ),
    ),
)  # fmt: skip
SHIPPED: Final[Mapping[str, Template]] = {
    "software": _SOFTWARE, "installation": _INSTALLATION, "onboarding": _ONBOARDING, "waterfall": _WATERFALL,
}  # fmt: skip
