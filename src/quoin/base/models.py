"""Tables of the platform, gathered from its parts so that Django finds them."""

from quoin.base.audit.models import AuditAction, AuditChange, AuditSeal
from quoin.base.events.models import Event
from quoin.base.files.models import StoredFile
from quoin.base.http.models import IdempotencyKey, RateBucket
from quoin.base.jobs.models import JobDone
from quoin.base.mail.models import MailMessage
from quoin.base.numbering import NumberSeries

__all__ = [
    "AuditAction",
    "AuditChange",
    "AuditSeal",
    "Event",
    "IdempotencyKey",
    "JobDone",
    "MailMessage",
    "NumberSeries",
    "RateBucket",
    "StoredFile",
]
