"""Rules of projects, without a database."""
