"""What the firm sells and at which price: offerings, rate cards, project templates."""
