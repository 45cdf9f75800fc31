"""Attachments: bytes with a name, kept in the database so that a backup is whole."""
