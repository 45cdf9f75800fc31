"""Files that left the house."""
