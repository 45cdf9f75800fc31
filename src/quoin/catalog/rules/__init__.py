"""Which rate applies, why, and what a new version would change."""
