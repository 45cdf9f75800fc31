"""Commands on rate cards, expense categories and project templates."""
