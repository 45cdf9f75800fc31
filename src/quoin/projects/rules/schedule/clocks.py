"""Two ways to count time: on a calendar's working minutes, or on the clock.

Each node of a network counts positions on one clock. Milestones and the gates of phases count on the plain clock,
so that they keep their instant whatever calendars stand before and behind them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Clock(Protocol):
    """What `WorkTable` and `PlainClock` share."""

    def position(self, minute: int, /) -> int: ...

    def end_at(self, position: int, /) -> int: ...

    def start_at(self, position: int, /) -> int: ...


@dataclass(frozen=True, slots=True)
class PlainClock:
    """Every minute counts; a position is the instant."""

    def position(self, minute: int) -> int:
        return minute

    def end_at(self, position: int) -> int:
        return position

    def start_at(self, position: int) -> int:
        return position


@dataclass(slots=True)
class Bridge:
    """A link between two nodes that needs the clock: other calendars, lag in elapsed time, or a phase.

    Not frozen: thousands are made at each calculation, and frozen ones take three times as long.
    """

    before: int
    after: int
    from_finish: bool
    """Whether the predecessor's finish holds the successor, or its start."""
    to_finish: bool
    lag: int
    is_elapsed: bool
    lag_clock: Clock
    before_clock: Clock
    after_clock: Clock
    before_span: int
    after_span: int
    is_earliest: bool = False
    """The successor is the start of a phase: the earliest of its predecessors counts, not the latest."""

    def push(self, start: int) -> int:
        """The earliest start of the successor if the predecessor starts there."""
        clock = self.before_clock
        at = clock.end_at(start + self.before_span) if self.from_finish else clock.start_at(start)
        if self.is_elapsed:
            at += self.lag
        elif self.lag:
            if self.lag_clock is self.after_clock:
                # Counted on, not through an instant: two positions of one clock lie side by side.
                return self.after_clock.position(at) + self.lag - (self.after_span if self.to_finish else 0)
            at = self.lag_clock.end_at(self.lag_clock.position(at) + self.lag)
        return self.after_clock.position(at) - (self.after_span if self.to_finish else 0)

    def pull(self, start: int) -> int:
        """The latest start of the predecessor that lets the successor start there."""
        wanted = start + self.after_span if self.to_finish else start
        if self.lag and not self.is_elapsed:
            if self.lag_clock is self.after_clock:
                latest = self.after_clock.start_at(wanted - self.lag)
            else:
                at = self.lag_clock.position(self.after_clock.start_at(wanted)) - self.lag
                latest = self.lag_clock.start_at(at)
        else:
            latest = self.after_clock.start_at(wanted) - self.lag
        position = self.before_clock.position(latest)
        if self.from_finish:
            return position - self.before_span
        return position if self.before_clock.start_at(position) <= latest else position - 1
