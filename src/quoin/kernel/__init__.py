"""Values that every part of Quoin shares. Standard library only; no Django, no clock, no I/O."""
