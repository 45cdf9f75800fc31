"""Writing an import and taking it back, for this app's actions."""
