"""What billing hands to the outside world: e-invoice files, PDF, Factur-X."""
