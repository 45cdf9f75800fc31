"""Reads of compliance: the trail, the invariants, the seals."""
