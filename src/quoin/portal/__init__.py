"""The web face for clients: a link to an invoice and the hours behind it."""
