"""Tasks, precedence and shared capacity: compiled schedule generation, breeding, and proofs by CP-SAT."""
