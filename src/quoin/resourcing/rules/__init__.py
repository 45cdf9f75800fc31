"""Pure rules of resourcing: no database, clock or chance."""
