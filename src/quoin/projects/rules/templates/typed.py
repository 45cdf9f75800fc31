"""A template as cells that people type into, and the document that the cells mean.

Rows are called by their numbers on the screen; a changed number moves a row, an empty name takes it away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from quoin.kernel.errors import invalid
from quoin.kernel.words import say
from quoin.projects.rules.gates import FACTS, MANUAL
from quoin.projects.rules.plan import DAY_MINUTES
from quoin.projects.rules.templates.reading import written
from quoin.projects.rules.templates.values import FORMAT, Link, Template
from quoin.projects.rules.typed import span_minutes, span_text, typed_links
from quoin.projects.types import LagUnit, LinkKind

Cells = Mapping[str, str]
_FRESH = 3
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a template, by part; each part ends with empty lines to type into."""

    rows: list[dict[str, Any]]
    gates: list[dict[str, Any]]
    deliveries: list[dict[str, Any]]
    documents: list[dict[str, Any]]
    roles: str
    variables: str
    notes: str


def sheet_of(template: Template) -> Sheet:
    """The template as cells."""
    numbers = {row.key: number for number, row in enumerate(template.rows, 1)}
    roles = {role.key: role.name for role in template.roles}
    waits: dict[str, list[str]] = {}
    for link in template.links:
        waits.setdefault(link.after, []).append(_link_text(link, numbers))
    shares = {share.row: share.share_ratio for share in template.billing.shares}
    rows = [
        {
            "number": number, "key": row.key, "name": row.name, "kind": row.kind.value,
            "under": numbers.get(row.under, ""), "effort": span_text(row.effort_minutes or None),
            "lasts": span_text(row.duration_minutes), "after": row.starts_after_days or "",
            "waits": "; ".join(waits.get(row.key, ())), "role": roles.get(row.role, ""),
            "is_billable": row.is_billable, "checklist": "\n".join(row.checklist), "notes": row.notes,
            "share": f"{(shares[row.key] * _PERCENT).normalize():f}" if row.key in shares else "",
        }
        for number, row in enumerate(template.rows, 1)
    ]  # fmt: skip
    last = len(rows)
    rows += [
        {"number": last + n, "key": "", "name": "", "kind": "task", "is_billable": True} for n in range(1, _FRESH + 1)
    ]
    gates = [
        {
            "name": gate.name, "holds": numbers[gate.holds], "facts": [i.kind for i in gate.items if i.kind != MANUAL],
            "items": "\n".join(
                f"{i.text} @{roles[i.role]}" if i.role else i.text for i in gate.items if i.kind == MANUAL
            ),
        }
        for gate in template.gates
    ]  # fmt: skip
    goods = [
        {
            "item": one.item, "kind": one.kind, "supplier": one.supplier, "quantity": f"{one.quantity.normalize():f}",
            "unit": one.unit, "row": numbers.get(one.row, ""), "after": one.expected_after_days or "",
        }
        for one in template.deliveries
    ]  # fmt: skip
    return Sheet(
        rows, [*gates, {"facts": []}], [*goods, {}],
        [*({"name": one.name, "text": one.text} for one in template.documents), {}],
        "\n".join(role.name for role in template.roles),
        "\n".join(f"{one.key} = {one.label} = {one.default}" for one in template.variables),
        "\n".join(template.notes),
    )  # fmt: skip


def document_from(cells: Cells, base: Template) -> dict[str, Any]:
    """What the cells mean; Invalid names the cell. What has no cell stays as in `base`."""
    found = _Reader(cells)
    roles = _roles(cells.get("roles", ""), base)
    typed = found.lines("rows", "name")
    for n, one in typed:
        one["key"] = one.get("key") or f"n{n}"
    shown = {str(n + 1): one["key"] for n, one in typed}
    ordered = sorted(typed, key=lambda each: (_place(each[1].get("number", "")), each[0]))
    document = written(base)
    document |= {
        "format": FORMAT, "name": cells.get("name", ""), "description": cells.get("description", ""),
        "dates": cells.get("dates", base.dates.value), "roles": [{"key": k, "name": n} for n, k in roles.items()],
        "rows": [_row(n, one, shown, roles) for n, one in ordered],
        "links": [link for n, one in ordered for link in _links(n, one, shown)],
        "gates": [_gate(n, one, shown, roles) for n, one in found.lines("gates", "name")],
        "deliveries": [_goods(n, one, shown) for n, one in found.lines("deliveries", "item")],
        "documents": [
            {"name": one["name"], "text": one.get("text", "")} for _, one in found.lines("documents", "name")
        ],
        "variables": [_variable(line) for line in _lined(cells.get("variables", ""))],
        "notes": _lined(cells.get("notes", "")),
        "budget_minutes": _span(cells.get("budget", ""), "/budget") if cells.get("budget", "").strip() else None,
    }  # fmt: skip
    document["billing"] |= {
        "contract_kind": cells.get("contract_kind", base.billing.contract_kind),
        "shares": [
            {"row": one["key"], "share_ratio": _share(one["share"], f"/rows/{n}/share")}
            for n, one in ordered
            if one.get("share", "").strip()
        ],
    }
    return document


class _Reader:
    """Cells named `rows-3-name`, by part and line."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells

    def lines(self, part: str, needed: str) -> list[tuple[int, dict[str, str]]]:
        found: dict[int, dict[str, str]] = {}
        for name, text in self.cells.items():
            pieces = name.split("-")
            if len(pieces) == 3 and pieces[0] == part and pieces[1].isdigit():  # noqa: PLR2004 -- part, line, cell
                found.setdefault(int(pieces[1]), {})[pieces[2]] = text.strip()
        return [(n, one) for n, one in sorted(found.items()) if one.get(needed)]


def _row(n: int, one: Cells, shown: Mapping[str, str], roles: Mapping[str, str]) -> dict[str, Any]:
    where = f"/rows/{n}"
    kind = one.get("kind", "task")
    is_sum = kind in {"phase", "milestone"}
    return {
        "key": one["key"], "name": one["name"], "kind": kind, "under": _called(one.get("under", ""), shown, where),
        "effort_minutes": _span(one.get("effort", ""), f"{where}/effort"),
        "duration_minutes": None if is_sum or not one.get("lasts") else _span(one["lasts"], f"{where}/lasts"),
        "starts_after_days": _count(one.get("after", ""), f"{where}/after"),
        "role": _role(one.get("role", ""), roles, f"{where}/role"), "is_billable": bool(one.get("is_billable")),
        "notes": one.get("notes", ""), "checklist": _lined(one.get("checklist", "")),
    }  # fmt: skip


def _links(n: int, one: Cells, shown: Mapping[str, str]) -> list[dict[str, Any]]:
    try:
        links = typed_links(one.get("waits", ""))
    except ValueError as wrong:
        raise invalid(f"/rows/{n}/waits", str(wrong)) from None
    return [
        {
            "before": _called(str(link.before), shown, f"/rows/{n}/waits"), "after": one["key"],
            "kind": link.kind.value, "lag": link.lag, "lag_unit": link.unit.value,
        }
        for link in links
    ]  # fmt: skip


def _gate(n: int, one: Cells, shown: Mapping[str, str], roles: Mapping[str, str]) -> dict[str, Any]:
    items: list[dict[str, str]] = []
    for line in _lined(one.get("items", "")):
        text, mark, role = line.rpartition("@")
        if mark and role.strip() in roles:
            items.append({"text": text.strip(), "role": roles[role.strip()]})
        else:
            items.append({"text": line})
    items += [{"kind": fact} for fact in FACTS if one.get(f"fact_{fact}")]
    return {"name": one["name"], "holds": _called(one.get("holds", ""), shown, f"/gates/{n}/holds"), "items": items}


def _goods(n: int, one: Cells, shown: Mapping[str, str]) -> dict[str, Any]:
    where = f"/deliveries/{n}"
    return {
        "item": one["item"], "kind": one.get("kind", ""), "supplier": one.get("supplier", ""),
        "quantity": (one.get("quantity") or "1").replace(",", "."), "unit": one.get("unit") or "pcs",
        "row": _called(one.get("row", ""), shown, f"{where}/row"),
        "expected_after_days": _count(one.get("after", ""), f"{where}/after"),
    }  # fmt: skip


def _roles(text: str, base: Template) -> dict[str, str]:
    """Keys by name; a role that keeps its name keeps its key."""
    known = {role.name: role.key for role in base.roles}
    taken = set(known.values())
    found: dict[str, str] = {}
    for number, name in enumerate(_lined(text), 1):
        key = known.get(name) or next(k for k in (f"r{number}", f"role{number}", f"r{number}x") if k not in taken)
        found.setdefault(name, key)
        taken.add(key)
    return found


def _variable(line: str) -> dict[str, str]:
    key, _, rest = line.partition("=")
    label, _, default = rest.partition("=")
    return {"key": key.strip(), "label": label.strip() or key.strip(), "default": default.strip()}


def _role(name: str, roles: Mapping[str, str], where: str) -> str:
    if name and name not in roles:
        raise invalid(where, say("There is no role %(name)s in the list of roles.", name=name), code="unknown")
    return roles[name] if name else ""


def _called(number: str, shown: Mapping[str, str], where: str) -> str:
    if number and number not in shown:
        raise invalid(where, say("There is no row %(number)s.", number=number), code="unknown")
    return shown[number] if number else ""


def _lined(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _span(text: str, where: str) -> int:
    return _tried(span_minutes, text, where) if text.strip() else 0


def _count(text: str, where: str) -> int:
    return _tried(int, text, where) if text else 0


def _tried(read: Callable[[str], int], text: str, where: str) -> int:
    try:
        return read(text)
    except ValueError as wrong:
        word = str(wrong) if "duration" in str(wrong) else say("%(text)s is no whole number.", text=repr(text))
        raise invalid(where, word) from None


def _share(text: str, where: str) -> str:
    try:
        return str(Decimal(text.replace(",", ".").rstrip("% ")) / _PERCENT)
    except InvalidOperation:
        raise invalid(where, say("%(text)s is no percentage.", text=repr(text))) from None


def _place(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", ".") or "0")
    except InvalidOperation:
        return Decimal(0)


def _link_text(link: Link, numbers: Mapping[str, int]) -> str:
    kind = "" if link.kind is LinkKind.FS and not link.lag else link.kind.value.upper()
    if not link.lag:
        return f"{numbers[link.before]}{kind}"
    sign = "+" if link.lag > 0 else "-"
    if link.lag_unit is LagUnit.PERCENT:
        return f"{numbers[link.before]}{kind}{link.lag:+d}%"
    if link.lag_unit is LagUnit.ELAPSED:
        return f"{numbers[link.before]}{kind}{sign}{abs(link.lag)}em"
    size = abs(link.lag)
    text = f"{size // DAY_MINUTES}d" if size % DAY_MINUTES == 0 else f"{size}m"
    return f"{numbers[link.before]}{kind}{sign}{text}"
