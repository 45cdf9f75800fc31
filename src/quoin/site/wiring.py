"""Which event is handled by whom. The only place that knows both sides; called once when Django is ready.

All run in the transaction of the event, so that books agree at commit; what may wait is queued there as a job.
Names are import paths, so that a line may be read before its app is loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pkgutil import walk_packages
from typing import Any
from uuid import UUID

from django.conf import settings

from quoin.accounts.queries.things import Thing, declare_thing
from quoin.base.actor import Actor
from quoin.base.events import subscribe, witness
from quoin.kernel.ids import from_public_id

WITHIN: tuple[tuple[str, str], ...] = (
    ("accounts.member.joined", "quoin.people.services:on_member_joined"),
    ("timesheets.time.approved", "quoin.billing.services.charging:on_time_approved"),
    ("timesheets.time.approved", "quoin.insights.services.rollups:on_time_approved"),
    ("timesheets.time.reopened", "quoin.billing.services.voiding:on_time_reopened"),
    ("timesheets.expense.approved", "quoin.billing.services.expenses:on_expense_approved"),
    ("timesheets.expense.reopened", "quoin.billing.services.voiding:on_expense_reopened"),
    ("field.milestone.earned", "quoin.sales.services:on_milestone_earned"),
    ("field.milestone.lost", "quoin.sales.services:on_milestone_lost"),
    ("projects.project.begun", "quoin.resourcing.services.begun:on_project_begun"),
    ("projects.project.begun", "quoin.field.services.begun:on_project_begun"),
    ("sales.contract.changed", "quoin.billing.services.due:on_contract_changed"),
    ("sales.milestone.unreached", "quoin.billing.services.due:on_milestone_unreached"),
)
"""(event, "module:function"); the function takes the actor and the payload."""

TOGETHER: tuple[tuple[str, str], ...] = (
    ("sales.milestone.reached", "quoin.billing.services.due:on_milestones_reached"),
)
"""As WITHIN; the function takes the actor and the payloads of all that the action did alike."""

EVERY: tuple[str, ...] = ("quoin.integrations.services.outbox:on_events",)
"""`module:function`; the function sees every event in its transaction: takes the actor and events written together."""


THINGS: tuple[tuple[str, str, str], ...] = (
    ("cli", "clients.client.view", "quoin.clients.queries:client_for"),
    ("prj", "projects.project.view", "quoin.projects.queries:project_for"),
    ("per", "people.person.view", "quoin.people.queries:person_for"),
    ("ctr", "sales.contract.view", "quoin.sales.queries.contracts:contract_for"),
)
"""(prefix of the ids, right to read, query): what the explainer can be asked about."""

_VOCABULARY = ("actions", "queries")


def load_vocabulary() -> None:
    """Import every app's actions and queries: permissions and undo must be known before the first request."""
    for app in settings.APPS:
        for part in _VOCABULARY:
            name = f"quoin.{app}.{part}"
            if find_spec(name):
                module = import_module(name)
                for found in walk_packages(getattr(module, "__path__", []), f"{name}."):
                    import_module(found.name)


def wire() -> None:
    """Subscribe every handler."""
    for event, path in WITHIN:
        subscribe(event, within=_resolve(path))
    for event, path in TOGETHER:
        subscribe(event, together=_resolve(path))
    for path in EVERY:
        witness(_resolve(path))
    for prefix, right, path in THINGS:
        declare_thing(Thing(prefix, right.split(".")[1], right, _finder(prefix, _resolve(path))))


def _finder(prefix: str, query: Callable[[Actor, UUID], object]) -> Callable[[Actor, str], object]:
    return lambda actor, text: query(actor, from_public_id(prefix, text))


def _resolve(path: str) -> Any:
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)
