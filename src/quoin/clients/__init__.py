"""Client organizations and their contacts."""
