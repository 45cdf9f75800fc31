"""The untrusted file outside: bytes are checked, decoded and cut into tables before a rule sees them."""
