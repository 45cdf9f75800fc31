"""Events: how a lower app tells the upper ones. `emit` writes an outbox row in the caller's transaction.

Handlers are mapped to names in `site.wiring` and run inside the transaction, so that books agree at commit
(approval posts its charge). What may happen later, a witness of all events queues as a job (webhooks).
"""

from quoin.base.events.emit import emit, emit_many, subscribe, witness

__all__ = ["emit", "emit_many", "subscribe", "witness"]
