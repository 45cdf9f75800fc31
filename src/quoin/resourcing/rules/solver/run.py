"""One search under way: the clock, the best answer and bound so far, cancelling; shared by its threads."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from quoin.resourcing.rules.solver.values import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from quoin.resourcing.rules.solver.values import Effort

T = TypeVar("T")


class Run(Generic[T]):
    """Keeps the answer of smallest value; an offer that is not better changes nothing."""

    def __init__(self, effort: Effort, *, bound: int) -> None:
        self.effort = effort
        self.bound = bound
        self.best: T | None = None
        self.value: int | None = None
        self.history: list[Step] = []
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._halts: list[tuple[Callable[[], None], bool]] = []

    @property
    def is_counted(self) -> bool:
        """Limited by work, so that no decision may look at the clock."""
        return self.effort.work is not None

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    @property
    def left(self) -> float:
        """Seconds left; a counted run has no clock to run out of."""
        return float("inf") if self.is_counted else max(0.0, self.effort.seconds - self.seconds)

    @property
    def is_closed(self) -> bool:
        return self.value is not None and self.value <= self.bound

    @property
    def is_over(self) -> bool:
        return self.is_closed or self.left <= 0 or self.effort.cancelled()

    def offer(self, value: int, answer: T) -> bool:
        with self._lock:
            if self.value is not None and value >= self.value:
                return False
            self.value, self.best = value, answer
            self._tell()
        self.halt()
        return True

    def raise_bound(self, bound: int) -> None:
        with self._lock:
            if bound > self.bound:
                self.bound = bound
                if self.value is not None:
                    self._tell()
        if self.is_closed:
            self.halt()

    def on_news(self, halt: Callable[[], None], *, is_patient: bool) -> Callable[[], None]:
        """Call `halt` when the run is over, and, unless patient, at each better answer; the result takes it back."""
        entry = (halt, is_patient)
        self._halts.append(entry)
        return lambda: self._halts.remove(entry)

    def halt(self) -> None:
        """Ask whatever is being solved to stop and look again; the patient only stop for good."""
        is_over = self.is_over
        for halt, is_patient in tuple(self._halts):
            if is_over or not is_patient:
                halt()

    def _tell(self) -> None:
        assert self.value is not None
        step = Step(seconds=round(self.seconds, 3), value=self.value, bound=min(self.bound, self.value))
        self.history.append(step)
        self.effort.progress(step)


def together(run: Run[Any], jobs: Iterable[Callable[[], None]]) -> None:
    """Run each job in a thread of its own until all are done; what is being solved stops soon after the run is over."""
    with ThreadPoolExecutor() as pool:
        waiting = {pool.submit(job) for job in jobs}
        while waiting:
            finished, waiting = wait(waiting, timeout=0.1)
            for future in finished:
                future.result()
            if run.is_over:
                run.halt()
