"""Commands on revenue."""
