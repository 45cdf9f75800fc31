"""Commands of insights: scenarios."""
