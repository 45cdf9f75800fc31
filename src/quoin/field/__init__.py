"""Work at the client's place: equipment deliveries, site visits, technicians and what they share."""
