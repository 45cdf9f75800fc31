"""A template's document (JSON values) read into values and written back; what is wrong is named by its place."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, asdict, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from quoin.kernel.errors import Invalid, invalid
from quoin.kernel.words import say
from quoin.projects.rules.gates import FACTS, MANUAL
from quoin.projects.rules.templates.values import FORMAT, Template
from quoin.projects.types import ScheduleMode, TaskKind

_LONGEST_TEXT = 20_000
_MOST_LINES = 3000
_MOST_MINUTES = 60 * 24 * 366 * 10
_MOST_DAYS = 3650
_KINDS_OF_CONTRACT = ("time_and_materials", "fixed_price", "retainer", "non_billable")
_FLAT: dict[Any, str] = {
    str: say("a text"),
    bool: say("true or false"),
    int: say("a whole number"),
}


def read_template(document: Any) -> Template:
    """The template; Invalid names what is wrong by its JSON pointer."""
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        raise invalid(
            "/format",
            say("A template is a JSON document with the format %(format)s.", format=repr(FORMAT)),
            code="unknown_format",
        )
    found: Template = _read(Template, {key: value for key, value in document.items() if key != "format"}, "")
    _check(found)
    return found


def written(template: Template) -> dict[str, Any]:
    """The template as JSON values."""
    return {"format": FORMAT, **{key: _plain(value) for key, value in asdict(template).items()}}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if isinstance(value, StrEnum):
        return value.value
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


def _read(kind: Any, value: Any, where: str) -> Any:
    if get_origin(kind) in {Union, types.UnionType}:
        return None if value is None else _read(get_args(kind)[0], value, where)
    if get_origin(kind) is tuple:
        return _lines(get_args(kind)[0], value, where)
    if is_dataclass(kind):
        return _record(kind, value, where)
    if kind is Decimal or issubclass(kind, StrEnum):
        return _worded(kind, value, where)
    if type(value) is not kind:
        raise invalid(where, say("This is %(wanted)s.", wanted=_FLAT[kind]), code="wrong_type")
    return _text(value, where) if kind is str else value


def _text(value: str, where: str) -> str:
    if len(value) > _LONGEST_TEXT or "\x00" in value:
        raise invalid(
            where, say("A text has at most %(longest_text)s characters.", longest_text=_LONGEST_TEXT), code="too_long"
        )
    return value.strip()


def _lines(kind: Any, value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise invalid(where, "This is a list.", code="wrong_type")
    if len(value) > _MOST_LINES:
        raise invalid(where, say("At most %(most_lines)s lines.", most_lines=_MOST_LINES), code="too_long")
    return tuple(_read(kind, one, f"{where}/{number}") for number, one in enumerate(value))


def _record(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise invalid(where, "This is an object.", code="wrong_type")
    hints = get_type_hints(kind)
    for name in value:
        if name not in hints:
            raise invalid(f"{where}/{name}", say("There is no field %(name)s.", name=name), code="unknown_field")
    found = {name: _read(hints[name], one, f"{where}/{name}") for name, one in value.items()}
    for one in fields(kind):
        is_needed = one.default is MISSING and one.default_factory is MISSING
        if is_needed and not found.get(one.name):
            raise invalid(
                f"{where}/{one.name}",
                say("It needs its %(what)s.", what=one.name.replace("_", " ")),
                code="required",
            )
    return kind(**found)


def _worded(kind: Any, value: Any, where: str) -> Any:
    try:
        read = kind(value)
    except (ValueError, TypeError, InvalidOperation):
        raise _no_choice(kind, value, where) from None
    if kind is Decimal and (isinstance(value, (float, bool)) or not read.is_finite()):
        raise _no_choice(kind, value, where)
    return read


def _no_choice(kind: Any, value: Any, where: str) -> Invalid:
    wanted = "a decimal number in quotes" if kind is Decimal else f"one of {', '.join(kind)}"
    return invalid(where, say("%(value)s is not %(wanted)s.", value=repr(value), wanted=wanted), code="not_a_choice")


def _check(found: Template) -> None:
    """Names that are named exist, once; figures are within reason."""
    rows = _keys("rows", found.rows)
    roles = _keys("roles", found.roles)
    _keys("variables", found.variables)
    _check_rows(found, rows, roles)
    for number, link in enumerate(found.links):
        _known(link.before, rows, f"/links/{number}/before", "row")
        _known(link.after, rows, f"/links/{number}/after", "row")
        if link.before == link.after:
            raise invalid(f"/links/{number}", "A row cannot wait for itself.")
        _within(link.lag, -_MOST_MINUTES, _MOST_MINUTES, f"/links/{number}/lag")
    _check_gates(found, rows, roles)
    for number, goods in enumerate(found.deliveries):
        if goods.row:
            _known(goods.row, rows, f"/deliveries/{number}/row", "row")
        _within(goods.expected_after_days, 0, _MOST_DAYS, f"/deliveries/{number}/expected_after_days")
        _within(goods.quantity, Decimal("0.001"), 10**8, f"/deliveries/{number}/quantity")
    _keys("documents", found.documents, name="name")
    _check_billing(found, rows)


def _check_rows(found: Template, rows: Mapping[str, int], roles: Mapping[str, int]) -> None:
    if found.dates is ScheduleMode.FROM_END:
        raise invalid("/dates", "A template is dated by_hand or from_start; each project says from which end.")
    if found.budget_minutes is not None:
        _within(found.budget_minutes, 0, _MOST_MINUTES, "/budget_minutes")
    for number, row in enumerate(found.rows):
        where = f"/rows/{number}"
        if row.under and not rows.get(row.under, number) < number:
            raise invalid(
                f"{where}/under", say("There is no row %(under)s earlier in the list.", under=row.under), code="unknown"
            )
        if row.role:
            _known(row.role, roles, f"{where}/role", "role")
        _within(row.effort_minutes, 0, _MOST_MINUTES, f"{where}/effort_minutes")
        _within(row.duration_minutes or 0, 0, _MOST_MINUTES, f"{where}/duration_minutes")
        _within(row.starts_after_days, 0, _MOST_DAYS, f"{where}/starts_after_days")


def _check_gates(found: Template, rows: Mapping[str, int], roles: Mapping[str, int]) -> None:
    seen: set[tuple[str, str]] = set()
    for number, gate in enumerate(found.gates):
        where = f"/gates/{number}"
        _known(gate.holds, rows, f"{where}/holds", "row")
        if (gate.holds, gate.name) in seen:
            raise invalid(
                f"{where}/name", say("There are two gates %(gate)s before one phase.", gate=gate.name), code="taken"
            )
        seen.add((gate.holds, gate.name))
        if found.rows[rows[gate.holds]].kind is TaskKind.MILESTONE:
            raise invalid(f"{where}/holds", "A gate holds a phase or a task.")
        for place, item in enumerate(gate.items):
            if item.kind != MANUAL and item.kind not in FACTS:
                raise invalid(
                    f"{where}/items/{place}/kind",
                    say("There is no fact %(kind)s.", kind=item.kind),
                    code="not_a_choice",
                )
            if item.kind == MANUAL and not item.text:
                raise invalid(f"{where}/items/{place}/text", "Say what is to be ticked.", code="required")
            if item.role:
                _known(item.role, roles, f"{where}/items/{place}/role", "role")


def _check_billing(found: Template, rows: Mapping[str, int]) -> None:
    billing = found.billing
    if billing.contract_kind not in _KINDS_OF_CONTRACT:
        raise invalid(
            "/billing/contract_kind", say("A contract is one of %(kinds)s.", kinds=", ".join(_KINDS_OF_CONTRACT))
        )
    _within(billing.increment_minutes, 1, 480, "/billing/increment_minutes")
    for number, share in enumerate(billing.shares):
        _known(share.row, rows, f"/billing/shares/{number}/row", "row")
        _within(share.share_ratio, Decimal("0.0001"), 1, f"/billing/shares/{number}/share_ratio")
    total = sum((share.share_ratio for share in billing.shares), Decimal(0))
    if billing.shares and total != 1:
        raise invalid("/billing/shares", say("The shares of the price add up to 1; these are %(total)s.", total=total))


def _keys(what: str, lines: Iterable[Any], *, name: str = "key") -> dict[str, int]:
    found: dict[str, int] = {}
    for number, line in enumerate(lines):
        key = getattr(line, name)
        if key in found:
            raise invalid(
                f"/{what}/{number}/{name}", say("%(key)s stands twice in %(what)s.", key=key, what=what), code="taken"
            )
        found[key] = number
    return found


def _known(key: str, known: Mapping[str, int], where: str, what: str) -> None:
    if key not in known:
        raise invalid(where, say("There is no %(what)s %(key)s.", what=what, key=key), code="unknown")


def _within(value: Decimal | int, least: Decimal | int, most: Decimal | int, where: str) -> None:
    if not least <= value <= most:
        raise invalid(
            where, say("This is between %(least)s and %(most)s.", least=least, most=most), code="out_of_range"
        )
