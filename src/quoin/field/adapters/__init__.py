"""Outside forms of field work: the printed acceptance certificate."""
