"""Tasks that need people with skills: compiled schedule generation with matching, annealing, and CP-SAT."""
