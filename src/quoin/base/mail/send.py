"""Queueing and sending mail. A message is a row of the caller's transaction; a job sends it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.core.mail import EmailMessage

from quoin.base.actor import Actor
from quoin.base.files.models import StoredFile
from quoin.base.mail.models import MailMessage

MAX_ATTEMPTS = 10
_LONGEST_ERROR = 500


def queue_mail(
    actor: Actor, *, to: str, subject: str, text: str, about: str = "", file_ids: tuple[UUID, ...] = ()
) -> MailMessage:
    """Write a mail into the outbox of the running transaction."""
    return MailMessage.objects.create(
        to=to, subject=" ".join(subject.split()), text=text, about=about,
        file_ids=[str(file_id) for file_id in file_ids], queued_at=actor.now,
    )  # fmt: skip


def due_mail(limit: int = 50) -> list[MailMessage]:
    """Unsent messages of the tenant, each locked by this worker; a later try waits longer."""
    return list(
        MailMessage.objects.select_for_update(skip_locked=True)
        .filter(sent_at=None, attempts__lt=MAX_ATTEMPTS)
        .order_by("queued_at")[:limit]
    )


def send(message: MailMessage, actor: Actor) -> bool:
    """Send one message and note the result; False if the mail server refused it for now.

    The message id is the row's, so that a second sending after a crash is recognised as the same mail.
    """
    if actor.now < message.queued_at + _wait(message.attempts):
        return False
    mail = EmailMessage(
        message.subject, message.text, to=[message.to], headers={"Message-ID": f"<{message.public_id}@quoin>"}
    )
    for stored in StoredFile.objects.filter(id__in=[UUID(file_id) for file_id in message.file_ids]):
        mail.attach(stored.name, bytes(stored.content), stored.content_type)
    message.attempts += 1
    try:
        mail.send()
    except (OSError, ValueError) as fault:
        # The server's refusal, or an address that is none: either is this mail's own trouble and stops no other.
        message.error = str(fault)[:_LONGEST_ERROR]
    else:
        message.error, message.sent_at = "", actor.now
    message.save(update_fields=["attempts", "error", "sent_at"])
    return message.sent_at is not None


def _wait(attempts: int) -> timedelta:
    return timedelta(seconds=0 if attempts == 0 else 30 * 2 ** (attempts - 1))
