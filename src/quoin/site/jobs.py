"""Jobs of all apps, imported so that the worker knows them."""
