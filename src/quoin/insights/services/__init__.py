"""What commands of insights do together."""
