"""Arguments for any action, filled from its signature: ids of a firm's things by the name of the argument, then plain values."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from quoin.kernel.ids import uuid7
from quoin.kernel.money import Money
from quoin.projects.rules.planfile import PlanFile
from tests.proof.estate import Estate

# What `<name>_id` and `<name>_ids` point at, by the kind of its id.
KIND_OF: Mapping[str, str] = {
    "project": "prj", "client": "cli", "contract": "ctr", "person": "per", "task": "tsk", "entry": "tim", "expense": "exp",
    "invoice": "inv", "run": "brn", "charge": "chg", "write_down": "wrd", "payment": "pay", "entity": "ent", "member": "usr",
    "role": "rol", "view": "viw", "token": "tok", "card": "rca", "rate": "rat", "category": "exc", "template": "tpl", "template_proposal": "tpp", "template_file": "tpf", "waiver_role": "job", "gate": "gat", "budget": "bgv", "budget_line": "bgl", "item": "gai", "task_check": "tkc",
    "contact": "con", "cost_rate": "row:people_costrate", "milestone": "mil", "action": "act", "line": "inl", "batch": "imp",
    "statement": "bst", "link": "lnk", "file": "fil", "receipt": "fil", "subject": "usr", "user": "user", "job": "number",
    "calendar": "wca", "absence": "abs", "skill": "skl", "certificate": "crt", "held": "pce", "demand": "req",
    "proposal": "prp", "booking": "bok", "override": "ovr", "feed": "fed", "job_role": "job", "team": "tea", "preference": "prf",
    "administrator": "user", "profile": "ipr", "period": "prd", "bank_line": "bkl", "delivery": "dlv", "visit": "vis", "site": "sit",
    "equipment": "eqp", "unit": "unt", "acceptance": "acp", "raid": "rai", "order": "cho", "order_line": "chl", "order_link": "chk", "report": "srp", "lesson": "lsn", "checklist": "ckl", "check": "vch", "lead": "per", "scenario": "scn", "change": "sch", "baseline": "bas", "import": "imp", "export": "xpt", "credit_note": "inv", "into": "inv", "pack": "pck",
}  # fmt: skip
VALUES: Mapping[str, Callable[[], Any]] = {
    "answers": dict, "answer": lambda: "because", "shipped": lambda: "software",
    "document": lambda: {"format": "quoin-template/1", "name": "Proof", "rows": [{"key": "a", "name": "A"}]},
    "name": lambda: "Proof", "text": lambda: "proof@proof.example", "reason": lambda: "because", "note": lambda: "because",
    "until": lambda: date(2099, 1, 1), "month": lambda: "2026-03", "country": lambda: "DE", "currency": lambda: "EUR",
    "code": lambda: "PR", "status": lambda: "on_hold", "field": lambda: "zone", "value": lambda: "UTC", "key": lambda: "no.such",
    "kind": lambda: "role", "position": lambda: 1, "minutes": lambda: 30, "amount": lambda: Decimal(10), "scope": lambda: "own",
    "permission": lambda: "projects.project.view", "work_until": lambda: date(2026, 3, 31), "week_on": lambda: date(2026, 5, 4),
    "depth": lambda: "rows", "valid_from": lambda: date(2026, 1, 1), "from_on": lambda: date(2026, 1, 1), "spent_on": lambda: date(2026, 5, 4),
    "amount_per_hour": lambda: Decimal(50), "weekday_minutes": lambda: [480] * 5 + [0, 0], "up_to": lambda: date(2026, 3, 31),
    "description": lambda: "", "landing": lambda: "", "query": lambda: "", "list_key": lambda: "members", "is_shared": lambda: False,
    "count": lambda: 1, "zone": lambda: "UTC", "locale": lambda: "en", "received_on": lambda: date(2026, 5, 4), "days": lambda: 3,
    "accepted_on": lambda: date(2026, 5, 4), "content": lambda: b"x", "edits": list, "milestones": list, "parts": list,
    "email": lambda: "proof@proof.example", "to": lambda: "proof@proof.example", "file_name": lambda: "proof.csv", "method": lambda: "transfer",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filled:
    """Arguments of an action, and which of them are ids."""

    values: dict[str, Any]
    ids: tuple[str, ...]


def filled(run: Callable[..., Any], estate: Estate) -> Filled:
    """All required arguments, and every id that it takes, required or not, of near things."""
    values: dict[str, Any] = {}
    ids: list[str] = []
    for name, parameter in list(inspect.signature(run).parameters.items())[1:]:
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            continue
        if is_id(name):
            values[name] = id_for(name, estate)
            ids.append(name)
        elif parameter.default is inspect.Parameter.empty:
            values[name] = _plain(name, str(parameter.annotation))
    return Filled(values, tuple(ids))


def is_id(name: str) -> bool:
    return name.endswith(("_id", "_ids")) and _noun(name) in KIND_OF


def id_for(name: str, estate: Estate) -> Any:
    """The id of a near thing, or a list of one."""
    kind = KIND_OF[_noun(name)]
    if kind == "number":
        return 1
    if kind == "user":
        found: UUID = estate.firm.user.id
    else:
        found = estate.near.get(kind, uuid7())
    return [found] if name.endswith("_ids") else found


def _noun(name: str) -> str:
    return name.removesuffix("s").removesuffix("_id")


def _plain(name: str, annotation: str) -> Any:
    if "Money" in annotation:
        return Money(Decimal(10), "EUR")
    if "PlanFile" in annotation:
        return PlanFile("Proof")
    if name in VALUES:
        return VALUES[name]()
    if "Mapping" in annotation or "dict" in annotation:
        return {}
    for word, value in (
        ("date", date(2026, 3, 31)),
        ("Decimal", Decimal(1)),
        ("int", 1),
        ("bool", False),
        ("str", "Proof"),
        ("bytes", b""),
    ):
        if word in annotation:
            return value
    return [] if any(word in annotation for word in ("Iterable", "Sequence", "list", "tuple")) else None
