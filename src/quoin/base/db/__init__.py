"""Tables that belong to tenants: keys, references, row security, change trail, and the tenant of the moment."""
