"""Pure rules of time and expenses."""
