"""Pure rules of billing: values in, values and their reasons out."""
