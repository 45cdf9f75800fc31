"""Rules of project governance."""
