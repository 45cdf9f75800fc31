"""Commands on time and expenses."""
