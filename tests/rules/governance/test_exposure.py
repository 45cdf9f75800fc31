"""What risks may cost: worked examples, and sums that an independent count agrees with."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.governance.rules.exposure import (
    Drift,
    Rating,
    counts,
    drift_of,
    expected_amount,
    expected_days,
    likelihood,
    matrix,
    next_raid_statuses,
    score,
    severity,
)
from quoin.governance.types import RaidKind, RaidStatus
from quoin.kernel.money import Money

cents = st.integers(min_value=0, max_value=10**9)
scale = st.integers(min_value=1, max_value=5)


def euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


@pytest.mark.parametrize(
    ("probability", "amount", "expected"),
    [
        (1, "8000.00", "800.00"),
        (3, "8000.00", "4000.00"),
        (4, "8000.00", "5600.00"),
        (5, "0.05", "0.05"),
        (1, "0.05", "0.01"),
    ],
)
def test_expected_amount_is_the_middle_of_each_fifth(probability: int, amount: str, expected: str) -> None:
    assert expected_amount(Rating(probability, 3, euro(amount))) == euro(expected)


@given(probability=scale, amount=cents)
def test_expected_amount_is_exact_to_the_cent(probability: int, amount: int) -> None:
    exact = Fraction(2 * probability - 1, 10) * amount
    whole = (Decimal(exact.numerator) / exact.denominator).quantize(Decimal(1), ROUND_HALF_UP)

    found = expected_amount(Rating(probability, 1, Money(Decimal(amount).scaleb(-2), "EUR")))

    assert found == Money(whole.scaleb(-2), "EUR")


def test_what_is_not_rated_has_no_score_and_no_exposure() -> None:
    assert score(Rating(None, 3)) is None
    assert expected_amount(Rating(3, 3)) is None
    assert expected_amount(Rating(None, 3, euro("5.00"))) is None
    assert expected_days(Rating(None, None, None, 10)) == 0
    assert expected_days(Rating(4, 1, None, 10)) == 7
    with pytest.raises(ValueError, match="1 to 5"):
        likelihood(6)


@pytest.mark.parametrize(
    ("points", "word"), [(None, ""), (1, "low"), (7, "low"), (8, "middle"), (14, "middle"), (15, "high")]
)
def test_severity_follows_the_score(points: int | None, word: str) -> None:
    assert severity(points) == word


def test_drift_compares_with_the_rating_before() -> None:
    first, worse = Rating(2, 3, euro("1000.00")), Rating(4, 3, euro("1000.00"))

    assert drift_of([]) == Drift(0, None)
    assert drift_of([first]).direction == "level"
    assert drift_of([first, worse, worse]) == Drift(6, euro("400.00"))
    assert drift_of([first, worse]).direction == "up"
    assert drift_of([worse, first]).direction == "down"
    assert drift_of([Rating(2, 3), Rating(2, 3, euro("9.00"))]).amount is None
    assert drift_of([Rating(2, 3, euro("10.00")), Rating(2, 3, euro("20.00"))]).direction == "up"


@given(st.lists(st.tuples(scale, scale), max_size=30))
def test_the_matrix_counts_every_risk_once(found: list[tuple[int, int]]) -> None:
    rows = matrix([*(Rating(probability, impact) for probability, impact in found), Rating(None, 2)])

    assert sum(map(sum, rows)) == len(found)
    for probability in range(1, 6):
        for impact in range(1, 6):
            assert rows[5 - probability][impact - 1] == found.count((probability, impact))


@given(st.sampled_from(RaidKind), st.sampled_from(RaidStatus))
def test_every_step_can_be_gone_back(kind: RaidKind, status: RaidStatus) -> None:
    following = next_raid_statuses(kind, status)

    assert status not in following
    assert (RaidStatus.CAME_TRUE in following) == (
        kind in {"risk", "assumption"} and status in {"open", "mitigating", "accepted"}
    )
    assert status is RaidStatus.OPEN or RaidStatus.OPEN in following


def test_only_open_risks_count() -> None:
    assert counts(RaidKind.RISK, RaidStatus.ACCEPTED)
    assert not counts(RaidKind.RISK, RaidStatus.CAME_TRUE)
    assert not counts(RaidKind.ISSUE, RaidStatus.OPEN)
