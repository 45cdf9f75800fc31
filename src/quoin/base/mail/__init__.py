"""Mail: an outbox row in the caller's transaction, sent by a job through console or SMTP."""
