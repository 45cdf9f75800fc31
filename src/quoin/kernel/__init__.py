"""Values that every part of Quoin shares. Standard library (and its typing back-ports) only; no Django, no clock."""
