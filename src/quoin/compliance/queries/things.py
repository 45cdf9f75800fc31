"""What the things of the audit trail are called: the trail keeps their ids, people know numbers and names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from uuid import UUID

from django.apps import apps

from quoin.base.audit.models import AuditAction
from quoin.base.db.tenancy import TenantModel
from quoin.kernel.ids import from_public_id

_CALLED = (("number",), ("name", "title", "supplier", "file_name", "label"))
"""A thing is called by its number, and by the first of the others that it has."""
_WHOSE = {"person": "person__name", "user": "user__name"}
"""A thing without number and name is somebody's."""


def name_things(actions: Sequence[AuditAction]) -> None:
    """Set `thing` of the actions: what the target is called now, or its id where it is gone or has no name.

    Costs one query for each kind of thing among them.
    """
    by_prefix: defaultdict[str, set[UUID]] = defaultdict(set)
    for action in actions:
        if (found := _kind_and_id(action.target)) is not None:
            by_prefix[found[0]].add(found[1])
    names = {prefix: _names(prefix, ids) for prefix, ids in by_prefix.items()}
    for action in actions:
        found = _kind_and_id(action.target)
        called = names[found[0]].get(found[1]) if found is not None else None
        action.thing = called or action.target  # type: ignore[attr-defined]  # for the list, beside the columns


def _names(prefix: str, ids: set[UUID]) -> dict[UUID, str]:
    model = _models()[prefix]
    paths = _paths(prefix)
    if not paths:
        return {}
    rows = model.objects.filter(id__in=ids).values_list("id", *paths)
    names = {row[0]: " ".join(str(part) for part in row[1:] if part) for row in rows}
    if paths[0] in _WHOSE.values():
        kind = str(model._meta.verbose_name).capitalize()  # noqa: SLF001 -- Django's public description of a model
        return {key: f"{kind}, {name}" for key, name in names.items() if name}
    return names


@cache
def _paths(prefix: str) -> tuple[str, ...]:
    fields = {field.name for field in _models()[prefix]._meta.concrete_fields}  # noqa: SLF001 -- as above
    called = [next((name for name in names if name in fields), "") for names in _CALLED]
    if found := tuple(name for name in called if name):
        return found
    return tuple(path for name, path in _WHOSE.items() if name in fields)[:1]


@cache
def _models() -> dict[str, type[TenantModel]]:
    return {
        model.prefix: model
        for model in apps.get_models()
        if issubclass(model, TenantModel) and model.prefix != TenantModel.prefix
    }


def _kind_and_id(target: str) -> tuple[str, UUID] | None:
    prefix = target.partition("_")[0]
    if prefix not in _models():
        return None
    try:
        return prefix, from_public_id(prefix, target)
    except ValueError:
        return None
