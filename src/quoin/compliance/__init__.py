"""Reading the audit trail, invariants, seals and personal data requests."""
