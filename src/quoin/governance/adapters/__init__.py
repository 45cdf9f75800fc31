"""Outside forms of governance: the printed status report."""
