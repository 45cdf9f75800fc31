"""Migration: exports of other tools are read, matched with what is there, planned, and only then written."""
