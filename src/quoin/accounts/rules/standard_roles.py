"""The standard roles as a table of patterns, so that a permission added later lands in the right role by its name.

A rule is (pattern, scope). The last rule that fits wins, so a role reads from the general to the special; scope ""
takes the permission away. Read permissions end in `.view`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from quoin.kernel.words import say

OWN, TEAM, ALL = "own", "team", "all"
NONE = ""
Rule = tuple[str, str]


@dataclass(frozen=True, slots=True)
class StandardRole:
    """A role that every tenant starts with."""

    key: str
    name: str
    description: str
    landing: str
    rules: tuple[Rule, ...]


# What everybody needs for themselves.
MEMBER: tuple[Rule, ...] = (
    ("accounts.profile.*", OWN),
    ("accounts.token.*", OWN),
    ("accounts.saved_view.*", OWN),
    ("compliance.action.undo", OWN),
    ("people.person.view", OWN),
)
# Work of one's own: time, expenses, the projects one is on.
WORKER: tuple[Rule, ...] = (
    *MEMBER,
    ("timesheets.*", OWN),
    ("timesheets.*.approve*", NONE),
    ("timesheets.*.return*", NONE),
    ("timesheets.*.reopen*", NONE),
    ("timesheets.*.reject*", NONE),
    ("timesheets.approval.*", NONE),
    ("timesheets.lock.*", NONE),
    ("timesheets.period.*", NONE),
    ("projects.*.view", OWN),
    # What the work is sold for.
    ("projects.budget.view", NONE),
    ("projects.template.view", ALL),
    ("projects.template.propose", ALL),
    ("projects.gate.tick", OWN),
    ("projects.gate.untick", OWN),
    # Those gates that name a role one has in the project.
    ("projects.gate.waive", OWN),
    ("projects.check.tick", OWN),
    ("projects.check.untick", OWN),
    ("clients.client.view", OWN),
    # Leave, skills and bookings of one's own.
    ("people.absence.view", OWN),
    ("people.absence.request", OWN),
    ("people.absence.cancel", OWN),
    ("people.absence.restore", OWN),
    ("people.allowance.view", OWN),
    ("people.calendar.view", OWN),
    ("people.skill.view", OWN),
    ("people.skill.state", OWN),
    ("people.skill.forget", OWN),
    ("resourcing.*.view", OWN),
    ("resourcing.demand.answer", OWN),
    ("resourcing.preference.*", OWN),
    ("resourcing.feed.*", OWN),
    # A crew on site.
    ("field.*.view", OWN),
    ("field.visit.start", OWN),
    ("field.visit.finish", OWN),
    ("field.visit.sign", OWN),
    ("field.check.*", OWN),
    ("field.part.*", OWN),
    # Risks, reports and lessons of the projects one is on.
    ("governance.*.view", OWN),
    ("governance.change.view", NONE),
)
# Looks that cost nobody a secret: no money of the firm, no pay.
LOOKS: tuple[Rule, ...] = (
    ("clients.*.view", ALL),
    ("projects.*.view", ALL),
    ("people.*.view", ALL),
    ("people.cost*.view", NONE),
    ("people.absence_private*", NONE),
    ("people.allowance.view", NONE),
    ("resourcing.*.view", ALL),
    ("timesheets.*.view", ALL),
    ("catalog.*.view", ALL),
    ("sales.*.view", ALL),
    ("field.*.view", ALL),
    ("governance.*.view", ALL),
    ("insights.*.view", ALL),
)
MONEY_LOOKS: tuple[Rule, ...] = (
    ("billing.*.view", ALL),
    ("ledger.*.view", ALL),
    ("revenue.*.view", ALL),
    ("people.cost*.view", ALL),
)

ROLES: tuple[StandardRole, ...] = (
    StandardRole(
        "consultant",
        say("Consultant"),
        say("Records own time and expenses, sees own projects."),
        "timesheets:my_day",
        WORKER,
    ),
    StandardRole(
        "project_manager",
        say("Project manager"),
        say("Plans and runs own projects, approves the time of their teams, sees what they earn and cost."),
        "timesheets:my_day",
        (
            *WORKER,
            ("timesheets.*.view", TEAM),
            ("timesheets.*.approve*", TEAM),
            ("timesheets.*.return*", TEAM),
            ("timesheets.*.reopen*", TEAM),
            ("timesheets.approval.*", TEAM),
            ("timesheets.period.*", NONE),
            ("projects.*", TEAM),
            ("field.*", TEAM),
            ("governance.*", TEAM),
            # Only a client's link answers; whoever may take an order back also records answers.
            ("governance.change.answer", NONE),
            ("projects.project.create", ALL),
            ("projects.template.view", ALL),
            ("projects.template.propose", ALL),
            # Whoever is held by a gate does not waive it, unless the gate names their role.
            ("projects.gate.waive", OWN),
            ("projects.gate.remove", NONE),
            ("people.*.view", ALL),
            ("people.cost*.view", TEAM),
            ("people.absence_private*", NONE),
            ("people.allowance.view", TEAM),
            ("people.absence.approve", TEAM),
            ("people.absence.refuse", TEAM),
            ("people.absence.cancel", TEAM),
            ("people.absence.restore", TEAM),
            ("people.skill.confirm", TEAM),
            # Which projects others are booked on is not theirs to read.
            ("resourcing.*", TEAM),
            ("resourcing.override.*", NONE),
            ("clients.*.view", ALL),
            ("catalog.*.view", ALL),
            ("sales.*.view", TEAM),
            ("billing.*.view", TEAM),
            ("revenue.*.view", TEAM),
            ("insights.*.view", TEAM),
            ("insights.scenario.*", TEAM),
        ),
    ),
    StandardRole(
        "resource_manager",
        say("Resource manager"),
        say("Sees who works on what, keeps people, teams and working hours."),
        "people:people",
        (
            *WORKER,
            *LOOKS,
            ("people.*", ALL),
            ("people.cost*", NONE),
            ("resourcing.*", ALL),
            ("field.*", ALL),
            ("insights.scenario.*", ALL),
        ),
    ),
    StandardRole(
        "finance",
        say("Finance"),
        say("Bills, collects, keeps rates, books and periods."),
        "billing:unbilled",
        (
            *MEMBER,
            *LOOKS,
            *MONEY_LOOKS,
            ("billing.*", ALL),
            ("revenue.*", ALL),
            ("ledger.*", ALL),
            ("catalog.*", ALL),
            ("sales.*", ALL),
            ("governance.change*", ALL),
            ("governance.change.answer", NONE),
            ("clients.*", ALL),
            ("portal.*", ALL),
            ("imports.*", ALL),
            ("people.cost*", ALL),
            ("timesheets.period.*", ALL),
            ("timesheets.lock.*", ALL),
            ("timesheets.expense.*", ALL),
            ("timesheets.*.reopen*", ALL),
            ("accounts.legal_entity.*", ALL),
            ("compliance.*.view", ALL),
            ("insights.scenario.*", ALL),
        ),
    ),
    StandardRole(
        "executive",
        say("Executive"),
        say("Sees every figure of the firm and changes none."),
        "insights:dashboard",
        (*MEMBER, *LOOKS, *MONEY_LOOKS, ("insights.scenario.*", ALL), ("insights.scenario.apply", NONE)),
    ),
    StandardRole(
        "partner_manager",
        say("Partner manager"),
        say("Looks after clients, deals and what they may see."),
        "clients:clients",
        (
            *MEMBER,
            ("clients.*", ALL),
            ("sales.*", ALL),
            ("sales.rate*", NONE),
            ("portal.*", ALL),
            ("projects.*.view", ALL),
        ),
    ),
    StandardRole(
        "administrator",
        say("Administrator"),
        say("Users, roles, settings, imports, audit and operations; moves no money."),
        "compliance:operations",
        (
            *MEMBER,
            *LOOKS,
            ("billing.*.view", ALL),
            ("people.*", ALL),
            ("people.cost*", NONE),
            ("people.absence_private*", NONE),
            ("accounts.*", ALL),
            ("projects.template.*", ALL),
            ("projects.gate.waive", ALL),
            ("projects.gate.reopen", ALL),
            ("projects.gate.remove", ALL),
            ("compliance.*", ALL),
            ("imports.*", ALL),
            ("integrations.*", ALL),
            ("portal.*.view", ALL),
            ("base.*", ALL),
        ),
    ),
    StandardRole(
        "auditor",
        say("Auditor"),
        say("Reads everything, with the trail; changes nothing."),
        "compliance:audit",
        (*LOOKS, *MONEY_LOOKS, ("*.view", ALL), ("compliance.*.view", ALL), ("accounts.profile.*", OWN)),
    ),
)
BY_KEY: Mapping[str, StandardRole] = {role.key: role for role in ROLES}


def scope_of(role: StandardRole, permission: str) -> str:
    """own, team or all; empty if the role does not carry the permission."""
    return next((scope for pattern, scope in reversed(role.rules) if fnmatchcase(permission, pattern)), NONE)


def grants_of(role: StandardRole, permissions: Iterable[str]) -> dict[str, str]:
    """Scope by permission, for those of the permissions that the role carries."""
    scopes = {permission: scope_of(role, permission) for permission in permissions}
    return {permission: scope for permission, scope in scopes.items() if scope}
