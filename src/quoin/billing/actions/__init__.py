"""Commands on charges, invoices and payments."""
