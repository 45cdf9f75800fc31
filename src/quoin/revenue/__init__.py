"""Revenue recognition, work in progress, deferred and unbilled revenue."""
