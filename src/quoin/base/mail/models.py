"""The mail outbox."""

from typing import ClassVar

from django.db import models

from quoin.base.db.tenancy import TenantModel, tenant_table


class MailMessage(TenantModel):
    """A mail to be sent, and what became of it."""

    prefix = "msg"

    to = models.TextField()
    subject = models.TextField()
    text = models.TextField()
    about = models.TextField(default="")
    """Public id of the thing the mail is about."""
    file_ids = models.JSONField(default=list)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(default="")

    class Meta:
        constraints: ClassVar = tenant_table("base_mailmessage", audited=False)
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "queued_at"], condition=models.Q(sent_at=None), name="mail_unsent")
        ]
