"""When revenue is earned, and what stands on the balance sheet for it."""
