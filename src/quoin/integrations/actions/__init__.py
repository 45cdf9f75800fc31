"""Commands of integrations."""

from quoin.integrations.actions.delivery import deliver, forget_old, resend_deliveries
from quoin.integrations.actions.endpoints import (
    NewWebhook,
    create_webhook,
    delete_webhook,
    edit_webhook,
    pause_webhook,
    reseal_webhooks,
    resume_webhook,
    rotate_webhook_secret,
    test_webhook,
)

__all__ = [
    "NewWebhook", "create_webhook", "delete_webhook", "deliver", "edit_webhook", "forget_old", "pause_webhook",
    "reseal_webhooks", "resend_deliveries", "resume_webhook", "rotate_webhook_secret", "test_webhook",
]  # fmt: skip
