"""What risks may cost: probability and impact as a score, an expected amount, expected days, and how they drift."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from quoin.governance.types import RaidKind, RaidStatus
from quoin.kernel.money import Money

LIKELIHOODS = (Decimal("0.10"), Decimal("0.30"), Decimal("0.50"), Decimal("0.70"), Decimal("0.90"))
"""Of a probability from 1 (rare) to 5 (almost certain): the middle of each fifth."""
HIGHEST = 5
COUNTED = frozenset({RaidStatus.OPEN, RaidStatus.MITIGATING, RaidStatus.ACCEPTED})
_HIGH, _MIDDLE = 15, 8


@dataclass(frozen=True, slots=True)
class Rating:
    """How a risk was seen at some moment. Nothing of it is known of other entries."""

    probability: int | None
    impact: int | None
    amount: Money | None = None
    days: int = 0


@dataclass(frozen=True, slots=True)
class Drift:
    """The last rating against the one before it: which way the risk goes, and by how much."""

    score: int
    amount: Money | None

    @property
    def direction(self) -> str:
        """Worse is up."""
        moved = self.score or (0 if self.amount is None else self.amount.amount)
        return "up" if moved > 0 else "down" if moved < 0 else "level"


def likelihood(probability: int) -> Decimal:
    """The share of cases in which it happens."""
    if not 1 <= probability <= HIGHEST:
        raise ValueError("A probability is from 1 to 5.")
    return LIKELIHOODS[probability - 1]


def score(rating: Rating) -> int | None:
    """Probability times impact, 1 to 25."""
    if rating.probability is None or rating.impact is None:
        return None
    return rating.probability * rating.impact


def severity(points: int | None) -> str:
    """high, middle, low, or nothing where it is not scored."""
    if points is None:
        return ""
    return "high" if points >= _HIGH else "middle" if points >= _MIDDLE else "low"


def expected_amount(rating: Rating) -> Money | None:
    """What the risk costs on average, in whole cents."""
    if rating.amount is None or rating.probability is None:
        return None
    return (rating.amount * likelihood(rating.probability)).round()


def expected_days(rating: Rating) -> Decimal:
    """By how many days the risk delays on average."""
    if rating.probability is None:
        return Decimal(0)
    return likelihood(rating.probability) * rating.days


def counts(kind: RaidKind, status: RaidStatus) -> bool:
    """Whether an entry is a risk that may still come true."""
    return kind is RaidKind.RISK and status in COUNTED


def drift_of(ratings: Sequence[Rating]) -> Drift:
    """From the rating before the last one that differs to the last; level where there was none."""
    if not ratings:
        return Drift(0, None)
    last = ratings[-1]
    before = next((one for one in reversed(ratings) if one != last), last)
    now, was = expected_amount(last), expected_amount(before)
    amount = now - was if now is not None and was is not None else None
    return Drift((score(last) or 0) - (score(before) or 0), amount)


def matrix(ratings: Iterable[Rating]) -> tuple[tuple[int, ...], ...]:
    """How many risks stand in each field: rows by probability from 5 down, columns by impact from 1 up."""
    found = [[0] * HIGHEST for _ in range(HIGHEST)]
    for one in ratings:
        if one.probability is not None and one.impact is not None:
            found[HIGHEST - one.probability][one.impact - 1] += 1
    return tuple(tuple(row) for row in found)


_NEXT: dict[RaidStatus, frozenset[RaidStatus]] = {
    RaidStatus.OPEN: frozenset(
        {RaidStatus.MITIGATING, RaidStatus.ACCEPTED, RaidStatus.CAME_TRUE, RaidStatus.CLOSED}
    ),
    RaidStatus.MITIGATING: frozenset(
        {RaidStatus.OPEN, RaidStatus.ACCEPTED, RaidStatus.CAME_TRUE, RaidStatus.CLOSED}
    ),
    RaidStatus.ACCEPTED: frozenset(
        {RaidStatus.OPEN, RaidStatus.MITIGATING, RaidStatus.CAME_TRUE, RaidStatus.CLOSED}
    ),
    RaidStatus.CAME_TRUE: frozenset({RaidStatus.OPEN, RaidStatus.CLOSED}),
    RaidStatus.CLOSED: frozenset({RaidStatus.OPEN}),
}  # fmt: skip


def next_raid_statuses(kind: RaidKind, status: RaidStatus) -> tuple[RaidStatus, ...]:
    """Where an entry may go from here, by its buttons; only a risk or an assumption comes true."""
    may_come_true = kind in {RaidKind.RISK, RaidKind.ASSUMPTION}
    return tuple(
        one for one in RaidStatus if one in _NEXT[status] and (may_come_true or one is not RaidStatus.CAME_TRUE)
    )
