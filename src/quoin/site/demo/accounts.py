"""Who can sign in to the demo: one account for each standard role, all with the same published password."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "halden-demo-2026"
"""Printed by `make run` and filled in by the sign-in page of a demo instance, and of no other."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody of the demo company with a sign-in. `key` is a standard role; `job` finds the person."""

    key: str
    role: str
    name: str
    email: str
    job: str = ""
    """The person's job in the firm; empty for somebody from outside, who is no person of it."""
    password: str = PASSWORD


_ACCOUNTS = (
    Account("consultant", "Consultant", "Ana Ruiz", "ana@halden.example", job="consultant"),
    Account("project_manager", "Project manager", "Tomas Brandt", "tomas@halden.example", job="project_manager"),
    Account("resource_manager", "Resource manager", "Noor van Dijk", "noor@halden.example", job="resource_manager"),
    Account("finance", "Finance", "Ingrid Solberg", "ingrid@halden.example", job="finance"),
    Account("executive", "Executive", "Marit Halden", "marit@halden.example", job="executive"),
    Account("partner_manager", "Partner manager", "Rafael Costa", "rafael@halden.example", job="partner_manager"),
    Account("administrator", "Administrator", "Sanjay Mehta", "sanjay@halden.example", job="administrator"),
    Account("auditor", "Auditor", "Helen Moore", "helen@auditors.example"),
)


def accounts() -> tuple[Account, ...]:
    """The accounts in the order of the sign-in page."""
    return _ACCOUNTS
