"""Public scheduling instances: readers, validators written from the problem definitions, best known values."""
