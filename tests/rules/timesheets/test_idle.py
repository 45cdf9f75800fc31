"""When a running clock asks, and where it offers to be cut."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quoin.timesheets.rules.clocks import LONGEST, work_day, worked_minutes
from quoin.timesheets.rules.idle import IDLE, LONG, IdleReason, question

NINE = datetime(2026, 5, 5, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Auckland", "America/New_York"])
spans = st.integers(0, 3 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


def ask(hours: float, **known):
    return question(started_at=NINE, now=NINE + hours * HOUR, zone="UTC", **known)


def test_a_clock_of_the_morning_asks_nothing() -> None:
    assert ask(7) is None
    assert ask(7, seen_at=NINE + HOUR) is None


def test_a_clock_asks_when_somebody_is_back_after_half_an_hour() -> None:
    seen = NINE + HOUR
    assert ask(1.4, seen_at=seen, is_back=True) is None
    found = ask(1.5, seen_at=seen, is_back=True)
    assert found is not None
    assert (found.reason, found.cut_at) == (IdleReason.IDLE, seen)


def test_a_clock_asks_when_it_ran_longer_than_a_day_of_work_or_overnight() -> None:
    long, night = ask(10), ask(16, seen_at=NINE + 8 * HOUR)
    assert long is not None
    assert (long.reason, long.cut_at) == (IdleReason.LONG, None)
    assert night is not None
    assert (night.reason, night.cut_at) == (IdleReason.OVERNIGHT, NINE + 8 * HOUR)


def test_time_that_was_kept_is_not_asked_about_again() -> None:
    kept = NINE + 16 * HOUR
    assert ask(17, kept_at=kept) is None
    assert ask(26, kept_at=kept) is not None


@given(ZONES, spans, spans, spans, st.booleans())
def test_what_is_asked_can_be_done(zone, ran, kept, seen, is_back) -> None:
    now = NINE + ran
    kept_at = NINE + kept if kept < ran else None
    found = question(started_at=NINE, now=now, zone=zone, kept_at=kept_at, seen_at=NINE + seen, is_back=is_back)
    since = kept_at or NINE
    is_due = work_day(since, zone) < work_day(now, zone) or now - since >= LONG
    if found is None:
        assert not is_due
        return
    assert is_due or (is_back and now - (NINE + seen) >= IDLE)
    if found.cut_at is not None:
        assert since < found.cut_at <= now
        assert found.cut_at - NINE <= LONGEST
        assert worked_minutes(NINE, found.cut_at) >= 1
