"""What a template says, as values. Rows, links and gates name each other by keys of the document."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from quoin.projects.types import LagUnit, LinkKind, Method, ScheduleMode, TaskKind

FORMAT = "quoin-template/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """Something to fill in when a project begins; `{key}` stands for it in the texts."""

    key: str
    label: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A part in the project; `name` is the job role it is sold as."""

    key: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A phase, task, milestone or deliverable."""

    key: str
    name: str
    kind: TaskKind = TaskKind.TASK
    under: str = ""
    """Key of the phase above; it stands earlier in the list."""
    effort_minutes: int = 0
    duration_minutes: int | None = None
    starts_after_days: int = 0
    """Working days after the start of the project before which it does not begin."""
    role: str = ""
    is_billable: bool = True
    notes: str = ""
    checklist: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A dependency between two rows."""

    before: str
    after: str
    kind: LinkKind = LinkKind.FS
    lag: int = 0
    lag_unit: LagUnit = LagUnit.WORK


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something a gate asks for: `manual` is ticked by the role, other kinds are facts that are looked up."""

    kind: str = "manual"
    text: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLine:
    """A gate before a row: nothing begins in it until the items are met."""

    name: str
    holds: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """Something that is delivered; the row waits for it."""

    item: str
    kind: str = ""
    supplier: str = ""
    quantity: Decimal = Decimal(1)
    unit: str = "pcs"
    row: str = ""
    expected_after_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A text that the project begins with."""

    name: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of a fixed price, billed when the row is reached."""

    row: str
    share_ratio: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Billing:
    """How the work is billed, unless the project takes a contract that exists."""

    contract_kind: str = "time_and_materials"
    increment_minutes: int = 1
    shares: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A whole document."""

    name: str
    description: str = ""
    method: Method = Method.OWN
    dates: ScheduleMode = ScheduleMode.FROM_START
    """by_hand: tasks get their dates once and keep them; from_start: the plan dates itself."""
    budget_minutes: int | None = None
    """None: the effort of the rows."""
    variables: tuple[Variable, ...] = ()
    roles: tuple[Role, ...] = ()
    rows: tuple[Row, ...] = ()
    links: tuple[Link, ...] = ()
    gates: tuple[GateLine, ...] = ()
    deliveries: tuple[Goods, ...] = ()
    documents: tuple[Paper, ...] = ()
    billing: Billing = field(default_factory=Billing)
    notes: tuple[str, ...] = ()
    """What the next version should take into account."""

    @property
    def effort_minutes(self) -> int:
        return sum(row.effort_minutes for row in self.rows)
