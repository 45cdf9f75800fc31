"""Events: how a lower app tells the upper ones. `emit` writes an outbox row in the caller's transaction.

Handlers are mapped to names in `site.wiring`. One kind runs inside the transaction, when books must
agree at commit (approval posts its charge); the other runs as a job, each idempotent by event id.
"""

from quoin.base.events.emit import emit, emit_many, subscribe, witness

__all__ = ["emit", "emit_many", "subscribe", "witness"]
