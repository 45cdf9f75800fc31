"""The audit trail: what was intended (AuditAction), what changed (AuditChange), and the seal over both."""
