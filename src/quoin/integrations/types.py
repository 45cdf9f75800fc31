"""What a delivery can come to, and the refusals of integrations."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DeliveryStatus(StrEnum):
    """`held` waits for its paused endpoint, `failed` has used up all tries."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the receiver said, or why nothing could be sent. `status` is 0 without an answer."""

    status: int
    body: str = ""
    error: str = ""
    retry_after_seconds: int = 0
    milliseconds: int = 0

    @property
    def is_accepted(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - any 2xx is a yes

    @property
    def is_gone(self) -> bool:
        return self.status == 410  # noqa: PLR2004 - the receiver wants no more
