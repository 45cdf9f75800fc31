"""Jobs on PostgreSQL: deferred in the caller's transaction, run at least once, with exactly one effect.

`@job("billing.invoice.mail")` marks a function in an app's tasks.py and
`defer(actor, "billing.invoice.mail", invoice_id=…)` queues it. Arguments are ids and other JSON values.
`site.jobs` imports all tasks.
"""

from quoin.base.jobs.fence import take_over
from quoin.base.jobs.run import defer, defer_as_system, every, job

__all__ = ["defer", "defer_as_system", "every", "job", "take_over"]
