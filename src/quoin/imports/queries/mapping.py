"""Names that a person wrote ("Big Company": "C-0012") as answers of the plan: keys of the file, and ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from quoin.catalog.models import ExpenseCategory
from quoin.clients.models import Client
from quoin.imports.rules.planned import Answer, Choice, Use, ValueMapping
from quoin.imports.rules.values.words import fold
from quoin.imports.types import Field
from quoin.kernel.errors import invalid
from quoin.kernel.words import say
from quoin.people.models import Person
from quoin.projects.models import Project, Task

_KINDS = ("clients", "people", "projects", "tasks", "categories")
_ALLOWED = frozenset({"columns", *_KINDS})
Answered = tuple[tuple[str, Answer], ...]


def mapping_of(told: Mapping[str, Any]) -> ValueMapping:
    """The decisions; Invalid names what cannot be found."""
    if unknown := sorted(set(told) - _ALLOWED):
        raise invalid(
            f"/{unknown[0]}",
            say(
                "Answers have %(allowed)s, not %(unknown)s.",
                allowed=", ".join(sorted(_ALLOWED)),
                unknown=repr(unknown[0]),
            ),
        )
    found = {kind: _answers(kind, told.get(kind) or {}) for kind in _KINDS}
    return ValueMapping(**found)


def columns_of(told: Mapping[str, Any]) -> tuple[tuple[str, Field], ...]:
    """Which header means what."""
    columns = told.get("columns") or {}
    if not isinstance(columns, Mapping):
        raise invalid("/columns", "Write columns as an object of header and meaning.")
    try:
        return tuple((str(header), Field(meaning)) for header, meaning in columns.items())
    except ValueError as error:
        raise invalid(
            "/columns", say("%(error)s. Meanings are %(field)s.", error=error, field=", ".join(Field))
        ) from error


def _answers(kind: str, told: Any) -> Answered:
    if not isinstance(told, Mapping):
        raise invalid(f"/{kind}", say("Write %(kind)s as an object of name and answer.", kind=kind))
    return tuple((_key(str(name)), _answer(kind, str(answer))) for name, answer in told.items())


def _key(name: str) -> str:
    """`Client / Project` as the file's key; a name alone folds to itself."""
    return " / ".join(fold(part) for part in name.split(" / "))


def _answer(kind: str, text: str) -> Answer:
    if text in set(Choice):
        return Choice(text)
    ids = _found(kind, text)
    if len(ids) != 1:
        count = "more than one" if ids else "nothing"
        raise invalid(
            f"/{kind}",
            say(
                "%(text)s means %(count)s among your %(kind)s. Write create, skip, a number or an id.",
                text=repr(text),
                count=count,
                kind=kind,
            ),
        )
    return Use(str(ids[0]))


def _found(kind: str, text: str) -> list[UUID]:
    match kind:
        case "clients":
            return list(Client.objects.filter(_by(Client, text, number__iexact=text)).values_list("id", flat=True)[:2])
        case "people":
            return list(Person.objects.filter(_by(Person, text, email__iexact=text)).values_list("id", flat=True)[:2])
        case "projects":
            return list(
                Project.objects.filter(_by(Project, text, number__iexact=text)).values_list("id", flat=True)[:2]
            )
        case "categories":
            return list(ExpenseCategory.objects.filter(_by(ExpenseCategory, text)).values_list("id", flat=True)[:2])
        case _:
            return list(Task.objects.filter(_by(Task, text)).values_list("id", flat=True)[:2])


def _by(model: type[Client | Person | Project | Task | ExpenseCategory], text: str, **extra: str) -> Q:
    condition = Q(name__iexact=text)
    for name, value in extra.items():
        condition |= Q(**{name: value})
    try:
        return condition | Q(id=model.uuid_of(text))
    except ValueError:
        return condition
