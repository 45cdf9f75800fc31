"""Time and expenses from entry to approval."""
