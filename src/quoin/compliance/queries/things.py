"""What the things of the audit trail are called: the trail keeps their ids, people know numbers and names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from uuid import UUID

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from quoin.base.audit.models import AuditAction
from quoin.base.db.tenancy import TenantModel
from quoin.kernel.ids import from_public_id

_CALLED = (("number",), ("name", "title", "supplier", "file_name", "label"))
"""A thing is called by its number, and by the first of the others that it has."""
_WHOSE = {"person": "person__name", "user": "user__name"}
"""A thing without number and name is somebody's."""
_KINDS = {
    "abs": _("Absence of %(name)s"), "alw": _("Holiday allowance of %(name)s"), "apr": _("Decision on %(name)s"),
    "asg": _("Assignment of %(name)s"), "bok": _("Booking of %(name)s"), "chg": _("Charge for work of %(name)s"),
    "mem": _("%(name)s on the project"), "ovr": _("Exception for %(name)s"), "plr": _("Planned resource %(name)s"),
    "prf": _("Wish of %(name)s"), "prp": _("Proposal of %(name)s"), "psk": _("Skill of %(name)s"),
    "scm": _("Comment of %(name)s"), "sfp": _("Staffing by %(name)s"), "tim": _("Time of %(name)s"),
    "tsh": _("Week of %(name)s"), "usr": _("User %(name)s"),
}  # fmt: skip
"""What such a thing is."""
_BELONGS = {
    "bgl": ("version__project__name", _("Line of the budget of %(name)s")),
    "chk": ("change__number", _("Link to change order %(name)s")),
    "chl": ("change__number", _("Line of change order %(name)s")),
    "gai": ("gate__name", _("Item of gate %(name)s")),
    "imr": ("batch__file_name", _("Import of %(name)s")),
    "inl": ("invoice__number", _("Line of invoice %(name)s")),
    "lnk": ("invoice__number", _("Link to invoice %(name)s")),
    "pap": ("invoice__number", _("Payment on invoice %(name)s")),
    "pay": ("client__name", _("Payment of %(name)s")),
    "pmv": ("pack__number", _("Move of pack %(name)s")),
    "rat": ("card__name", _("Rate of %(name)s")),
    "rec": ("contract__number", _("Revenue of %(name)s")),
    "ret": ("contract__number", _("Month of retainer %(name)s")),
    "sch": ("scenario__name", _("Change of scenario %(name)s")),
    "tkc": ("task__name", _("Check of %(name)s")),
    "tpp": ("template__name", _("Proposal for template %(name)s")),
    "vch": ("visit__title", _("Check of visit %(name)s")),
    "whd": ("endpoint__url", _("Delivery to %(name)s")),
    "whk": ("url", _("Webhook %(name)s")),
    "wrd": ("charge__project__name", _("Write-down on %(name)s")),
}
"""A thing that is neither called nor anybody's is part of another, and is said with that."""


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
    kind = _BELONGS[prefix][1] if prefix in _BELONGS else _KINDS.get(prefix)
    if kind is None:
        return names
    return {key: str(kind) % {"name": name} for key, name in names.items() if name}


@cache
def _paths(prefix: str) -> tuple[str, ...]:
    fields = {field.name for field in _models()[prefix]._meta.concrete_fields}  # noqa: SLF001 -- as above
    called = [next((name for name in names if name in fields), "") for names in _CALLED]
    if found := tuple(name for name in called if name):
        return found
    if prefix in _BELONGS:
        return (_BELONGS[prefix][0],)
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
