"""The changes that a scenario may hold: their kinds, and the fields of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID, uuid5

from quoin.kernel import currency as currencies
from quoin.kernel.errors import invalid
from quoin.kernel.ids import from_public_id, public_id
from quoin.kernel.words import say

SHIFT, PLAN = "project.shift", "plan.change"
BOOK, MOVE, REMOVE = "booking.add", "booking.move", "booking.remove"
HIRE, LEAVE = "person.hire", "person.leave"
RATE, PRICE = "rate.change", "price.change"
WIN, LOSE = "deal.win", "deal.lose"
KINDS = (HIRE, WIN, RATE, PRICE, PLAN, SHIFT, BOOK, MOVE, REMOVE, LEAVE, LOSE)
"""In the order in which they are laid over the plan, whatever the order in which they were made."""
_MOST_DAYS, _MOST_HEADS, _MOST_WEEKS, _MOST_TEAM = 1100, 50, 260, 40
_NAMESPACE = UUID("5f2a2f0e-6a0b-4d0e-9d53-1f6c2f6f6a11")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of a scenario. `was` is what its subject looked like when it was made."""

    id: UUID
    kind: str
    data: Mapping[str, Any]
    was: Mapping[str, str] = field(default_factory=dict)

    @property
    def public_id(self) -> str:
        return public_id("sch", self.id)

    def part(self, name: object) -> UUID:
        """The id of something that the change makes, the same at every look."""
        return uuid5(_NAMESPACE, f"{self.id}/{name}")


Reader = Callable[[Any], Any]


def checked(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a change as plain JSON values; Invalid names what is wrong."""
    fields = _FIELDS.get(kind)
    if fields is None:
        raise invalid(
            "/kind",
            say("%(kind)s is not one of %(kinds)s.", kind=repr(kind), kinds=", ".join(KINDS)),
            code="not_a_choice",
        )
    if unknown := sorted(set(given) - set(fields)):
        raise invalid(
            f"/{unknown[0]}",
            say("%(kind)s has no field %(unknown)s.", kind=kind, unknown=unknown[0]),
            code="unknown_field",
        )
    found = {}
    for name, (read, default) in fields.items():
        value = given.get(name)
        if value in {None, ""} if not isinstance(value, list | dict) else False:
            if default is _NEEDED:
                raise invalid(f"/{name}", say("%(kind)s needs %(name)s.", kind=kind, name=name), code="required")
            value = default
        found[name] = None if value is None else _read(read, name, value)
    _check(kind, found)
    return found


def _read(read: Reader, name: str, value: Any) -> Any:
    try:
        return read(value)
    except (ValueError, TypeError, InvalidOperation, KeyError):
        raise invalid(
            f"/{name}", say("%(value)s is no %(what)s.", value=repr(value), what=name.replace("_", " "))
        ) from None


def _check(kind: str, found: Mapping[str, Any]) -> None:
    if found.get("ends_on") and found["ends_on"] < found["starts_on"]:
        raise invalid("/ends_on", "The last day is before the first. Check both days.")
    if kind == MOVE and not found["by_days"] and not found["person_id"]:
        raise invalid("/by_days", "Say by how many days it moves, or to whom.", code="required")
    if kind == SHIFT and not found["days"]:
        raise invalid("/days", "Say by how many days the project moves.", code="required")
    if kind == RATE and Decimal(found["percent"]) <= -100:  # noqa: PLR2004 - per cent
        raise invalid("/percent", "A rate can be lowered by less than 100 per cent.")
    for name, value in found.items():
        if value is not None:
            _check_field(name, value)


_LIMITS = {
    "days": (-_MOST_DAYS, _MOST_DAYS), "by_days": (-_MOST_DAYS, _MOST_DAYS), "count": (1, _MOST_HEADS),
    "weeks": (1, _MOST_WEEKS), "amount": (1, 1_000_000),
}  # fmt: skip


def _check_field(name: str, value: Any) -> None:
    if name in _LIMITS and not _LIMITS[name][0] <= value <= _LIMITS[name][1]:
        raise invalid(
            f"/{name}",
            say("%(name)s is from %(limits)s to %(most)s.", name=name, limits=_LIMITS[name][0], most=_LIMITS[name][1]),
        )
    if name == "currency" and value not in currencies.CODES:
        raise invalid("/currency", say("%(value)s is not a currency code. Write EUR, NOK, USD, ...", value=repr(value)))
    if name in {"cost_per_hour", "price"} and Decimal(value) < 0:
        raise invalid(f"/{name}", "An amount is zero or more.")
    if name == "team" and len(value) > _MOST_TEAM:
        raise invalid("/team", say("A team has %(most_team)s members at most.", most_team=_MOST_TEAM))


def _id(value: Any) -> str:
    """An id, also as pages and the API write it: `per_…`."""
    text = str(value)
    prefix, is_public, _rest = text.partition("_")
    return str(from_public_id(prefix, text) if is_public else UUID(text))


def _day(value: Any) -> str:
    return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()


def _text(value: Any) -> str:
    return " ".join(str(value).split())


def _amount(value: Any) -> str:
    found = Decimal(str(value))
    if not found.is_finite():
        raise ValueError(value)
    return str(found)


def _effort(value: Any) -> str:
    if value not in {"percent", "per_day", "total"}:
        raise ValueError(value)
    return str(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _team(value: Any) -> list[dict[str, Any]]:
    """Roles with what they do: [{"role_id", "percent", "count"}]."""
    found = []
    for one in value:
        percent, count = int(one.get("percent", 100)), int(one.get("count", 1))
        if set(one) - {"role_id", "percent", "count"} or not 1 <= percent <= 100 or not 1 <= count <= _MOST_HEADS:  # noqa: PLR2004 - per cent
            raise ValueError(one)
        found.append({"role_id": _id(one["role_id"]), "percent": percent, "count": count})
    return found


def _plan_changes(value: Any) -> list[dict[str, Any]]:
    if not value or not all(isinstance(one, Mapping) and "op" in one for one in value):
        raise ValueError(value)
    return [{str(name): _plain(part) for name, part in one.items()} for one in value]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


_NEEDED: Any = object()
_FIELDS: Mapping[str, Mapping[str, tuple[Reader, Any]]] = {
    SHIFT: {"project_id": (_id, _NEEDED), "days": (int, _NEEDED), "from_on": (_day, None)},
    PLAN: {"project_id": (_id, _NEEDED), "changes": (_plan_changes, _NEEDED)},
    BOOK: {
        "person_id": (_id, _NEEDED), "project_id": (_id, _NEEDED), "starts_on": (_day, _NEEDED),
        "ends_on": (_day, _NEEDED), "effort": (_effort, "percent"), "amount": (int, 100), "is_firm": (_flag, False),
        "demand_id": (_id, None), "job_role_id": (_id, None),
    },
    MOVE: {"booking_id": (_id, _NEEDED), "by_days": (int, 0), "person_id": (_id, None)},
    REMOVE: {"booking_id": (_id, _NEEDED)},
    HIRE: {
        "role_id": (_id, _NEEDED), "count": (int, 1), "starts_on": (_day, _NEEDED), "ends_on": (_day, None),
        "cost_per_hour": (_amount, None), "currency": (_text, None), "entity_id": (_id, None), "name": (_text, ""),
    },
    LEAVE: {"person_id": (_id, _NEEDED), "on": (_day, _NEEDED)},
    RATE: {"card_id": (_id, _NEEDED), "percent": (_amount, _NEEDED), "from_on": (_day, _NEEDED)},
    PRICE: {"contract_id": (_id, _NEEDED), "price": (_amount, _NEEDED)},
    LOSE: {"project_id": (_id, _NEEDED), "on": (_day, _NEEDED)},
    WIN: {
        "name": (_text, _NEEDED), "client_id": (_id, _NEEDED), "starts_on": (_day, _NEEDED), "weeks": (int, _NEEDED),
        "price": (_amount, _NEEDED), "currency": (_text, _NEEDED), "team": (_team, []),
    },
}  # fmt: skip
SUBJECTS: Mapping[str, tuple[str, str]] = {
    SHIFT: ("project", "project_id"), PLAN: ("project", "project_id"), BOOK: ("person", "person_id"),
    MOVE: ("booking", "booking_id"), REMOVE: ("booking", "booking_id"), LEAVE: ("person", "person_id"),
    RATE: ("card", "card_id"), PRICE: ("contract", "contract_id"), WIN: ("", "client_id"), HIRE: ("", "role_id"),
    LOSE: ("project", "project_id"),
}  # fmt: skip
"""What each kind is about, and the field that names it."""
