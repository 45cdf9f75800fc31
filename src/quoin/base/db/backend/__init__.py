"""Django's backend for PostgreSQL with pools that tell a dead connection without asking the server."""
