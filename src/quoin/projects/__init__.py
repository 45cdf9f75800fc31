"""Projects, their tasks and their members."""
