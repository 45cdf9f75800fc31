"""Segregation of duties: which rights one person should not hold together (SOX 404 / COSO access control).

The pairs are those of the conflict matrix in docs/operations.md; a holder of both needs an exception with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from quoin.kernel.words import say


@dataclass(frozen=True, slots=True)
class Duty:
    """A piece of work that somebody could abuse, and the permissions that do it."""

    key: str
    label: str
    patterns: tuple[str, ...]


DUTIES: tuple[Duty, ...] = (
    Duty(
        "client",
        say("create clients and their terms"),
        ("clients.client.create", "clients.client.edit", "sales.contract.*"),
    ),
    Duty("approve_time", say("approve time"), ("timesheets.*.approve*",)),
    Duty(
        "invoice", say("make and issue invoices"), ("billing.run.*", "billing.invoice.issue", "billing.invoice.draft*")
    ),
    Duty(
        "credit",
        say("credit and write off"),
        ("billing.*.credit", "billing.credit*", "billing.*.write_down", "billing.writedown*"),
    ),
    Duty("cash", say("post payments"), ("billing.payment.*", "billing.bank.*")),
    Duty("rates", say("change rates and prices"), ("catalog.rate*.*", "people.cost_rate.*")),
    Duty("close", say("close and reopen periods"), ("ledger.period.*",)),
    Duty("users", say("manage users and roles"), ("accounts.member.*", "accounts.role.*")),
)
# The matrix for firms of a usual size: who manages users does nothing with money, who makes invoices posts no cash
# alone, who closes the books manages no users. `strict` pairs are added by the tenant's setting.
PAIRS: frozenset[frozenset[str]] = frozenset(
    frozenset(pair)
    for pair in (
        ("users", "client"),
        ("users", "approve_time"),
        ("users", "invoice"),
        ("users", "credit"),
        ("users", "cash"),
        ("users", "rates"),
        ("users", "close"),
    )
)
STRICT_PAIRS: frozenset[frozenset[str]] = PAIRS | frozenset(
    frozenset(pair)
    for pair in (
        ("client", "invoice"),
        ("client", "credit"),
        ("client", "cash"),
        ("client", "rates"),
        ("invoice", "credit"),
        ("invoice", "cash"),
        ("invoice", "rates"),
        ("credit", "cash"),
    )
)


@dataclass(frozen=True, slots=True)
class Clash:
    """Two duties in one hand, each with a permission that shows it."""

    first: Duty
    second: Duty
    evidence: tuple[str, str]

    def sentence(self) -> str:
        """In words, with the permissions that show it."""
        return say(
            "One person would both %(first)s (%(shown)s) and %(second)s (%(also)s).",
            first=self.first.label,
            shown=self.evidence[0],
            second=self.second.label,
            also=self.evidence[1],
        )


def clashes(permissions: Iterable[str], *, is_strict: bool) -> tuple[Clash, ...]:
    """The forbidden pairs among the permissions; rights to look are no duty."""
    names = sorted(name for name in permissions if not name.endswith(".view"))
    held = {duty.key: name for duty in DUTIES if (name := _first(duty, names))}
    by_key = {duty.key: duty for duty in DUTIES}
    order = [duty.key for duty in DUTIES]
    pairs = STRICT_PAIRS if is_strict else PAIRS
    found = sorted(
        (sorted(pair, key=order.index) for pair in pairs if pair <= held.keys()),
        key=lambda p: [order.index(k) for k in p],
    )
    return tuple(Clash(by_key[a], by_key[b], (held[a], held[b])) for a, b in found)


def _first(duty: Duty, names: list[str]) -> str:
    return next((name for name in names if any(fnmatchcase(name, pattern) for pattern in duty.patterns)), "")
